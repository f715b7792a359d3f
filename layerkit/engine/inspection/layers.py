"""Checks of layers: what they return, what they must not write, and where their buffers are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from typing_extensions import TypeIs

from layerkit.arrays import Array, fits, is_array
from layerkit.contracts.activation import Activation, ActivationConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.engine.inspection.arrays import (
    Untouched,
    check_array,
    check_finite,
    is_tame,
    origin_of,
)
from layerkit.engine.inspection.watch import Check
from layerkit.guard import fault


class LayerInspection:
    """The checks of layers, inner ones too, that work on one batch.

    Parameters
    ----------
    layers
        All that have memory in common, or work at the same time: those of every shard.
    """

    def __init__(self, layers: Sequence[Layer[LayerConfig]]) -> None:
        owners = _Owners()
        parents = {(id(each.context.memory), each.context.path): each for each in layers}
        self._checked = [_CheckedLayer(each, owners, _parent(each, parents)) for each in layers]

    def checks(self) -> Iterator[Check]:
        """Yield the checks that stand in for the layers' methods."""
        for checked in self._checked:
            yield from checked.checks()

    def finish(self) -> None:
        """Check, once gradients are there, that ``backward`` reached every layer.

        Raises
        ------
        PluginError
            If a composite left some of its layers out.
        """
        for checked in self._checked:
            checked.check_reached()


def _parent(
    layer: Layer[LayerConfig], layers: Mapping[tuple[int, str], Layer[LayerConfig]]
) -> Layer[LayerConfig]:
    """Return the composite that a layer is in; itself if it is in none."""
    above, _, _ = layer.context.path.rpartition(".")
    return layers.get((id(layer.context.memory), above), layer)


class _Owners:
    """Which layer has the memory that outputs lie in."""

    def __init__(self) -> None:
        self._owners: dict[int, tuple[Array, Layer[LayerConfig]]] = {}

    def claim(self, layer: Layer[LayerConfig], x: Array, y: Array) -> None:
        """Check that an output lies in the layer's own memory, or in that of its input."""
        origin = origin_of(y)
        if origin is origin_of(x):
            return
        _, owner = self._owners.setdefault(id(origin), (origin, layer))
        if owner is not layer and not _is_inside(owner, layer):
            raise fault(
                layer,
                f"expected the output of {layer.context.path} in memory of its own, found it in "
                f"that of {owner.context.path}: make buffers in '__init__', with context.buffer",
            )

    def owner_of(self, array: Array) -> Layer[LayerConfig] | None:
        """Return the layer whose memory an array lies in, if it is any's."""
        found = self._owners.get(id(origin_of(array)))
        return None if found is None else found[1]


def _is_inside(one: Layer[LayerConfig], other: Layer[LayerConfig]) -> bool:
    """Tell whether one of two layers is inside the other."""
    if one.context.memory is not other.context.memory:
        return False
    paths = sorted((f"{one.context.path}.", f"{other.context.path}."), key=len)
    return paths[1].startswith(paths[0])


class _CheckedLayer:
    """What stands in for the methods of one layer."""

    def __init__(
        self, layer: Layer[LayerConfig], owners: _Owners, parent: Layer[LayerConfig]
    ) -> None:
        self._layer = layer
        self._owners = owners
        self._parent = parent
        self._forward = layer.forward
        self._backward = layer.backward
        context = layer.context
        self._values = {f"parameter '{name}'": each.value for name, each in context.params.items()}
        self._states = {f"state '{name}'": each for name, each in context.state.items()}
        self._trained = {
            name: each.grad
            for name, each in context.params.items()
            if f"{context.path}.{name}" in context.memory.trainable
        }
        self._x: Array | None = None
        self._untouched: Untouched | None = None
        self._reached = False

    def checks(self) -> Iterator[Check]:
        """Yield the checks of the layer's methods."""
        layer = self._layer
        yield Check(layer, "forward", self.forward)
        if layer.context.trains:
            yield Check(layer, "backward", self.backward)
        if _is_activation(layer):
            yield from _activation_checks(layer)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Call ``forward``; check its output, and that it writes nothing else."""
        layer, context = self._layer, self._layer.context
        self._check_input(x)
        kept: dict[str, Array | None] = {"its input": x, **self._values}
        if not training:
            kept |= self._states
        untouched = Untouched(layer, "forward", kept)
        fills = layer.config.missing_values() == "fills"
        given = np.nan_to_num(x, nan=0.0) if fills else x
        sources = (given, *self._values.values(), *self._states.values())
        tame = is_tame(*sources)
        added_loss = context.memory.added_loss
        before = added_loss.total
        y = self._forward(x, training=training)
        check_array(layer, "forward", y, (len(x), *context.output_shape), context.dtype)
        untouched.check()
        if tame:
            check_finite(layer, "the output", y)
            for name, state in self._states.items():
                check_finite(layer, name, state)
            if math.isfinite(before):
                check_finite(layer, "what it adds to the loss", np.asarray(added_loss.total))
        self._owners.claim(layer, x, y)
        self._x = x
        self._untouched = Untouched(layer, "backward", {"its input": x, **self._values})
        return y

    def backward(self, dy: Array) -> Array | None:
        """Call ``backward``; check the gradients that it returns and assigns."""
        layer, context, x = self._layer, self._layer.context, self._x
        if x is None or self._untouched is None:
            return self._backward(dy)
        self._reached = True
        if self._untouched.changed():
            # Nobody may write an output: somebody else has the same memory.
            raise fault(
                self._owners.owner_of(x) or layer,
                f"expected its output to be there still when {context.path}, which got it, works "
                "out its gradient; found it overwritten: make buffers in '__init__', with "
                "context.buffer",
            )
        tame = is_tame(dy, x, *self._values.values())
        for grad in self._trained.values():
            grad.fill(np.nan)
        count = len(dy)
        dx = self._backward(dy)
        self._untouched.check()
        if context.input_grad is not None:
            shape = (count, *context.input_shape)
            check_array(layer, "backward", dx, shape, context.dtype)
        for name, grad in self._trained.items():
            if tame and np.isnan(grad).any():
                reason = "a number for every value; it must assign all of them, never add"
                what = f"the gradient of parameter '{name}'"
                raise fault(layer, f"expected 'backward' to make {what} {reason}; found nan")
        if tame and dx is not None and context.input_grad is not None:
            check_finite(layer, "the gradient that 'backward' returns", dx)
        return dx

    def check_reached(self) -> None:
        """Check that ``backward`` was called, if it has parameters that training changes."""
        if self._trained and self._x is not None and not self._reached:
            path = self._layer.context.path
            raise fault(
                self._parent,
                f"expected 'backward' to reach every layer inside, found that it left out {path}, "
                "whose parameters are to be trained",
            )

    def _check_input(self, x: object) -> None:
        context = self._layer.context
        capacity, shape, dtype = context.capacity, context.input_shape, context.dtype
        count = len(x) if is_array(x) and x.ndim else 0
        if self._parent is not self._layer and not (
            fits(x, (count, *shape), dtype) and count <= capacity
        ):
            raise fault(
                self._parent,
                f"expected it to give {context.path} an array of shape {('n', *shape)} and "
                f"{dtype}, n at most {capacity}; found another",
            )


def _is_activation(layer: Layer[LayerConfig]) -> TypeIs[Activation[ActivationConfig]]:
    return isinstance(layer, Activation)


def _activation_checks(layer: Activation[ActivationConfig]) -> Iterator[Check]:
    """Yield the checks that an activation writes what it is asked for, into ``out``."""
    value, derivative = layer.value, layer.derivative

    def checked_value(x: Array, out: Array) -> None:
        out.fill(np.nan)
        value(x, out)
        check_finite(layer, "what 'value' writes into 'out'", out, x)

    def checked_derivative(x: Array, y: Array, out: Array) -> None:
        out.fill(np.nan)
        derivative(x, y, out)
        check_finite(layer, "what 'derivative' writes into 'out'", out, x)

    yield Check(layer, "value", checked_value)
    yield Check(layer, "derivative", checked_derivative)
