from __future__ import annotations

from pathlib import Path
from typing import final

import pytest

from layerkit.contracts.callback import Callback
from layerkit.contracts.events import StepEnded
from layerkit.contracts.run_log import MOST_PENDING, RunLog
from layerkit.errors import DataError, FileError
from layerkit.runs.run import resume, run
from layerkit.state import restore, saved
from tests.helpers.specs import small_spec


def started(directory: Path | None, head: str = "") -> RunLog:
    log = RunLog("log.csv")
    log.start(directory, head)
    return log


def text(directory: Path) -> str:
    return (directory / "log.csv").read_text()


def test_lines_are_in_the_file_once_they_are_written(tmp_path: Path) -> None:
    log = started(tmp_path, "step")
    log.add("1")
    assert not (tmp_path / "log.csv").exists()
    log.write()
    log.add("2")
    assert text(tmp_path) == "step\n1\n"
    log.write()
    assert text(tmp_path) == "step\n1\n2\n"


def test_a_new_run_begins_a_new_file(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("another's\n")
    log = started(tmp_path)
    log.add("1")
    log.write()
    assert text(tmp_path) == "1\n"


def test_after_a_restart_every_line_stands_there_once(tmp_path: Path) -> None:
    log = started(tmp_path, "step")
    log.add("1")
    log.write()
    log.add("2")
    stored = saved(log.state)
    log.add("3")
    log.write()  # lost in the restart
    again = started(tmp_path, "step")
    restore(again.state, *stored)
    again.add("3")
    again.write()
    assert text(tmp_path) == "step\n1\n2\n3\n"


def test_many_lines_do_not_wait_for_the_end_of_an_epoch(tmp_path: Path) -> None:
    lines = [f"{number}" for number in range(2 * MOST_PENDING // 6)]
    log = started(tmp_path)
    for line in lines:
        log.add(line)
        assert len(log.state.pending) < MOST_PENDING
    assert MOST_PENDING <= log.state.size == len(text(tmp_path))
    stored = saved(log.state)
    log.add("lost in the restart")
    log.write()
    again = started(tmp_path)
    restore(again.state, *stored)
    again.write()
    assert text(tmp_path).splitlines() == lines


def test_lines_that_are_gone_are_missed(tmp_path: Path) -> None:
    log = started(tmp_path)
    log.add("1")
    log.write()
    stored = saved(log.state)
    (tmp_path / "log.csv").write_text("")
    again = started(tmp_path)
    restore(again.state, *stored)
    again.add("2")
    with pytest.raises(DataError, match=r"log\.csv: expected at least 2 bytes, .* found 0$"):
        again.write()


def test_a_run_without_a_directory_keeps_nothing() -> None:
    log = started(None, "step")
    log.add("1")
    log.write()
    assert saved(log.state) == ({"size": 0, "pending": ""}, {})


def test_a_directory_that_is_gone_is_a_file_error(tmp_path: Path) -> None:
    log = started(tmp_path / "gone")
    log.add("1")
    with pytest.raises(FileError, match=r"log\.csv: cannot write: No such file"):
        log.write()


@final
class Killed(BaseException):
    """What a run ends with, as if by SIGKILL."""


@final
class Kill(Callback):
    def __init__(self, step: int) -> None:
        self._step = step

    def step_ended(self, event: StepEnded) -> None:
        if event.step == self._step:
            raise Killed


@pytest.mark.parametrize("step", [5, 8, 11, 16, 19])
def test_a_run_that_was_killed_and_resumed_leaves_the_files_of_one_that_was_not(
    step: int, tmp_path: Path
) -> None:
    spec = small_spec(
        "callbacks=['learning_rate_log', 'weight_histograms', 'gradient_norms', 'csv_history']",
        "checkpoints={every_steps=3}",
    )
    run(spec, tmp_path / "straight")
    with pytest.raises(Killed):
        run(spec, tmp_path / "killed", [Kill(step)])
    resume(tmp_path / "killed")
    for name in ("learning_rate.csv", "weight_histograms.jsonl", "gradient_norms.jsonl"):
        expected = (tmp_path / "straight" / name).read_bytes()
        assert (tmp_path / "killed" / name).read_bytes() == expected
    assert (tmp_path / "killed" / "history.csv").read_text().count("\n") == 4
