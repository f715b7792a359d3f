"""The plan of the layers: shapes, threaded from the data to the output."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from layerkit.arrays import Shape
from layerkit.contracts.layer import LayerConfig, LayerPlan
from layerkit.errors import ShapeError
from layerkit.guard import plugin_errors
from layerkit.plan.checks import shape_reason
from layerkit.spec.diagnostics import Problem


@dataclass(frozen=True, slots=True)
class PlannedLayer:
    """A layer with its name in paths, its input shape and what it plans to make of it."""

    name: str
    config: LayerConfig
    input_shape: Shape
    plan: LayerPlan

    @property
    def size(self) -> int:
        """Number of trainable values."""
        return sum(math.prod(param.shape) for param in self.plan.params.values())


def plan_layers(
    configs: Sequence[LayerConfig], names: Sequence[str], shape: Shape
) -> tuple[tuple[PlannedLayer, ...], Problem | None]:
    """Thread the shape through the layers, up to the first that cannot work on what reaches it."""
    planned: list[PlannedLayer] = []
    before = "the data"
    for index, (config, name) in enumerate(zip(configs, names, strict=True)):
        try:
            with plugin_errors(f"layer '{config.display_name}' at layers.{index}"):
                plan = _plan_layer(config, shape)
        except ShapeError as error:
            reason = shape_reason(config, error, shape)
            hint = f"the shape {shape} comes from {before}"
            return tuple(planned), Problem(("layers", index), "shape", reason, hint)
        planned.append(PlannedLayer(name, config, shape, plan))
        shape, before = plan.output, f"layers.{index}, {name}"
    return tuple(planned), None


def _plan_layer(config: LayerConfig, shape: Shape) -> LayerPlan:
    """Return a layer's plan, after a look at all that it says."""
    plan = config.plan(shape)
    shapes = [param.shape for param in plan.params.values()]
    shapes += [state.shape for state in plan.state.values()]
    for planned in (plan.output, *shapes):
        if any(size < 1 for size in planned):
            raise ShapeError(
                f"{config.display_name} makes {planned} of {shape}, with nothing in it"
            )
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
