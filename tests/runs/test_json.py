"""Every JSON that a run writes is JSON, whatever the numbers are."""

from __future__ import annotations

import math
from pathlib import Path
from typing import final

import numpy as np
import pytest

from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import EpochEnded, TrainingStarted
from layerkit.errors import DivergedError
from layerkit.formats.weights import CHECKSUM, read_note
from layerkit.runs.directory import RunDirectory
from layerkit.runs.run import run
from tests.helpers.specs import small_spec
from tests.helpers.strict_json import parsed

NORMS = 'callbacks=["gradient_norms"]'
STOPPING = "training.early_stopping={}"


@final
class Saving(Callback):
    """Saves the run before its first step, when the best figure so far is infinite."""

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        if run.directory is not None:
            run.save(run.directory / "state.safetensors")


def header(path: Path) -> str:
    content = path.read_bytes()
    return content[8 : 8 + int.from_bytes(content[:8], "little")].decode()


def parse_all(directory: Path) -> set[str]:
    """Parse every file of a run that has JSON in it; return their names."""
    paths = [path for path in directory.iterdir() if path.is_file() and path.suffix]
    for path in paths:
        text = "" if path.suffix == ".safetensors" else path.read_text()
        if path.suffix == ".json":
            parsed(text)
        for line in text.splitlines() if path.suffix == ".jsonl" else []:
            parsed(line)
        if path.suffix == ".safetensors":
            parsed(header(path))
    state = read_note(directory / "state.safetensors")[CHECKSUM:]
    assert '"-inf"' in state
    parsed(state)
    return {path.name for path in paths}


FILES = {
    "spec.toml",
    "manifest.json",
    "history.jsonl",
    "gradient_norms.jsonl",
    "model.safetensors",
    "best.safetensors",
    "state.safetensors",
}


def test_a_finished_run_leaves_json(tmp_path: Path) -> None:
    run(small_spec(NORMS, STOPPING), tmp_path, [Saving()])
    assert parse_all(tmp_path) == FILES


def test_a_diverged_run_leaves_json(tmp_path: Path) -> None:
    with pytest.raises(DivergedError):
        run(small_spec(NORMS, STOPPING, "optimizer.learning_rate=1e30"), tmp_path, [Saving()])
    assert parse_all(tmp_path) <= FILES


def test_figures_that_are_not_finite_are_null_and_numbers_of_numpy_are_numbers(
    tmp_path: Path,
) -> None:
    directory = RunDirectory(tmp_path)
    directory.write_history([])
    figures = {"loss": math.nan, "accuracy": np.float32(0.5).item(), "f1": -math.inf}
    directory.append_history(EpochEnded(1, 3, 0.1, {"loss": math.inf}, figures, 0.5, 9.0))
    assert parsed((tmp_path / "history.jsonl").read_text()) == {
        "epoch": 1,
        "step": 3,
        "learning_rate": 0.1,
        "train": {"loss": None},
        "validation": {"loss": None, "accuracy": 0.5, "f1": None},
        "seconds": 0.5,
        "examples_per_second": 9.0,
    }
