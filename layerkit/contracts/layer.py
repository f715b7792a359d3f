"""Contract of layers: plan shapes without data, then run forward and backward in given memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias, TypeVar

import numpy as np
from pydantic import PlainValidator

from layerkit.arrays import Array, FloatType, Shape
from layerkit.component import Component, Config
from layerkit.contracts.initializer import Fan, InitializerConfig
from layerkit.fields import FromRegistry
from layerkit.problems import problem


def _layer_name(value: object) -> str:
    if isinstance(value, str) and value.isascii() and value.isidentifier():
        return value
    raise problem("wrong-value", "expected a name of letters, digits and underscores")


LayerName: TypeAlias = Annotated[str, PlainValidator(_layer_name)]


@dataclass(frozen=True, slots=True)
class ParameterPlan:
    """A parameter that a layer wants.

    Attributes
    ----------
    shape
        Its shape.
    initializer, fan
        What fills it before training, and for how many connections.
    decay
        Whether regularizers apply to it unless the spec says otherwise; False for biases.
    """

    shape: Shape
    initializer: InitializerConfig
    fan: Fan
    decay: bool = True


@dataclass(frozen=True, slots=True)
class StatePlan:
    """An array that a layer keeps and saves but that no optimizer touches: running means."""

    shape: Shape
    fill: float = 0.0


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """What a layer makes of one input shape: per-example output shape, parameters, state."""

    output: Shape
    params: Mapping[str, ParameterPlan] = field(default_factory=dict[str, ParameterPlan])
    state: Mapping[str, StatePlan] = field(default_factory=dict[str, StatePlan])


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter's values and their gradient, each a view into the network's flat vectors."""

    value: Array
    grad: Array


@dataclass(frozen=True, slots=True)
class LayerContext:
    """What a layer is built with: its shapes, its memory and its randomness.

    Attributes
    ----------
    input_shape, output_shape
        Per-example shapes, as planned.
    capacity
        The most examples that a batch will have. A batch may have fewer.
    dtype
        Of every array that comes in and goes out.
    params, state
        What the plan asked for, by name.
    rng
        The layer's own random generator; nothing else draws from it.
    input_grad
        Room for the gradient of the loss by the input, ``(capacity, *input_shape)``. None when
        nothing upstream has parameters: then nobody needs that gradient.
    """

    input_shape: Shape
    output_shape: Shape
    capacity: int
    dtype: FloatType
    params: Mapping[str, Parameter]
    state: Mapping[str, Array]
    rng: np.random.Generator
    input_grad: Array | None

    def buffer(self, shape: Shape) -> Array:
        """Return new memory for a batch of arrays of that per-example shape."""
        return np.zeros((self.capacity, *shape), self.dtype)


class LayerConfig(Config, ABC):
    """Base of layer configs; `plan` is the layer's arithmetic on shapes.

    Attributes
    ----------
    name
        What paths call the layer, such as ``encoder`` in ``encoder.weight``; by default its type
        and its number among the layers of that type: ``dense_1``.
    """

    name: LayerName | None = None

    @abstractmethod
    def plan(self, x: Shape) -> LayerPlan:
        """Return what the layer makes of a per-example input shape; allocates nothing.

        Raises
        ------
        ShapeError
            If the layer cannot work on that shape.
        """

    def build(self, context: LayerContext) -> Layer[LayerConfig]:
        """Return the layer that this config describes, with the memory of its context."""
        return Layer[LayerConfig].class_for(self)(self, context)


LAYERS = LayerConfig.define_kind("layer", "layerkit.layers")
AnyLayer: TypeAlias = Annotated[LayerConfig, FromRegistry(LAYERS)]
LayerT_co = TypeVar("LayerT_co", bound=LayerConfig, covariant=True)


class Layer(Component[LayerT_co], ABC):
    """One step of the network, with the memory it works in.

    Whatever `forward` and `backward` return may be a view of a buffer of the layer's own, which
    the next call overwrites.
    """

    def __init__(self, config: LayerT_co, context: LayerContext) -> None:
        super().__init__(config)
        self.context = context

    @abstractmethod
    def forward(self, x: Array, *, training: bool) -> Array:
        """Return the outputs ``(n, *output_shape)`` for inputs ``(n, *input_shape)``.

        Must not write ``x``, now or in `backward`: the layer before needs it for its own gradient.
        ``training`` is False in evaluation: dropout drops nothing then.
        """

    @abstractmethod
    def backward(self, dy: Array) -> Array | None:
        """Return the gradient with respect to the last input.

        Assigns (never adds to) the gradients of the layer's parameters. ``dy`` is the gradient with
        respect to the last output, which may be overwritten.
        Returns None when ``context.input_grad`` is None.
        """
