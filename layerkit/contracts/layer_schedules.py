"""Numbers of layers that change over a run, such as the rate of dropout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from layerkit.contracts.schedule import Schedule, ScheduleConfig, ScheduleContext


class Scheduled:
    """A number that may change from step to step.

    Attributes
    ----------
    value
        That of the step under way; in a chain that only evaluates, the one in the spec.
    """

    def __init__(self, value: float) -> None:
        self.value = value


class LayerSchedules:
    """The numbers of layers that schedules change, which all shards of a batch have in common.

    Parameters
    ----------
    context
        The run.
    """

    def __init__(self, context: ScheduleContext) -> None:
        self._context = context
        self._numbers: dict[str, _Number] = {}

    @property
    def schedules(self) -> Mapping[str, Schedule[ScheduleConfig]]:
        """Every schedule, by the path of what it changes: ``dropout_1.rate``."""
        return {path: each.schedule for path, each in self._numbers.items()}

    def scheduled(self, path: str, start: float, config: ScheduleConfig, below: float) -> Scheduled:
        """Return the number with that path, the same object at every call.

        Parameters
        ----------
        path
            Of the layer's option.
        start, config
            The number that the schedule changes, and the schedule.
        below
            What it must stay below; from 0.

        Raises
        ------
        UsageError
            If the schedule leaves that range within the run.
        """
        if path not in self._numbers:
            schedule = config.build(replace(self._context, start=start))
            self._numbers[path] = _Number(path, schedule, below)
        return self._numbers[path].scheduled

    def start(self, step: int) -> None:
        """Set every number to that of a step, counted from 1."""
        for each in self._numbers.values():
            each.start(step)


class _Number:
    """A number with its schedule and its range."""

    def __init__(self, option: str, schedule: Schedule[ScheduleConfig], below: float) -> None:
        self.schedule = schedule
        self._option, self._below = option, below
        schedule.check_range(option, below)
        self.scheduled = Scheduled(schedule.context.start)

    def start(self, step: int) -> None:
        """Set the number to that of a step, counted from 1."""
        self.scheduled.value = self.schedule.number(step - 1, self._option, self._below)
