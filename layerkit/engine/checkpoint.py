"""All that must be saved of a training run to resume it with the same bits."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ValidationError

from layerkit.arrays import Array
from layerkit.contracts.events import EpochEnded
from layerkit.engine.storage import Storage
from layerkit.errors import DataError
from layerkit.formats.weights import read_checked, save_checked
from layerkit.state import State, expect_like, expect_names, restoring, saved
from layerkit.values import is_table


@dataclass
class Progress(State):
    """How far training has come.

    Attributes
    ----------
    step, epochs
        Done so far.
    started, validating
        How many epochs have started, and whether the validation of the last of these has.
    learning_rate
        Of the last step.
    loss, penalty
        Sums over the examples of the epoch under way; each loss counts as much as its example.
    weight
        How much these examples count together.
    stop_reason
        Why training ends early; empty while it goes on.
    """

    step: int = 0
    epochs: int = 0
    started: int = 0
    validating: bool = False
    learning_rate: float = 0.0
    loss: float = 0.0
    penalty: float = 0.0
    weight: float = 0.0
    stop_reason: str = ""


@dataclass(frozen=True, slots=True)
class TrainingState:
    """A training run between two events.

    Attributes
    ----------
    arrays
        Parameters, layers' state, the optimizer's slots and the arrays of components, by name.
    numbers
        The numbers of components, by their names.
    history
        Every epoch that ended.
    layout
        Names and shapes of the parameters and of layers' state in the flat vectors, in order.
    run
        What must be the same for the run to continue with the same bits.
    source
        What messages call it.
    """

    arrays: Mapping[str, Array]
    numbers: Mapping[str, Mapping[str, object]]
    history: Sequence[EpochEnded]
    layout: Sequence[str]
    run: Mapping[str, int | str]
    source: str = "saved state"

    def restore(
        self,
        storage: Storage,
        slots: Mapping[str, Array],
        states: Mapping[str, State],
        run: Mapping[str, int | str],
    ) -> None:
        """Restore everything but callbacks' state; all of it or, after an error, nothing.

        Raises
        ------
        DataError
            If it belongs to another network, optimizer or run; says what differs.
        """
        own = _layout(storage)
        if list(self.layout) != own:
            raise DataError(f"{self.source}: {_difference(own, self.layout)}")
        for name, value in run.items():
            found = self.run.get(name, "none")
            if found != value:
                raise DataError(
                    f"{self.source}: expected the state of a run with {name} {value}, found {found}"
                )
        kept = _engine_arrays(storage, slots)
        found_arrays = {name: each for name, each in self.arrays.items() if "/" not in name}
        expect_names(f"{self.source}: expected the arrays", kept, found_arrays)
        assignments: list[Callable[[], None]] = []
        for name, array in kept.items():
            expect_like(f"{self.source}: {name}", array, found_arrays[name])
            assignments.append(partial(np.copyto, array, found_arrays[name]))
        assignments += self._restoring(states, of_callbacks=False)
        for assign in assignments:
            assign()

    def restore_callbacks(self, states: Mapping[str, State]) -> None:
        """Restore callbacks' state.

        Raises
        ------
        DataError
            If it belongs to other callbacks.
        """
        for assign in list(self._restoring(states, of_callbacks=True)):
            assign()

    def _restoring(
        self, states: Mapping[str, State], *, of_callbacks: bool
    ) -> Iterator[Callable[[], None]]:
        stored = [name for name in self.numbers if name.startswith(CALLBACK) is of_callbacks]
        expect_names(f"{self.source}: expected the state of", states, stored)
        for name, state in states.items():
            start = f"{name}/"
            arrays = {
                path.removeprefix(start): array
                for path, array in self.arrays.items()
                if path.startswith(start)
            }
            try:
                yield from restoring(state, self.numbers[name], arrays)
            except DataError as error:
                raise DataError(f"{self.source}: {name}: {error}") from error


CALLBACK = "callback "
"""What the names of callbacks' states begin with."""


def training_state(
    storage: Storage,
    slots: Mapping[str, Array],
    states: Mapping[str, State],
    history: Sequence[EpochEnded],
    run: Mapping[str, int | str],
) -> TrainingState:
    """Return copies of all that must be saved of a run."""
    arrays = {name: array.copy() for name, array in _engine_arrays(storage, slots).items()}
    numbers: dict[str, Mapping[str, object]] = {}
    for name, state in states.items():
        numbers[name], own = saved(state)
        arrays |= {f"{name}/{path}": array for path, array in own.items()}
    return TrainingState(arrays, numbers, tuple(history), _layout(storage), run)


def write_state(path: Path, state: TrainingState) -> None:
    """Write the state of a training run to a file, whole or not at all.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    note = json.dumps(
        {
            "numbers": state.numbers,
            "history": [_as_json(asdict(epoch)) for epoch in state.history],
            "layout": state.layout,
            "run": state.run,
        },
        allow_nan=False,
    )
    save_checked(path, state.arrays, note)


def read_state(path: Path) -> TrainingState:
    """Return the state of a training run from a file.

    Raises
    ------
    FileError, DataError
        If it cannot be read, or is not what `write_state` wrote.
    """
    arrays, note = read_checked(path, "the state of a training run")
    try:
        found = _Note.model_validate(json.loads(note))
    except (ValueError, RecursionError) as error:  # pydantic's errors are ValueErrors too
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        raise DataError(f"{path}: expected the state of a training run: {reason}") from error
    history = [epoch.event() for epoch in found.history]
    return TrainingState(arrays, found.numbers, history, found.layout, found.run, str(path))


class _Epoch(BaseModel):
    epoch: int
    step: int
    learning_rate: float
    train: dict[str, float]
    validation: dict[str, float]
    seconds: float
    examples_per_second: float

    def event(self) -> EpochEnded:
        return EpochEnded(
            self.epoch,
            self.step,
            self.learning_rate,
            self.train,
            self.validation,
            self.seconds,
            self.examples_per_second,
        )


class _Note(BaseModel):
    numbers: dict[str, dict[str, object]]
    history: list[_Epoch]
    layout: list[str]
    run: dict[str, int | str]


def _engine_arrays(storage: Storage, slots: Mapping[str, Array]) -> dict[str, Array]:
    """Return the arrays that the engine itself keeps; no name has a slash in it."""
    own = {"parameters": storage.vector.value, "state": storage.state_vector}
    return own | {f"slot {name}": slot for name, slot in slots.items()}


def _layout(storage: Storage) -> list[str]:
    own = {path: storage.params[path].value for path in storage.extents}
    return [f"{path} {array.shape}" for path, array in (own | dict(storage.state)).items()]


def _difference(own: Sequence[str], found: Sequence[str]) -> str:
    """Say how two layouts differ: by the arrays that only one of them has, or in their order."""
    missing = [each for each in own if each not in found]
    others = [each for each in found if each not in own]
    if not missing and not others:
        return f"expected a network with its arrays in the order {', '.join(own)}"
    return (
        f"expected the state of a network with {', '.join(missing) or 'fewer arrays'}; "
        f"found one with {', '.join(others) or 'fewer arrays'}"
    )


def _as_json(value: object) -> object:
    """Return numbers as JSON has them, which has no inf and no nan."""
    if is_table(value):
        return {name: _as_json(each) for name, each in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(float(value))
    return value
