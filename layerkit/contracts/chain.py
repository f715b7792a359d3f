"""Layers one after another: the network itself, and what composites are made of."""

from __future__ import annotations

from abc import ABC
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NoReturn, TypeAlias, TypeVar

import numpy as np

from layerkit.arrays import Array, Shape, fits
from layerkit.component import Config
from layerkit.contracts.input_promises import (
    check_id_counts,
    check_missing_values,
    check_passed_inputs,
    check_vocabulary,
)
from layerkit.contracts.layer import Batches, Layer, LayerConfig
from layerkit.contracts.layer_context import LayerContext, LayerMemory
from layerkit.contracts.layer_plan import LayerPlan, PlannedLayer
from layerkit.contracts.promises import check_layer_plan
from layerkit.errors import PluginError, ShapeError, ShapeOrigin
from layerkit.guard import fault, plugin_errors, shown
from layerkit.values import is_tuple

Place: TypeAlias = tuple[str | int, ...]
"""The path of something below the config that holds it: ``("layers", 0)``."""


def plan_chain(
    layers: Sequence[LayerConfig],
    x: Shape,
    field: str = "layers",
    places: Sequence[Place] | None = None,
) -> LayerPlan:
    """Return the plan of layers one after another.

    Parameters
    ----------
    layers
        In their order; without any, the output is the input.
    x
        Per-example shape of the input of the first.
    field
        The field of the spec that holds them, for messages.
    places
        Where each layer is, below the composite; by default in ``field``, in this order.

    Raises
    ------
    ShapeError
        If a layer cannot work on its input shape; says which.
    """
    planned: list[PlannedLayer] = []
    shape, before, gets_inputs = x, None, True
    at = places or [(field, index) for index in range(len(layers))]
    for config, name, place in zip(layers, layer_names(layers), at, strict=True):
        try:
            with plugin_errors(config, ".".join(map(str, place))):
                plan = _plan_layer(config, shape, gets_inputs=gets_inputs)
                passed = check_passed_inputs(config, shape, plan.output)
        except ShapeError as error:
            reason, origin = shape_reason(config, error, shape), before
            if error.origin is not None:
                origin = replace(error.origin, at=(*place, *error.origin.at))
            raise ShapeError(reason, (*place, *error.at), error.hint, origin) from error
        planned.append(PlannedLayer(name, config, shape, plan))
        if plan.output != shape:  # a layer that keeps the shape is not where it comes from
            before = ShapeOrigin(plan.output, place, name)
        shape, gets_inputs = plan.output, gets_inputs and passed is not None
    return LayerPlan(shape, layers=tuple(planned))


def _plan_layer(config: LayerConfig, shape: Shape, *, gets_inputs: bool) -> LayerPlan:
    check_vocabulary(config)
    check_missing_values(config)
    if check_id_counts(config) is not None and not gets_inputs:
        raise ShapeError(f"{config.display_name} expects ids, which only the first layer gets")
    plan = config.plan(shape)
    check_layer_plan(config, plan, shape)
    return plan


def layer_names(layers: Sequence[LayerConfig]) -> tuple[str, ...]:
    """Return what paths call each layer: its name, or its type and number among that type."""
    seen = Counter[str]()
    names: list[str] = []
    for layer in layers:
        kind = layer.display_name
        seen[kind] += 1
        names.append(layer.name or f"{kind}_{seen[kind]}")
    return tuple(names)


def inner_chains(config: LayerConfig) -> Iterator[Sequence[tuple[Place, LayerConfig]]]:
    """Yield the layers in every list of layers among a composite's options, with their places.

    The first of each gets the composite's own input.
    """
    for option, value in config:
        yield from _chains(value, (option,))


def _chains(value: object, at: Place) -> Iterator[Sequence[tuple[Place, LayerConfig]]]:
    if isinstance(value, LayerConfig):
        yield [(at, value)]
    elif is_tuple(value):
        chain = [((*at, i), each) for i, each in enumerate(value) if isinstance(each, LayerConfig)]
        if chain:
            yield chain
        for index, each in enumerate(value):
            if is_tuple(each):
                yield from _chains(each, (*at, index))


def shape_reason(config: Config, error: ShapeError, shape: Shape) -> str:
    """Return a component's message about a shape; add its name and the shape if missing."""
    if error.at:
        return str(error)  # an inner layer's, which has them
    name, message = config.display_name, str(error).rstrip(". \n")
    if name not in message:
        message = f"{name}: {message}" if message else f"{name} expects another shape"
    tells = str(shape) in message or " found " in message
    return message if tells else f"{message}; found {shape}"


class Chain:
    """Layers one after another, with the memory that they work in.

    Parameters
    ----------
    context
        Of the composite that they are in.
    layers
        Some of the layers in ``context.plan``, in their order.
    input_grad
        Memory for the gradient with respect to the input of the first layer, or None if it is not
        needed.
    mask
        Which steps of the input count.
    """

    def __init__(
        self,
        context: LayerContext,
        layers: Sequence[PlannedLayer],
        input_grad: Array | None,
        mask: Array | None = None,
    ) -> None:
        self.layers: list[Layer[LayerConfig]] = []
        self.memory: LayerMemory = context.memory
        is_wanted = input_grad is not None
        for index, planned in enumerate(layers):
            grad = input_grad
            if index > 0:
                grad = context.buffer(planned.input_shape) if context.trains and is_wanted else None
            layer = context.build(planned, grad, mask)
            mask = layer.mask
            self.layers.append(layer)
            is_wanted = is_wanted or context.is_trained(planned)
        self.mask: Array | None = mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Return the outputs of the last layer; the next call overwrites them."""
        count = len(x)
        before: Layer[LayerConfig] | None = None
        try:
            for layer in self.layers:
                x = layer.forward(x, training=training)
                before = layer
        except Exception as error:
            if before is not None:
                check_output(before, x, count, error)
            raise
        return x

    def backward(self, dy: Array) -> Array | None:
        """Return the gradient with respect to the input of the first layer, None if unwanted.

        Works out the gradient of every parameter on the way.
        """
        count, dx = len(dy), dy
        above: Layer[LayerConfig] | None = None
        try:
            for layer in reversed(self.layers):
                found = layer.backward(dx)
                if found is None:
                    if layer.context.input_grad is not None:
                        _refuse_none(layer, count)
                    return None  # nothing further upstream is trained
                dx = found
                above = layer
        except Exception as error:
            if above is not None:
                check_input_grad(above, dx, count, error)
            raise
        return dx

    def adapt(self, batches: Batches) -> None:
        """Let every layer set its state from the inputs that it gets, in order."""
        for index, layer in enumerate(self.layers):
            layer.adapt(partial(self._reaching, index, batches))

    def recalibrate(self, batches: Batches) -> None:
        """Let every layer compute its running statistics again, in order."""
        for index, layer in enumerate(self.layers):
            layer.recalibrate(partial(self._reaching, index, batches))

    def _reaching(self, index: int, batches: Batches) -> Iterator[Array]:
        """Yield the inputs of the layer with that index, a batch at a time."""
        for x in batches():
            for layer in self.layers[:index]:
                x = layer.forward(x, training=False)  # noqa: PLW2901
            yield x


def check_output(layer: Layer[LayerConfig], y: object, count: int, error: Exception) -> None:
    """Check what a layer returned, where something that got it has failed.

    Raises
    ------
    PluginError
        If it is no array for ``count`` examples: then that is the reason, whoever failed.
    """
    _check_kind(layer, "forward", y, (count, *layer.context.output_shape), error)


def check_input_grad(layer: Layer[LayerConfig], dx: object, count: int, error: Exception) -> None:
    """Check the gradient that a layer returned, as `check_output` does its output."""
    _check_kind(layer, "backward", dx, (count, *layer.context.input_shape), error)


def _refuse_none(layer: Layer[LayerConfig], count: int) -> NoReturn:
    """Raise the fault of a layer that did not return the gradient that others need."""
    raise _kind_fault(layer, "backward", None, (count, *layer.context.input_shape))


def _check_kind(
    layer: Layer[LayerConfig], method: str, found: object, shape: Shape, error: Exception
) -> None:
    if not fits(found, shape, layer.context.dtype):
        raise _kind_fault(layer, method, found, shape) from error


def _kind_fault(layer: Layer[LayerConfig], method: str, found: object, shape: Shape) -> PluginError:
    expected = f"an array of shape {shape} and {layer.context.dtype}"
    return fault(layer, f"expected '{method}' to return {expected}, found {shown(found)}")


CompositeT_co = TypeVar("CompositeT_co", bound=LayerConfig, covariant=True)


class Composite(Layer[CompositeT_co], ABC):
    """A layer that is made of layers, in chains that each get the composite's own input.

    A subclass builds the chains in ``__init__`` and assigns them to ``self.chains``, so that
    `adapt` reaches every layer.
    """

    chains: Sequence[Chain] = ()

    def adapt(self, batches: Batches) -> None:
        """Let the layers of every chain set their state."""
        for chain in self.chains:
            chain.adapt(batches)

    def recalibrate(self, batches: Batches) -> None:
        """Let the layers of every chain compute their running statistics again."""
        for chain in self.chains:
            chain.recalibrate(batches)


def add_gradients(grads: Sequence[Array | None], out: Array | None) -> Array | None:
    """Write the sum of gradients into ``out``, and return it; None where it is not needed.

    Parameters
    ----------
    grads
        ``(n, ...)`` each; those that are None count as 0.
    out
        Memory of at least ``n`` rows, or None.
    """
    given = [grad for grad in grads if grad is not None]
    if out is None or not given:
        return None
    total = out[: len(given[0])]
    np.copyto(total, given[0])
    for grad in given[1:]:
        np.add(total, grad, out=total)
    return total
