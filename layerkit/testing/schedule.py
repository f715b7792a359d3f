"""`check_schedule`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from layerkit.contracts.schedule import SCHEDULES, Schedule, ScheduleConfig, ScheduleContext
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.expect import expect_number, run_checks
from layerkit.testing.sampling import no_global_randomness


def check_schedule(
    schedule: str | Mapping[str, object] | ScheduleConfig,
    *,
    learning_rate: float = 0.1,
    steps_per_epoch: int = 7,
    epochs: int = 5,
) -> None:
    """Check that a schedule keeps its contract: a rate for every step, whatever came before.

    Parameters
    ----------
    schedule
        Name, table or config.
    learning_rate, steps_per_epoch, epochs
        The run that it is given.

    Raises
    ------
    AssertionError
        If a check fails; the message begins with the check's name.
    """
    config = config_of(SCHEDULES, schedule)
    what = f"schedule '{config.type_name()}'"
    case = ScheduleCase(config, ScheduleContext(learning_rate, steps_per_epoch, epochs))
    run_checks(what, config, CONFIG_CHECKS)
    run_checks(what, case, SCHEDULE_CHECKS)


@dataclass(frozen=True, slots=True)
class ScheduleCase:
    """What `check_schedule` was asked to check."""

    config: ScheduleConfig
    context: ScheduleContext

    @property
    def steps(self) -> range:
        """Every step of the run."""
        return range(self.context.steps_per_epoch * self.context.epochs)

    def schedule(self) -> Schedule[ScheduleConfig]:
        """Return a new schedule."""
        return self.config.build(self.context)


def rates_are_numbers(case: ScheduleCase) -> None:
    """Check that every step has a finite rate from 0, as a Python float."""
    schedule = case.schedule()
    for step in case.steps:
        rate = schedule(step)
        expect_number(f"learning rate of step {step}", rate)
        if rate < 0:
            raise AssertionError(f"learning rate of step {step}: expected from 0, found {rate}")


def rates_are_repeatable(case: ScheduleCase) -> None:
    """Check that a new schedule gives the same rates, with nothing drawn at random."""
    with no_global_randomness():
        first, again = case.schedule(), case.schedule()
        for step in case.steps:
            _expect_rate(step, first(step), again(step))


def order_does_not_matter(case: ScheduleCase) -> None:
    """Check that a step's rate does not depend on which steps were asked about before."""
    ordered = case.schedule()
    rates = [ordered(step) for step in case.steps]
    backwards = case.schedule()
    for step in reversed(case.steps):
        _expect_rate(step, rates[step], backwards(step))
    for step in case.steps:
        _expect_rate(step, rates[step], case.schedule()(step))


def _expect_rate(step: int, expected: float, found: float) -> None:
    if found != expected:
        raise AssertionError(f"learning rate of step {step}: expected {expected}, found {found}")


SCHEDULE_CHECKS = (rates_are_numbers, rates_are_repeatable, order_does_not_matter)
