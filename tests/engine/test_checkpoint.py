"""The file of a training state: what is written is read again, and what is damaged is refused."""

from __future__ import annotations

import dataclasses
import json
import math
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from layerkit.contracts.events import (
    EpochEnded,
)
from layerkit.engine.checkpoint import read_state, write_state
from layerkit.errors import DataError, FileError, LayerkitError
from layerkit.formats.weights import save_arrays
from tests.engine.resuming import PLAIN, Ending, bits, spec_of, stored, train


def test_what_is_written_is_read_again_with_numbers_that_are_not_finite(tmp_path: Path) -> None:
    state = stored()
    odd = np.array([math.inf, -math.inf, math.nan, -0.0, 1e-45], np.float32)
    epoch = EpochEnded(
        1, 10, math.inf, {"loss": math.nan, "penalty": 0.1}, {"loss": -math.inf}, 0.5, 9.0
    )
    numbers = {**state.numbers, "schedule": {"best": "-inf", "inner": {"count": 3}}}
    arrays = {**state.arrays, "schedule/odd": odd, "schedule/none": np.zeros((0, 3))}
    changed = dataclasses.replace(state, arrays=arrays, numbers=numbers, history=[epoch])
    write_state(tmp_path / "state", changed)
    found = read_state(tmp_path / "state")
    assert bits(found.arrays) == bits(arrays)
    assert found.numbers == numbers
    assert repr(found.history) == repr([epoch])
    assert (found.layout, found.run) == (state.layout, state.run)
    assert found.source == str(tmp_path / "state")


def small_file(path: Path) -> bytes:
    state = dataclasses.replace(
        stored(), arrays={"parameters": np.arange(3.0)}, history=[], layout=["w (3,)"], run={}
    )
    write_state(path, state)
    return path.read_bytes()


def damaged(content: bytes) -> Iterator[bytes]:
    for index in range(len(content)):
        for change in (1, 0x20, 0x80, 0xFF):
            yield content[:index] + bytes([content[index] ^ change]) + content[index + 1 :]
    for size in range(len(content)):
        yield content[:size]
    yield content + b"\0"
    yield struct.pack("<Q", 2**63) + content[8:]


def test_damage_is_found_wherever_it_is(tmp_path: Path) -> None:
    path = tmp_path / "state"
    for content in damaged(small_file(path)):
        path.write_bytes(content)
        with pytest.raises(DataError, match=f"^{path}: "):
            read_state(path)


@pytest.mark.parametrize(
    "note",
    ["", "{}", "null", "[1]", "{", '{"numbers": {}, "history": [{}], "layout": [], "run": {}}'],
)
def test_a_file_of_other_arrays_is_refused(note: str, tmp_path: Path) -> None:
    save_arrays(tmp_path / "weights", {"a": np.zeros(2)}, note)
    with pytest.raises(DataError, match="weights: expected"):
        read_state(tmp_path / "weights")


def test_files_that_cannot_be_read_or_written_are_file_errors(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        read_state(tmp_path / "absent")
    with pytest.raises(FileError):
        write_state(tmp_path / "absent" / "state", stored())
    with pytest.raises(LayerkitError, match="absent"):
        train(spec_of(PLAIN), [Ending(tmp_path / "absent" / "state")])


def test_the_note_is_json_that_others_can_read(tmp_path: Path) -> None:
    write_state(tmp_path / "state", stored())
    content = (tmp_path / "state").read_bytes()
    size = int.from_bytes(content[:8], "little")
    note = json.loads(content[8 : 8 + size])["__metadata__"]["layerkit"]

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    parsed = json.loads(note[64:], parse_constant=refuse)
    assert sorted(parsed) == ["history", "layout", "numbers", "run"]
