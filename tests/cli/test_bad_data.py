"""Files that are not what they should be: exit code 3, the file's name, and nothing written."""

from __future__ import annotations

import gzip
import re
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest

from layerkit.arrays import Values
from tests.helpers.commands import here

REST = """
layers = [{type = "dense", units = 3}]
loss = "softmax_cross_entropy"
optimizer = {type = "sgd", learning_rate = 0.1}
training = {epochs = 1, batch_size = 4}
"""
DATA = {
    "npy": """train_inputs = "x.npy"\ntrain_targets = "y.npy" """,
    "npz": """path = "xy.npz" """,
    "idx": """train_inputs = "x.idx"\ntrain_labels = "y.idx.gz" """,
}
CODES = {"u": 0x08, "i": 0x0C, "f": 0x0D}


def idx(values: Values) -> bytes:
    kind = values.dtype.kind
    header = struct.pack(f">HBB{values.ndim}I", 0, CODES[kind], values.ndim, *values.shape)
    return header + values.astype(f">{kind}{1 if kind == 'u' else 4}").tobytes()


def write(directory: Path, inputs: Values, targets: Values) -> None:
    np.save(directory / "x.npy", inputs)
    np.save(directory / "y.npy", targets)
    np.savez(directory / "xy.npz", train_inputs=inputs, train_targets=targets)
    (directory / "x.idx").write_bytes(idx(inputs))
    (directory / "y.idx.gz").write_bytes(gzip.compress(idx(targets)))
    for kind, data in DATA.items():
        spec = f'{REST}\n[data]\ntype = "{kind}"\nclasses = 3\n{data}\n'
        (directory / f"{kind}.toml").write_text(spec)


Floats: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Ints: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.int32]]
INPUTS: Floats = np.arange(24, dtype=np.float32).reshape(8, 3)
LABELS: Ints = np.arange(8, dtype=np.int32) % np.int32(3)
Change = Callable[[Floats, Ints], tuple[Values, Values]]
ARRAYS: Mapping[str, tuple[Change, str]] = {
    "a_label_too_large": (
        lambda x, y: (x, y + np.int32(1)),
        "labels from 0 to 2 .* found 2 .* index 2: 3",
    ),
    "a_negative_label": (
        lambda x, y: (x, y - np.int32(1)),
        "labels from 0 to 2 .* found 3 .* index 0: -1",
    ),
    "fewer_targets": (lambda x, y: (x, y[:7]), "one target for each of the 8 examples"),
    "more_targets": (lambda x, y: (x[:7], y), "one target for each of the 7 examples"),
    "nan": (lambda x, y: (x * np.where(x == 5, np.nan, 1).astype("f4"), y), "finite .* nan"),
    "infinity": (lambda x, y: (x / np.where(x == 5, 0, 1).astype("f4"), y), "finite .* inf"),
    "no_examples": (lambda x, y: (x[:0], y[:0]), "at least one value"),
}


def broken(kind: str, directory: Path) -> Path:
    return directory / {"npy": "x.npy", "npz": "xy.npz", "idx": "x.idx"}[kind]


def check(kind: str, directory: Path, capsys: pytest.CaptureFixture[str], said: str) -> None:
    out = directory / f"{kind}-run"
    ran = here(capsys, "run", directory / f"{kind}.toml", "--out", out)
    assert (ran.code, ran.out.count("epoch 1")) == (3, 0), ran.err
    first, *others = ran.err.splitlines()
    of_spec = f"{directory / kind}.toml:"  # where the header alone tells
    assert re.match(rf"error: |{re.escape(of_spec)}\d+:\d+: error\[LK014\]: data\.", first)
    assert not others or first.startswith(of_spec)
    assert not out.exists()
    assert re.search(said, ran.err), ran.err


@pytest.mark.parametrize("case", ARRAYS)
@pytest.mark.parametrize("kind", DATA)
def test_arrays_that_cannot_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, case: str
) -> None:
    change, said = ARRAYS[case]
    with np.errstate(divide="ignore"):
        write(tmp_path, *change(INPUTS, LABELS))
    check(kind, tmp_path, capsys, said)


@pytest.mark.parametrize("length", [0, 3, 20, -1])
@pytest.mark.parametrize("kind", DATA)
def test_files_that_are_cut_short(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, length: int
) -> None:
    write(tmp_path, INPUTS, LABELS)
    path = broken(kind, tmp_path)
    path.write_bytes(path.read_bytes()[:length])
    check(kind, tmp_path, capsys, path.name)


@pytest.mark.parametrize("kind", DATA)
def test_files_of_another_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    write(tmp_path, INPUTS, LABELS)
    path = broken(kind, tmp_path)
    path.write_bytes(b"PNG" + bytes(200))
    check(kind, tmp_path, capsys, path.name)


def test_what_is_whole_trains(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, INPUTS, LABELS)
    for kind in DATA:
        ran = here(capsys, "run", tmp_path / f"{kind}.toml", "--out", tmp_path / f"{kind}-run")
        assert (ran.code, ran.err) == (0, "")
