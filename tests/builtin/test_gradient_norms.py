from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from layerkit.builtin.gradient_norms import GradientNorms, GradientNormsConfig
from layerkit.contracts.events import GradientReady
from layerkit.engine.training import train
from layerkit.errors import FileError
from layerkit.runs.run import resume
from layerkit.runs.run import run as run_spec
from layerkit.state import restore, saved
from layerkit.testing import check_callback
from tests.helpers.runs import STARTED, StillRun, epoch_ended
from tests.helpers.specs import small_spec


def started(directory: Path | None = None) -> tuple[GradientNorms, StillRun]:
    norms, run = GradientNorms(GradientNormsConfig()), StillRun(directory)
    norms.training_started(STARTED, run)
    return norms, run


def lines(directory: Path) -> list[dict[str, object]]:
    text = (directory / "gradient_norms.jsonl").read_text()
    found: list[dict[str, object]] = [json.loads(line) for line in text.splitlines()]
    return found


def epoch(norms: GradientNorms, run: StillRun, number: int, *values: float) -> None:
    """Let an epoch go by with a step for every value, which fills the weight's gradient."""
    for value in values:
        run.gradients["dense_1.weight"].fill(value)
        norms.gradient_ready(GradientReady(1, number, 0.5))
    norms.epoch_ended(epoch_ended(number))


def test_it_keeps_the_contract_of_callbacks() -> None:
    check_callback("gradient_norms")


def test_a_layers_norm_is_over_all_its_parameters_and_the_mean_over_steps() -> None:
    norms, run = started()
    run.gradients["dense_1.bias"][:] = [0.0, 3.0, 0.0]
    run.gradients["head.out.weight"].fill(2.0)
    epoch(norms, run, 1, 0.0, 4 / np.sqrt(6))
    (means,) = norms.means
    assert list(means) == ["dense_1", "head.out"]
    assert means["dense_1"] == pytest.approx((3 + 5) / 2)
    assert means["head.out"] == pytest.approx(np.sqrt(12))


def test_every_epoch_has_means_of_its_own() -> None:
    norms, run = started()
    epoch(norms, run, 1, 1.0, 1.0)
    epoch(norms, run, 2, 0.0)
    assert [means["dense_1"] for means in norms.means] == pytest.approx([np.sqrt(6), 0])


def test_the_gradient_of_a_shared_parameter_counts_where_its_values_are() -> None:
    norms, run = GradientNorms(GradientNormsConfig()), StillRun()
    run.parameters["dense_9.weight"] = run.parameters["dense_1.weight"].T
    run.gradients["dense_9.weight"] = np.ones((3, 2))
    norms.training_started(STARTED, run)
    epoch(norms, run, 1, 1.0)
    assert list(norms.means[0]) == ["dense_1", "head.out"]


def test_a_run_directory_gets_a_line_an_epoch(tmp_path: Path) -> None:
    norms, run = started(tmp_path)
    run.gradients["head.out.weight"].fill(np.nan)
    epoch(norms, run, 1, 0.0)
    epoch(norms, run, 2, 0.0)
    means = {"dense_1": 0.0, "head.out": None}
    assert lines(tmp_path) == [{"epoch": 1, "norms": means}, {"epoch": 2, "norms": means}]


def test_after_a_restart_epochs_before_it_stand_there_once(tmp_path: Path) -> None:
    first, run = started(tmp_path)
    epoch(first, run, 1, 1.0)
    stored = saved(first.state())
    epoch(first, run, 2, 2.0)  # lost in the restart
    second, run = started(tmp_path)
    restore(second.state(), *stored)
    epoch(second, run, 2, 3.0)
    epoch(second, run, 3, 4.0)
    norms = [mean["dense_1"] for mean in second.means]
    assert norms == pytest.approx([np.sqrt(6), 3 * np.sqrt(6), 4 * np.sqrt(6)])
    assert [line["epoch"] for line in lines(tmp_path)] == [1, 2, 3]


def test_a_directory_that_is_gone_is_a_file_error(tmp_path: Path) -> None:
    norms, run = started(tmp_path / "gone")
    with pytest.raises(FileError, match=r"gradient_norms\.jsonl: cannot write"):
        epoch(norms, run, 1, 1.0)


def test_a_run_writes_them_into_its_directory(tmp_path: Path) -> None:
    run_spec(small_spec('callbacks=["gradient_norms"]'), tmp_path / "run")
    assert len(lines(tmp_path / "run")) == 3


def test_a_finished_run_goes_on_for_more_epochs(tmp_path: Path) -> None:
    run_spec(small_spec('callbacks=["gradient_norms"]'), tmp_path / "run")
    resume(tmp_path / "run", epochs=5)
    assert [line["epoch"] for line in lines(tmp_path / "run")] == [1, 2, 3, 4, 5]


def test_from_python_they_are_an_attribute() -> None:
    norms = GradientNorms(GradientNormsConfig())
    train(small_spec(), [norms])
    assert len(norms.means) == 3
    assert all(value > 0 for means in norms.means for value in means.values())
    assert list(norms.means[0]) == ["dense_1", "dense_2"]
