from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from layerkit.builtin.weight_histograms import WeightHistogramsConfig
from layerkit.runs.run import run as run_spec
from layerkit.testing import check_callback
from layerkit.values import is_table
from tests.helpers.runs import STARTED, StillRun, epoch_ended
from tests.helpers.specs import small_spec


def lines(directory: Path) -> list[dict[str, object]]:
    text = (directory / "weight_histograms.jsonl").read_text()
    found: list[dict[str, object]] = [json.loads(line) for line in text.splitlines()]
    return found


@pytest.mark.parametrize("every", [1, 3])
def test_it_keeps_the_contract_of_callbacks(every: int) -> None:
    check_callback(WeightHistogramsConfig(bins=4, every=every))


def test_values_are_counted_in_equal_parts_of_their_range(tmp_path: Path) -> None:
    histograms, run = WeightHistogramsConfig(bins=4).build(), StillRun(tmp_path)
    histograms.training_started(STARTED, run)
    run.parameters["dense_1.weight"][...] = [[-2.0, -1.5, -1.0], [0.0, 0.5, 2.0]]
    run.parameters["dense_1.bias"][...] = 0.25
    histograms.epoch_ended(epoch_ended(1))
    (line,) = lines(tmp_path)
    assert line["epoch"] == 1
    found = line["parameters"]
    assert is_table(found)
    assert found["dense_1.weight"] == {"low": -2.0, "high": 2.0, "counts": [2, 1, 2, 1]}
    assert found["dense_1.bias"] == {"low": 0.25, "high": 0.25, "counts": [0, 0, 3, 0]}


def test_a_run_has_a_line_every_so_many_epochs(tmp_path: Path) -> None:
    spec = small_spec("callbacks=[{type='weight_histograms', every=2}]", "training.epochs=5")
    network = run_spec(spec, tmp_path / "run").network
    found = lines(tmp_path / "run")
    assert [line["epoch"] for line in found] == [2, 4]
    parameters = found[0]["parameters"]
    assert is_table(parameters)
    assert list(parameters) == list(network.parameters)
    for path, value in network.parameters.items():
        histogram = parameters[path]
        assert is_table(histogram)
        counts = np.asarray(histogram["counts"])
        assert counts.shape == (30,)
        assert counts.sum() == value.size
