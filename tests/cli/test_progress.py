from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import termios
import time
from pathlib import Path

from rich.console import Console
from rich.live import Live

from layerkit.cli.progress import REFRESH_SECONDS, LiveProgress
from layerkit.contracts.events import EpochEnded, StepEnded, TrainingStarted
from tests.helpers.commands import LONGEST, start
from tests.helpers.runs import StillRun
from tests.helpers.specs import write_spec


def screen(tmp_path: Path, *arguments: str, columns: int = 100, **extra: str) -> tuple[int, str]:
    """Return exit code and output of a command whose output is a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    command = ("-m", "layerkit", *arguments)
    extra = {"TERM": "xterm-256color", **extra}
    with start(*command, cwd=tmp_path, out=theirs, err=theirs, extra=extra) as process:
        os.close(theirs)
        chunks: list[bytes] = []
        try:
            while chunk := os.read(ours, 65536):
                chunks.append(chunk)
        except OSError:  # how Linux says that the other end is closed
            os.close(ours)
        return process.wait(LONGEST), b"".join(chunks).decode()


def test_a_terminal_sees_a_bar_that_lives_and_a_row_for_every_epoch(tmp_path: Path) -> None:
    write_spec(tmp_path)
    code, output = screen(
        tmp_path, "run", "tiny.toml", "--out", "out", "--set", "training.epochs=1000"
    )
    assert code == 0
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", output)
    assert re.search(r"epoch +\d+/1000 ━*─+  loss \d\.\d+", text)
    assert "━" in text
    assert re.search(r"[\d,]+ examples/s  \d+:\d\d left", text)
    assert re.search(r"epoch +train loss +val\. loss +val\. accuracy +rate +time", text)
    rows = re.findall(r"(\d+)/1000 +\d\.\d{4} +\d\.\d{4} +\d+\.\d\d % +0\.1 +\d", text)
    assert [int(row) for row in rows] == list(range(1, 1001))
    assert text.rstrip().endswith("results in out")
    assert output.rindex("\x1b[?25h") > output.rindex("\x1b[?25l")


def test_a_terminal_without_abilities_gets_plain_lines(tmp_path: Path) -> None:
    write_spec(tmp_path)
    code, output = screen(tmp_path, "run", "tiny.toml", "--out", "out", TERM="dumb")
    assert code == 0
    assert "\x1b" not in output
    assert "epoch 3/3: train loss" in output


def test_errors_are_red_on_a_terminal_unless_colour_is_unwanted(tmp_path: Path) -> None:
    code, output = screen(tmp_path, "validate", "absent.toml")
    assert code == 4
    assert output.startswith("\x1b[31m")
    _, plain = screen(tmp_path, "validate", "absent.toml", NO_COLOR="1")
    assert plain.startswith("error: absent.toml: ")


def test_most_steps_do_not_touch_the_display() -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=100, highlight=False)
    start = time.perf_counter()
    with Live(console=console, auto_refresh=False, transient=True) as live:
        callback = LiveProgress(live)
        plan = TrainingStarted(epochs=2, steps_per_epoch=20_000, examples=9)
        callback.training_started(plan, StillRun())
        for step in range(1, 20_001):
            callback.step_ended(StepEnded(step, 1, 0.5, 0.1))
    elapsed = time.perf_counter() - start
    refreshes = file.getvalue().count("epoch 1/2")
    # One more is the last, which closing the display repeats.
    assert 1 <= refreshes <= elapsed / REFRESH_SECONDS + 2


def test_rows_of_short_epochs_are_printed_together() -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=100, highlight=False)
    with Live(console=console, auto_refresh=False, transient=True) as live:
        callback = LiveProgress(live)
        plan = TrainingStarted(epochs=2, steps_per_epoch=1, examples=1)
        callback.training_started(plan, StillRun())
        for number in (1, 2):
            callback.epoch_ended(EpochEnded(number, number, 0.1, {"loss": 1.0}, {}, 0.5, 9.0))
        assert "train loss" not in file.getvalue()
        callback.print_rows()
        callback.print_rows()
    written = file.getvalue()
    assert written.count("train loss") == 1
    assert written.index("1/2") < written.index("2/2")


def test_a_pause_neither_slows_the_display_nor_counts_as_time() -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=100, highlight=False)
    with Live(console=console, auto_refresh=False, transient=True) as live:
        callback = LiveProgress(live)
        plan = TrainingStarted(epochs=1, steps_per_epoch=100, examples=100)
        callback.training_started(plan, StillRun())
        callback.step_ended(StepEnded(1, 1, 0.5, 0.1))
        callback.resume(-1000.0)  # as if training had begun so much earlier
        callback.step_ended(StepEnded(50, 1, 0.5, 0.1))
        assert "16:40 left" in file.getvalue()
