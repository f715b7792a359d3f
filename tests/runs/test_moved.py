"""A run directory is all that a trained network needs: it may be moved, and its data may go."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from layerkit.runs.run import load
from tests.helpers.commands import in_process
from tests.helpers.trained import csv_text, flowers, flowers_run


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train on a table, move the run to another directory, and remove where it was."""
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    network = flowers_run(first)
    np.save(second / "expected.npy", network.predict(flowers(40, seed=3)))
    shutil.move(first / "run", second / "moved")
    shutil.rmtree(first)
    (second / "new.csv").write_text(csv_text(flowers(40, seed=3)))
    return second


def test_it_loads_and_predicts_the_same(elsewhere: Path) -> None:
    network = load(elsewhere / "moved")
    expected = np.load(elsewhere / "expected.npy")
    np.testing.assert_array_equal(network.predict(flowers(40, seed=3)), expected)
    assert network.class_names == ("setosa", "versicolor", "virginica")


def test_it_predicts_from_files_and_is_evaluated_from_another_directory(elsewhere: Path) -> None:
    (elsewhere / "work").mkdir()
    here = elsewhere / "work"
    predicted = in_process(*("predict", "../moved", "-i", "../new.csv", "-o", "out.npz"), cwd=here)
    assert (predicted.code, predicted.err) == (0, "")
    with np.load(here / "out.npz") as found:
        expected = np.load(elsewhere / "expected.npy")
        np.testing.assert_array_equal(found["probabilities"], expected)
    evaluated = in_process("evaluate", "../moved", "--data", "../new.csv", cwd=here)
    assert (evaluated.code, evaluated.err) == (0, "")
    assert "data  ../new.csv: 40 examples" in evaluated.out


def test_no_place_where_it_was_is_looked_for(elsewhere: Path) -> None:
    own = in_process("evaluate", "moved", cwd=elsewhere)
    assert own.code == 4
    assert "flowers.csv: expected a data file to read" in own.err
    assert "--data FILE evaluates on other data" in own.err
