"""What activations and schedules look like, computed by the components themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from layerkit.component import Config
from layerkit.contracts.activation import ActivationConfig
from layerkit.contracts.events import EpochEnded
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.schedule import ScheduleConfig, ScheduleContext
from layerkit.fields import SpecContext
from layerkit.randomness import generator
from layerkit.registry import Registry
from layerkit.schema.examples import example_of
from layerkit.schema.options import value_text
from layerkit.testing.build import build_layer
from tools.components.svg import Line, plot

EDGE, _STEPS_PER_UNIT = 4, 25
EPOCHS = 20
_STEPS_PER_EPOCH = 20
STALLS_AFTER = 6
"""Epochs for which the validation loss improves, where a schedule watches it."""

_LEARNED = {"prelu"}
"""Layers that are drawn like activations, though they have parameters: as they are at first."""

_SCHEDULES: Mapping[str, Sequence[Mapping[str, object]]] = {
    "cosine": ({}, {"epochs": 5, "factor": 0.7}),
    "exponential": ({"factor": 0.8, "epochs": 1},),
    "inverse_time": ({"decay": 0.2}, {"decay": 0.02, "compound": True}),
    "multi_step": ({"epochs": [8, 14], "factor": 0.3},),
    "one_cycle": ({}, {"anneal": "linear"}),
    "piecewise": (
        {"epochs": [0, 5, 12], "factors": [0.2, 1.0, 0.1]},
        {"epochs": [0, 5, 12], "factors": [0.2, 1.0, 0.1], "interpolate": "linear"},
    ),
    "polynomial": ({}, {"power": 2.0}),
    "reduce_on_plateau": ({"patience": 3, "factor": 0.5},),
    "step": ({"epochs": 5, "factor": 0.5},),
    "warmup": ({"epochs": 4}, {"epochs": 4, "schedule": "cosine"}),
}
"""Options that show what a schedule does; of the others, those of its example are drawn."""


def plot_of(config: type[Config], registry: Registry) -> str | None:
    """Return the plot of an activation or a schedule as SVG; None of any other component."""
    name = str(config.type_name())
    example = example_of(config, registry) or {}
    context = SpecContext(registry, Path())
    if issubclass(config, ScheduleConfig):
        tables = [{"type": name, **table} for table in _SCHEDULES.get(name, (example,))]
        found = {
            _line_name(table, tables[0]): config.model_validate(table, context=context)
            for table in tables
        }
        return _schedule_plot(found)
    if issubclass(config, ActivationConfig) or name in _LEARNED:
        required = any(field.is_required() for field in config.model_fields.values())
        table = example if required else {"type": name}
        return _activation_plot(config.model_validate(table, context=context))
    return None


def _line_name(table: Mapping[str, object], first: Mapping[str, object]) -> str:
    """Return the options of a schedule as a spec has them, of further lines what is different."""
    is_first = table is first
    different = {
        name: value for name, value in table.items() if is_first or first.get(name) != value
    }
    pairs = [f"{name} = {value_text(value)}" for name, value in different.items() if name != "type"]
    with_shared = len(table) > len(pairs) + 1
    return ("with " if with_shared else "") + ", ".join(pairs) if pairs else str(table["type"])


def _activation_plot(config: Config) -> str:
    """Return value and derivative of a layer that works on every element for itself."""
    if not isinstance(config, LayerConfig):
        raise TypeError(f"expected a layer, found {config.display_name}")
    count = 2 * EDGE * _STEPS_PER_UNIT + 1
    x = np.linspace(-EDGE, EDGE, count)[:, np.newaxis]
    layer = build_layer(config, input_shape=(1,), batch_size=count)
    for name, planned in config.plan((1,)).params.items():
        value = layer.context.params[name].value
        planned.initializer.build().fill(value, planned.fan, generator(0, "plot"))
    y = layer.forward(x, training=True).copy()
    derivative = layer.backward(np.ones_like(y))
    if derivative is None:
        raise TypeError(f"{config.display_name} has no gradient with respect to its input")
    xs: list[float] = x[:, 0].tolist()
    lines = [Line("value", xs, y[:, 0].tolist()), Line("derivative", xs, derivative[:, 0].tolist())]
    return plot(f"{config.display_name} and its derivative from -{EDGE} to {EDGE}", lines)


def _schedule_plot(configs: Mapping[str, ScheduleConfig]) -> str:
    """Return the number at every step of a run, as a multiple of what the spec gives."""
    lines: list[Line] = []
    for name, config in configs.items():
        xs, rates = _rates(config)
        lines.append(Line(name, xs, rates))
    name = next(iter(configs.values())).display_name
    return plot(f"{name} over {EPOCHS} epochs", lines, "epoch")


def _rates(config: ScheduleConfig) -> tuple[list[float], list[float]]:
    """Return the epochs gone by at every step, and the number of the schedule."""
    schedule = config.build(ScheduleContext(1.0, _STEPS_PER_EPOCH, EPOCHS, {"loss": False}))
    xs: list[float] = []
    rates: list[float] = []
    for epoch in range(1, EPOCHS + 1):
        first = (epoch - 1) * _STEPS_PER_EPOCH
        for step in range(first, first + _STEPS_PER_EPOCH):
            xs.append(step / _STEPS_PER_EPOCH)
            rates.append(schedule(step))
        loss = 1 / min(epoch, STALLS_AFTER)
        schedule.observe(
            EpochEnded(
                epoch=epoch,
                step=first + _STEPS_PER_EPOCH,
                learning_rate=rates[-1],
                train={"loss": loss, "penalty": 0.0},
                validation={"loss": loss},
                seconds=1.0,
                examples_per_second=1.0,
            )
        )
    return xs, rates
