from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.builtin.learning_rate_log import LearningRateLogConfig
from layerkit.engine.training import train
from layerkit.runs.run import run as run_spec
from layerkit.testing import check_callback
from tests.helpers.specs import small_spec

SCHEDULE = "optimizer.schedule={type='multi_step', steps=[9], factor=0.5}"


def logged(directory: Path) -> list[str]:
    return (directory / "learning_rate.csv").read_text().splitlines()


@pytest.mark.parametrize("every", [1, 2])
def test_it_keeps_the_contract_of_callbacks(every: int) -> None:
    check_callback(LearningRateLogConfig(every=every))


def test_every_step_has_a_line_with_its_rate(tmp_path: Path) -> None:
    spec = small_spec("callbacks=['learning_rate_log']", SCHEDULE, "training.epochs=2")
    run_spec(spec, tmp_path / "run")
    expected = ["step,epoch,learning_rate"]
    expected += [
        f"{step},{1 if step <= 8 else 2},{0.1 if step <= 9 else 0.05}" for step in range(1, 17)
    ]
    assert logged(tmp_path / "run") == expected


def test_some_steps_are_enough(tmp_path: Path) -> None:
    spec = small_spec("callbacks=[{type='learning_rate_log', every=5}]", "training.epochs=2")
    run_spec(spec, tmp_path / "run")
    assert [line.split(",")[0] for line in logged(tmp_path / "run")] == ["step", "5", "10", "15"]


def test_a_run_that_is_stopped_within_an_epoch_has_its_steps_too(tmp_path: Path) -> None:
    callbacks = "callbacks=['learning_rate_log', {type='stop_when', minutes=1e-9}]"
    run_spec(small_spec(callbacks), tmp_path / "run")
    assert logged(tmp_path / "run") == ["step,epoch,learning_rate", "1,1,0.1"]


def test_without_a_directory_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    train(small_spec("callbacks=['learning_rate_log']"))
    assert list(tmp_path.iterdir()) == []
