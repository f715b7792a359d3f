"""What a layer plans for one input shape: its output shape and the arrays that it wants."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layerkit.arrays import Shape
from layerkit.contracts.initializer import Fan, InitializerConfig

if TYPE_CHECKING:
    from layerkit.contracts.layer import LayerConfig


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
        Whether regularizers and weight decay apply to it unless the spec says otherwise; False for
        biases, and for scales and shifts of normalization.
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
    """The output shape and the arrays that a layer plans for one input shape.

    Attributes
    ----------
    output
        Per-example output shape.
    params, state
        The arrays that it wants, by name.
    layers
        The layers inside it, for a composite; see `plan_chain`.
    products
        Multiplications of its matrix products for one example. None: as many as a product of each
        parameter of two or more axes takes; composites add up those of their layers.
    workspace
        About how many values it keeps for one example while it trains, beside its output and the
        gradient of its input, and beside what layers inside it keep: gates of recurrent layers,
        weights of attention. For the memory estimate. Arrays of about the size of the output, such
        as a mask, need not be counted.
    """

    output: Shape
    params: Mapping[str, ParameterPlan] = field(default_factory=dict[str, ParameterPlan])
    state: Mapping[str, StatePlan] = field(default_factory=dict[str, StatePlan])
    layers: tuple[PlannedLayer, ...] = ()
    products: int | None = None
    workspace: int = 0

    def all_params(self) -> Iterator[tuple[str, ParameterPlan]]:
        """Yield every parameter, those of inner layers too, by its path below this layer."""
        yield from self.params.items()
        for layer in self.layers:
            for path, param in layer.plan.all_params():
                yield f"{layer.name}.{path}", param

    def all_state(self) -> Iterator[tuple[str, StatePlan]]:
        """Yield every array of state, those of inner layers too, by its path below this layer."""
        yield from self.state.items()
        for layer in self.layers:
            for path, state in layer.plan.all_state():
                yield f"{layer.name}.{path}", state

    @property
    def size(self) -> int:
        """Number of values in all parameters."""
        return sum(math.prod(param.shape) for _, param in self.all_params())


@dataclass(frozen=True, slots=True)
class PlannedLayer:
    """A layer with its name in paths, its input shape and what it plans to make of it."""

    name: str
    config: LayerConfig
    input_shape: Shape
    plan: LayerPlan

    def renamed(self, name: str) -> PlannedLayer:
        """Return the layer under another name, for composites that have several chains."""
        return PlannedLayer(name, self.config, self.input_shape, self.plan)
