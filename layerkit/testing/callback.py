"""`check_callback`."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import final

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.callback import CALLBACKS, Callback, CallbackConfig, Run
from layerkit.contracts.events import (
    EpochEnded,
    EpochStarted,
    StepEnded,
    TrainingEnded,
    TrainingStarted,
    ValidationStarted,
)
from layerkit.engine.data import load_data
from layerkit.engine.network import Network
from layerkit.engine.trainer import Trainer
from layerkit.plan.network import plan_network
from layerkit.spec.diagnostics import SpecError
from layerkit.state import State, restore, saved
from layerkit.testing.callback_case import CallbackCase
from layerkit.testing.case import Case, checks_on
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.expect import expect_all_same, expect_equal
from layerkit.testing.sampling import no_global_randomness

END = "the end"


def check_callback(
    callback: str | Mapping[str, object] | CallbackConfig, *, epochs: int = 4, seed: int = 0
) -> None:
    """Check that a callback keeps its contract, in runs of a small network on made-up data.

    The data have the figures ``loss`` and ``accuracy``, and every epoch has 3 steps.

    Parameters
    ----------
    callback
        Name, table or config.
    epochs
        Length of the runs; as many as it takes for the callback to do what it does.
    seed
        Of the runs.

    Raises
    ------
    AssertionError
        If a check fails; the message begins with the check's name.
    """
    case_of_callback(callback, epochs=epochs, seed=seed).check()


def case_of_callback(
    callback: str | Mapping[str, object] | CallbackConfig, *, epochs: int = 4, seed: int = 0
) -> Case:
    """Return the case that `check_callback` checks; see there."""
    config = config_of(CALLBACKS, callback)
    what = f"callback '{config.type_name()}'"
    checks = checks_on(what, config, CONFIG_CHECKS)
    checks += checks_on(what, CallbackCase(config, epochs, seed), CALLBACK_CHECKS)
    return Case(config, what, checks)


def fits_the_run(case: CallbackCase) -> None:
    """Check that planning accepts the callback in a run with validation examples and accuracy."""
    plan_network(case.spec())


def takes_every_event(case: CallbackCase) -> None:
    """Check that a run goes through, one with a directory and one without."""
    with no_global_randomness():
        case.run()
        with tempfile.TemporaryDirectory() as directory:
            case.run(directory=Path(directory))


def planning_knows(case: CallbackCase) -> None:
    """Check that planning refuses the runs that the callback cannot work in.

    A run without metrics, and one without validation examples, must either be refused with a
    `ShapeError` of the config's ``check``, or come to its end.
    """
    data = case.spec().data.model_copy(update={"validation": 0})
    for which, spec in (
        ("metrics", case.spec(metrics=())),
        ("validation examples", case.spec(data=data)),
    ):
        try:
            plan_network(spec)
        except SpecError:
            continue
        try:
            case.run(spec)
        except Exception as error:
            raise AssertionError(
                f"expected check to refuse a run without {which}, which fails with "
                f"{type(error).__name__}: {error}"
            ) from error


def leaves_parameters_alone(case: CallbackCase) -> None:
    """Check that parameters and layers' state are those of a run without the callback.

    Configs with ``changes_parameters`` may change them.
    """
    if case.config.changes_parameters:
        return
    plain, copied = _Copies(), _Copies()
    spec = case.spec(callbacks=())
    network = Network(plan_network(spec))
    Trainer(network, load_data(network.plan), [plain]).train()
    case.run(others=[copied])
    for event, arrays in copied.arrays.items():
        if event != END:  # which may have come earlier
            try:
                expect_all_same(plain.arrays[event], arrays)
            except AssertionError as failure:
                hint = "set changes_parameters on the config if it is meant to"
                raise AssertionError(f"after {event}: {failure}; {hint}") from failure


def state_can_be_saved(case: CallbackCase) -> None:
    """Check that ``state`` is one and the same object, whose fields can be saved and restored.

    Its arrays are its own: the engine restores them in place.
    """
    callback = case.config.build()
    network = Network(plan_network(case.spec(callbacks=())))
    Trainer(network, load_data(network.plan), [callback, _SameState(callback)]).train()
    state = callback.state()
    if state is None:
        return
    stored = saved(state)
    restore(state, *stored)
    expect_equal("numbers restored", stored[0], saved(state)[0])
    expect_all_same(stored[1], saved(state)[1])


def resumes_in_the_same_bits(case: CallbackCase) -> None:
    """Check that a run resumed from any event ends with the same bits as one without a pause."""
    with tempfile.TemporaryDirectory() as directory:
        save = _Save(Path(directory))
        straight = case.run(others=[save])
        for event, path in save.paths.items():
            resumed = case.run(resumed=path)
            try:
                expect_equal("epochs", straight.epochs, resumed.epochs)
                expect_equal(
                    "early end", straight.history.stopped_early, resumed.history.stopped_early
                )
                expect_all_same(straight.network.arrays, resumed.network.arrays)
                expect_equal("what it remembers", straight.numbers, resumed.numbers)
                expect_all_same(straight.remembered, resumed.remembered)
            except AssertionError as failure:
                hint = "state must have all that later events depend on"
                raise AssertionError(f"saved after {event}: {failure}; {hint}") from failure


def state_fits_a_longer_run(case: CallbackCase) -> None:
    """Check that a run that is resumed for more epochs can take the state."""
    with tempfile.TemporaryDirectory() as directory:
        save = _Save(Path(directory))
        case.run(others=[save])
        training = case.spec().training
        more = training.model_copy(update={"epochs": training.epochs + 2})
        case.run(case.spec(training=more), resumed=save.paths[END])


class _AtEveryEvent(Callback):
    """Does the same at every event, and keeps the name of the event for messages."""

    def __init__(self) -> None:
        self.run: Run | None = None

    def look(self, event: str, run: Run) -> None:
        """Do it; called at every event."""

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self.run = run
        self.look("the start", run)

    def epoch_started(self, event: EpochStarted) -> None:
        self._look(f"epoch {event.epoch} started")

    def step_ended(self, event: StepEnded) -> None:
        self._look(f"step {event.step}")

    def validation_started(self, event: ValidationStarted) -> None:
        self._look(f"validation {event.epoch} started")

    def epoch_ended(self, event: EpochEnded) -> None:
        self._look(f"epoch {event.epoch}")

    def training_ended(self, event: TrainingEnded) -> None:
        self._look(END)

    def _look(self, event: str) -> None:
        if self.run is not None:
            self.look(event, self.run)


@final
class _Copies(_AtEveryEvent):
    """Keeps the network's arrays at every event."""

    def __init__(self) -> None:
        super().__init__()
        self.arrays: dict[str, dict[str, Array]] = {}

    def look(self, event: str, run: Run) -> None:
        self.arrays[event] = {path: array.copy() for path, array in run.arrays.items()}


@final
class _SameState(_AtEveryEvent):
    """Checks that a callback has one state."""

    def __init__(self, callback: Callback) -> None:
        super().__init__()
        self._callback = callback
        self._state: State | None = None

    def look(self, event: str, run: Run) -> None:
        state = self._callback.state()
        if event == "the start":
            self._state = state
        if state is not self._state or state is not self._callback.state():
            raise AssertionError(f"expected the same state at every call, found another at {event}")
        if state is not None:
            _expect_own_memory(state, run)


def _expect_own_memory(state: State, run: Run) -> None:
    """Check that a state keeps copies, not views of the network's arrays."""
    arrays = {path: array.copy() for path, array in run.arrays.items()}
    before = saved(state)[1]
    for array in run.arrays.values():
        array.fill(np.nan)
    after = saved(state)[1]
    for path, array in run.arrays.items():
        np.copyto(array, arrays[path])
    try:
        expect_all_same(before, after)
    except AssertionError as failure:
        raise AssertionError(f"once the network's arrays were written to: {failure}") from failure


@final
class _Save(_AtEveryEvent):
    """Saves the run at every event."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self._directory = directory
        self.paths: dict[str, Path] = {}

    def look(self, event: str, run: Run) -> None:
        path = self._directory / event.replace(" ", "_")
        self.paths[event] = path
        run.save(path)


CALLBACK_CHECKS = (
    fits_the_run,
    takes_every_event,
    planning_knows,
    leaves_parameters_alone,
    state_can_be_saved,
    resumes_in_the_same_bits,
    state_fits_a_longer_run,
)
