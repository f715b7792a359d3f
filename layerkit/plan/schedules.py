"""The schedules of a spec: those of its optimizer, and those of its layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from layerkit.contracts.chain import Place, inner_chains
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.optimizer import OptimizerConfig
from layerkit.contracts.schedule import ScheduleConfig
from layerkit.errors import ShapeError
from layerkit.guard import plugin_errors
from layerkit.spec.diagnostics import Problem
from layerkit.spec.models import ModelSpec


def schedule_problems(
    spec: ModelSpec, figures: Mapping[str, bool], *, validates: bool
) -> Iterator[Problem]:
    """Yield schedules that cannot work in this run."""
    for place, schedule in schedules_within(spec):
        try:
            with plugin_errors(schedule, ".".join(map(str, place))):
                schedule.check(figures, validates=validates)
        except ShapeError as error:
            yield Problem((*place, *error.at), "wrong-value", str(error), error.hint)


def optimizers_within(
    optimizer: OptimizerConfig, place: tuple[str, ...] = ("optimizer",)
) -> Iterator[tuple[tuple[str, ...], OptimizerConfig]]:
    """Yield an optimizer and those that it holds, as lookahead does, each with its place."""
    yield place, optimizer
    for key, option in optimizer:
        inner: object = option
        if isinstance(inner, OptimizerConfig):
            yield from optimizers_within(inner, (*place, key))


def schedules_within(spec: ModelSpec) -> Iterator[tuple[Place, ScheduleConfig]]:
    """Yield every schedule of a spec with its place."""
    for place, each in optimizers_within(spec.optimizer):
        for key, option in each:
            schedule: object = option
            if isinstance(schedule, ScheduleConfig):
                yield (*place, key), schedule
    yield from _of_layers([(("layers", index), each) for index, each in enumerate(spec.layers)])


def _of_layers(
    chain: Sequence[tuple[Place, LayerConfig]],
) -> Iterator[tuple[Place, ScheduleConfig]]:
    for place, layer in chain:
        for key, option in layer:
            schedule: object = option
            if isinstance(schedule, ScheduleConfig):
                yield (*place, key), schedule
        for inner in inner_chains(layer):
            yield from _of_layers([((*place, *below), each) for below, each in inner])
