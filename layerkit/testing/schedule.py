"""`check_schedule`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from layerkit.contracts.events import EpochEnded
from layerkit.contracts.schedule import SCHEDULES, Schedule, ScheduleConfig, ScheduleContext
from layerkit.state import restore, saved
from layerkit.testing.case import Case, checks_on
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.expect import expect_number
from layerkit.testing.sampling import no_global_randomness

FIGURES: Mapping[str, bool] = {"loss": False, "accuracy": True}
"""The validation figures that a schedule gets by default."""


def check_schedule(
    schedule: str | Mapping[str, object] | ScheduleConfig,
    *,
    learning_rate: float = 0.1,
    steps_per_epoch: int = 7,
    epochs: int = 5,
    figures: Mapping[str, bool] = FIGURES,
) -> None:
    """Check that a schedule keeps its contract: a rate for every step, in any order.

    The figures of the epochs that it gets improve twice, and then get worse.

    Parameters
    ----------
    schedule
        Name, table or config.
    learning_rate, steps_per_epoch, epochs
        The run that it is given.
    figures
        The figures that it gets; True: higher is better.

    Raises
    ------
    AssertionError
        If a check fails; the message begins with the check's name.
    """
    case = case_of_schedule(
        schedule,
        learning_rate=learning_rate,
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        figures=figures,
    )
    case.check()


def case_of_schedule(
    schedule: str | Mapping[str, object] | ScheduleConfig,
    *,
    learning_rate: float = 0.1,
    steps_per_epoch: int = 7,
    epochs: int = 5,
    figures: Mapping[str, bool] = FIGURES,
) -> Case:
    """Return the case that `check_schedule` checks; see there."""
    config = config_of(SCHEDULES, schedule)
    what = f"schedule '{config.type_name()}'"
    context = ScheduleContext(learning_rate, steps_per_epoch, epochs, figures)
    checks = checks_on(what, config, CONFIG_CHECKS)
    checks += checks_on(what, ScheduleCase(config, context), SCHEDULE_CHECKS)
    return Case(config, what, checks)


@dataclass(frozen=True, slots=True)
class ScheduleCase:
    """What `check_schedule` was asked to check."""

    config: ScheduleConfig
    context: ScheduleContext

    @property
    def steps(self) -> range:
        """Every step of the run."""
        return range(self.context.steps)

    def schedule(self, observed: int = 0) -> Schedule[ScheduleConfig]:
        """Return a new schedule after that many epochs."""
        schedule = self.config.build(self.context)
        for event in self.epochs(schedule, range(1, observed + 1)):
            schedule.observe(event)
        return schedule

    def epochs(self, schedule: Schedule[ScheduleConfig], epochs: range) -> Iterator[EpochEnded]:
        """Yield the events of some epochs, as a run under that schedule would make them."""
        for epoch in epochs:
            badness = 1 / epoch if epoch < 3 else float(epoch)
            validation = {
                name: 1 / badness if higher_is_better else badness
                for name, higher_is_better in self.context.figures.items()
            }
            step = epoch * self.context.steps_per_epoch
            yield EpochEnded(
                epoch=epoch,
                step=step,
                learning_rate=schedule(step - 1),
                train={"loss": badness, "penalty": 0.0},
                validation=validation,
                seconds=1.0,
                examples_per_second=100.0,
            )


def rates_are_numbers(case: ScheduleCase) -> None:
    """Check that every step has a finite rate from 0, as a Python float, also after epochs."""
    for observed in (0, case.context.epochs):
        schedule = case.schedule(observed)
        for step in case.steps:
            rate = schedule(step)
            expect_number(f"learning rate of step {step}", rate)
            if rate < 0:
                raise AssertionError(f"learning rate of step {step}: expected from 0, found {rate}")


def short_runs(case: ScheduleCase) -> None:
    """Check that runs of one step, of one epoch, and of one step an epoch have rates too."""
    context = case.context
    for steps, epochs in ((1, 1), (context.steps_per_epoch, 1), (1, context.epochs)):
        short = ScheduleCase(case.config, replace(context, steps_per_epoch=steps, epochs=epochs))
        try:
            rates_are_numbers(short)
        except Exception as error:
            run = f"a run of {epochs} epochs of {steps} steps"
            raise AssertionError(f"{run}: {type(error).__name__}: {error}") from error


def rates_are_repeatable(case: ScheduleCase) -> None:
    """Check that a new schedule gives the same rates, with nothing drawn at random."""
    with no_global_randomness():
        for observed in range(case.context.epochs + 1):
            first, again = case.schedule(observed), case.schedule(observed)
            for step in case.steps:
                _expect_rate(step, first(step), again(step))


def order_does_not_matter(case: ScheduleCase) -> None:
    """Check that between two epochs a step's rate does not depend on what was asked before."""
    for observed in range(case.context.epochs + 1):
        ordered = case.schedule(observed)
        rates = [ordered(step) for step in case.steps]
        backwards = case.schedule(observed)
        for step in reversed(case.steps):
            _expect_rate(step, rates[step], backwards(step))
        for step in case.steps:
            _expect_rate(step, rates[step], case.schedule(observed)(step))


def past_rates_stay(case: ScheduleCase) -> None:
    """Check that an epoch changes nothing about the steps before it ended."""
    schedule = case.schedule()
    for event in case.epochs(schedule, range(1, case.context.epochs + 1)):
        before = [schedule(step) for step in range(event.step)]
        schedule.observe(event)
        for step, rate in enumerate(before):
            _expect_rate(step, rate, schedule(step), f" once epoch {event.epoch} has ended")


def state_survives_a_restart(case: ScheduleCase) -> None:
    """Check that a new schedule with the state of another goes on as that one does."""
    last = case.context.epochs
    for observed in range(last + 1):
        going_on, restarted = case.schedule(observed), case.schedule()
        state = going_on.state()
        if state is not None:
            fresh = restarted.state()
            if fresh is None or fresh is not restarted.state():
                raise AssertionError("state(): expected the same object at every call")
            restore(fresh, *saved(state))
        for epoch in range(observed, last + 1):
            for step in case.steps[epoch * case.context.steps_per_epoch :]:
                where = f" in epoch {epoch + 1}, restarted after epoch {observed}"
                _expect_rate(step, going_on(step), restarted(step), where)
            for event in case.epochs(going_on, range(epoch + 1, min(epoch + 1, last) + 1)):
                going_on.observe(event)
                restarted.observe(event)


def state_fits_a_longer_run(case: ScheduleCase) -> None:
    """Check that a run that is resumed for more epochs can take the state."""
    state = case.schedule(case.context.epochs).state()
    if state is not None:
        longer = case.config.build(replace(case.context, epochs=case.context.epochs + 3))
        fresh = longer.state()
        if fresh is None:
            raise AssertionError("state(): expected a state in a longer run too, found None")
        restore(fresh, *saved(state))


def _expect_rate(step: int, expected: float, found: float, where: str = "") -> None:
    if found != expected:
        raise AssertionError(
            f"learning rate of step {step}{where}: expected {expected}, found {found}"
        )


SCHEDULE_CHECKS = (
    rates_are_numbers,
    short_runs,
    rates_are_repeatable,
    order_does_not_matter,
    past_rates_stay,
    state_survives_a_restart,
    state_fits_a_longer_run,
)
