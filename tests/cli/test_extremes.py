"""Numbers that are too large: what is said, and that no warning of NumPy is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.helpers.commands import here
from tests.helpers.specs import write_spec

# Warnings are errors here, so that one that reached a user would be another exit code.
pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize(
    "changes",
    [
        ["optimizer.learning_rate=1e38"],
        ["optimizer.learning_rate=1e38", "training.threads=2"],
        ['optimizer={type = "adam", learning_rate = 1e38}'],
        ['optimizer={type = "lars", learning_rate = 1e38}'],
        ['callbacks=["average_weights", "gradient_norms"]', "optimizer.learning_rate=1e38"],
        ['layers.1="relu"', "optimizer.learning_rate=1e30"],
    ],
)
def test_a_run_that_diverges_says_so_and_no_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: list[str]
) -> None:
    changes = [*changes, 'silence=["LK104", "LK110"]']
    sets = [word for change in changes for word in ("--set", change)]
    ran = here(capsys, "run", write_spec(tmp_path), *sets, "--out", tmp_path / "out")
    assert ran.code == 6
    error, note = ran.err.splitlines()
    assert error.startswith("error: training diverged: ")
    assert note.startswith("note: ")


@pytest.mark.parametrize("layer", ["tanh", "standardize", "layer_norm"])
@pytest.mark.parametrize(
    ("scale", "code"), [(1e-310, 0), (1e37, 0), (3e38, 3), (np.nan, 3), (np.inf, 3)]
)
def test_extreme_inputs_train_or_are_an_error_of_the_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], layer: str, scale: float, code: int
) -> None:
    rng = np.random.default_rng(0)
    inputs = np.full((60, 2), scale) * np.linspace(1, 2, 120).reshape(60, 2)
    path = tmp_path / "data.npz"
    np.savez(path, train_inputs=inputs, train_targets=rng.integers(0, 3, 60))
    data = f'data={{type = "npz", path = "{path}", classes = 3, validation = 0.2}}'
    layers = f'layers=["{layer}", {{type = "dense", units = 3}}]'
    changes = ("--set", data, "--set", layers, "--out", tmp_path / "out")
    ran = here(capsys, "run", write_spec(tmp_path), *changes)
    assert ran.code == code
    assert ran.err.count("\n") == (1 if code else 0)
