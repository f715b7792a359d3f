"""Training on data that stay in their files."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

import layerkit as lk
from layerkit.arrays import IdRange, Values
from layerkit.contracts.callback import Callback
from layerkit.contracts.events import EpochEnded
from layerkit.engine.data import load_data
from layerkit.engine.training import Result
from layerkit.errors import DataError
from layerkit.formats.in_memory import check_id_columns
from layerkit.formats.npy import NpyFile
from layerkit.plan.network import NetworkPlan, plan_network
from layerkit.runs.manifest import data_facts

RNG = np.random.default_rng(0)
INPUTS = RNG.normal(size=(90, 6)).astype(np.float32)
LABELS = RNG.integers(0, 3, 90)
VECTORS = RNG.normal(size=(90, 2))


def write(directory: Path, inputs: Values, targets: Values, test_count: int = 20) -> None:
    np.save(directory / "x.npy", inputs)
    np.save(directory / "y.npy", targets)
    np.save(directory / "u.npy", inputs[:test_count])
    np.save(directory / "v.npy", targets[:test_count])


def plan(
    directory: Path, *, mapped: bool, classes: int | None = 3, **training: object
) -> NetworkPlan:
    files = {"train_inputs": "x", "train_targets": "y", "test_inputs": "u", "test_targets": "v"}
    data: dict[str, object] = {"type": "npy", "mapped": mapped, "validation": 20}
    data |= {name: str(directory / f"{file}.npy") for name, file in files.items()}
    if classes is not None:
        data["classes"] = classes
    layers = ["standardize", {"type": "dense", "units": 4}, "tanh"]
    return plan_network(
        {
            "data": data,
            "layers": [*layers, {"type": "dense", "units": classes or 2}],
            "loss": "softmax_cross_entropy" if classes else "mean_squared_error",
            "optimizer": {"type": "sgd", "learning_rate": 0.1},
            "training": {"epochs": 3, "batch_size": 16, **training},
        }
    )


def bits(result: Result) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in result.network.arrays.items()}


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("classes", [3, None])
def test_training_ends_in_the_bits_that_data_in_memory_end_in(
    tmp_path: Path, threads: int, classes: int | None
) -> None:
    write(tmp_path, INPUTS, LABELS if classes else VECTORS)
    mapped, in_memory = (
        lk.train(plan(tmp_path, mapped=each, classes=classes, threads=threads))
        for each in (True, False)
    )
    assert bits(mapped) == bits(in_memory)
    assert mapped.test == in_memory.test
    figures = [[(each.train, each.validation) for each in r.history] for r in (mapped, in_memory)]
    assert figures[0] == figures[1]


def test_a_resumed_run_on_mapped_data_ends_in_the_same_bits(tmp_path: Path) -> None:
    write(tmp_path, INPUTS, VECTORS)
    planned = plan(tmp_path, mapped=True, classes=None, epochs=1)
    lk.run(planned, tmp_path / "parts")
    parts = lk.resume(tmp_path / "parts", epochs=3)
    assert bits(parts) == bits(lk.train(plan(tmp_path, mapped=True, classes=None)))


def test_the_checksum_is_that_of_the_same_data_in_memory(tmp_path: Path) -> None:
    write(tmp_path, INPUTS, VECTORS)
    mapped, in_memory = (
        data_facts(load_data(plan(tmp_path, mapped=each, classes=None))) for each in (True, False)
    )
    assert mapped == in_memory
    content = b"".join(values.tobytes() for values in (INPUTS, VECTORS, INPUTS[:20], VECTORS[:20]))
    assert mapped["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e39])
def test_numbers_that_are_not_finite_are_counted_before_the_first_step(
    tmp_path: Path, value: float
) -> None:
    inputs = INPUTS.astype(np.float64)
    inputs[40:42, 3] = value
    write(tmp_path, inputs, LABELS)
    said = rf"train inputs: expected .* found .* at index \(40, 3\), the first of 2 in {90 * 6}"
    with pytest.raises(DataError, match=said):
        load_data(plan(tmp_path, mapped=True))
    vectors = VECTORS.copy()
    vectors[7, 1] = value
    write(tmp_path, INPUTS, vectors)
    with pytest.raises(DataError, match=r"train targets: .* found .* at index \(7, 1\)"):
        load_data(plan(tmp_path, mapped=True, classes=None))


def test_ids_are_checked_in_the_files_too(tmp_path: Path) -> None:
    ids = np.abs(INPUTS).astype(np.int16)
    ids[40, 2] = 7
    write(tmp_path, ids, LABELS)
    picked = {"type": "columns", "columns": [2]}
    table = plan(tmp_path, mapped=True).spec.model_dump()
    embedding = {"type": "embedding", "ids": 7, "units": 2}
    layers = [picked, embedding, "flatten", {"type": "dense", "units": 3}]
    with pytest.raises(DataError, match=r"ids from 0 to 6 .* found 1 that .* row 40: 7"):
        load_data(plan_network({**table, "layers": layers}))
    rows = NpyFile(tmp_path / "x.npy").rows()
    os.truncate(tmp_path / "x.npy", 0)
    with pytest.raises(DataError, match="expected a file that stays as it is"):
        check_id_columns(rows.array, {2: IdRange(7)}, "x", reader=rows)


class _CutsShort(Callback):
    def __init__(self, path: Path) -> None:
        self.path = path

    def epoch_ended(self, event: EpochEnded) -> None:
        os.truncate(self.path, self.path.stat().st_size - 1)


@pytest.mark.parametrize("file", ["x.npy", "u.npy"])
def test_a_file_that_is_cut_short_in_training_ends_it_with_an_error_that_names_it(
    tmp_path: Path, file: str
) -> None:
    write(tmp_path, INPUTS, LABELS)
    with pytest.raises(DataError, match=f"{file}: expected a file that stays as it is"):
        lk.train(plan(tmp_path, mapped=True), [_CutsShort(tmp_path / file)])


def test_files_that_change_after_the_spec_is_planned_are_a_data_error(tmp_path: Path) -> None:
    for mapped in (True, False):
        write(tmp_path, INPUTS, LABELS)
        planned = plan(tmp_path, mapped=mapped)
        write(tmp_path, INPUTS[:50], LABELS[:50])
        with pytest.raises(DataError, match=r"the 90 train examples .* found 50; the files"):
            load_data(planned)
