"""All that a training run must remember to go on in the same bits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.events import EpochEnded
from layerkit.engine.storage import Storage
from layerkit.errors import DataError
from layerkit.formats.weights import read_arrays, read_note, save_arrays
from layerkit.state import State, restore, saved
from layerkit.values import is_list, is_table


@dataclass
class Progress(State):
    """How far training has come.

    Attributes
    ----------
    step, epochs
        Done so far.
    learning_rate
        Of the last step.
    loss, penalty
        Sums over the examples of the epoch under way.
    stop_reason
        Why training ends early; empty while it goes on.
    """

    step: int = 0
    epochs: int = 0
    learning_rate: float = 0.0
    loss: float = 0.0
    penalty: float = 0.0
    stop_reason: str = ""


@dataclass(frozen=True, slots=True)
class TrainingState:
    """A training run between two steps.

    Attributes
    ----------
    arrays
        Parameters, layers' state, the optimizer's slots and the arrays of components, by name.
    numbers
        The numbers of components, by their names.
    history
        Every epoch that ended.
    layout
        Names and shapes of the parameters in the flat vector, in order.
    """

    arrays: Mapping[str, Array]
    numbers: Mapping[str, object]
    history: Sequence[EpochEnded]
    layout: Sequence[str]

    @classmethod
    def of(
        cls,
        storage: Storage,
        slots: Mapping[str, Array],
        states: Mapping[str, State],
        history: Sequence[EpochEnded],
    ) -> Self:
        """Return copies of everything."""
        arrays = {"parameters": storage.vector.value.copy(), "state": storage.state_vector.copy()}
        arrays |= {f"slot/{name}": slot.copy() for name, slot in slots.items()}
        numbers: dict[str, object] = {}
        for name, state in states.items():
            numbers[name], own = saved(state)
            arrays |= {f"{name}/{path}": array for path, array in own.items()}
        return cls(arrays, numbers, tuple(history), _layout(storage))

    def restore(
        self, storage: Storage, slots: Mapping[str, Array], states: Mapping[str, State]
    ) -> None:
        """Put everything back.

        Raises
        ------
        DataError
            If it belongs to another network, optimizer or set of callbacks.
        """
        if list(self.layout) != _layout(storage):
            raise DataError(
                f"expected the state of a network with {', '.join(_layout(storage))}; "
                f"found {', '.join(self.layout)}"
            )
        own = {"parameters": storage.vector.value, "state": storage.state_vector}
        own |= {f"slot/{name}": slot for name, slot in slots.items()}
        if self.numbers.keys() != states.keys():
            raise DataError(
                f"expected the state of {', '.join(states)}; found {', '.join(self.numbers)}"
            )
        for name, array in own.items():
            if name not in self.arrays or self.arrays[name].shape != array.shape:
                raise DataError(f"expected an array '{name}' of shape {array.shape}")
            np.copyto(array, self.arrays[name])
        for name, state in states.items():
            numbers = self.numbers[name]
            if not is_table(numbers):
                raise DataError(f"{name}: expected a table, found {numbers!r}")
            start = f"{name}/"
            arrays = {
                path.removeprefix(start): array
                for path, array in self.arrays.items()
                if path.startswith(start)
            }
            restore(state, numbers, arrays)


def write_state(path: Path, state: TrainingState) -> None:
    """Write a training run to a file, whole or not at all.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    note = {
        "numbers": state.numbers,
        "history": [_epoch_as_json(epoch) for epoch in state.history],
        "layout": state.layout,
    }
    save_arrays(path, state.arrays, json.dumps(note))


def read_state(path: Path) -> TrainingState:
    """Return a training run from a file.

    Raises
    ------
    FileError, DataError
        If it cannot be read, or is not what `write_state` wrote.
    """
    note: object = json.loads(read_note(path) or "null")
    if not is_table(note):
        raise DataError(f"{path}: expected the state of a training run, found other arrays")
    numbers, history, layout = note.get("numbers"), note.get("history"), note.get("layout")
    if not (is_table(numbers) and is_list(history) and is_list(layout)):
        raise DataError(f"{path}: expected the state of a training run, found something else")
    epochs = [_epoch_of_json(path, each) for each in history]
    return TrainingState(read_arrays(path), numbers, epochs, [str(each) for each in layout])


def _layout(storage: Storage) -> list[str]:
    return [f"{path} {storage.params[path].value.shape}" for path in storage.extents]


def _epoch_as_json(epoch: EpochEnded) -> dict[str, object]:
    table: dict[str, object] = asdict(epoch)
    for key in ("train", "validation"):
        figures: Mapping[str, float] = epoch.train if key == "train" else epoch.validation
        table[key] = {name: repr(value) for name, value in figures.items()}
    return table


def _epoch_of_json(path: Path, found: object) -> EpochEnded:
    if not is_table(found):
        raise DataError(f"{path}: expected an epoch, found {found!r}")
    figures: dict[str, dict[str, float]] = {}
    for key in ("train", "validation"):
        values = found[key]
        if not is_table(values):
            raise DataError(f"{path}: expected figures, found {values!r}")
        figures[key] = {name: float(str(value)) for name, value in values.items()}
    return EpochEnded(
        epoch=int(str(found["epoch"])),
        step=int(str(found["step"])),
        learning_rate=float(str(found["learning_rate"])),
        train=figures["train"],
        validation=figures["validation"],
        seconds=float(str(found["seconds"])),
        examples_per_second=float(str(found["examples_per_second"])),
    )
