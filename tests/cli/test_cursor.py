from __future__ import annotations

import os
import pty
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from layerkit.cli.cursor import shown_while_stopped
from tests.helpers.commands import LONGEST, start
from tests.helpers.specs import write_spec

HIDDEN, SHOWN = b"\x1b[?25l", b"\x1b[?25h"


def test_the_cursor_is_there_while_a_run_is_stopped_and_hidden_when_it_goes_on(
    tmp_path: Path,
) -> None:
    ours, theirs = pty.openpty()
    run = ("-m", "layerkit", "run", write_spec(tmp_path), "--out", "out")
    many = ("--set", "training.epochs=1000000")
    extra = {"TERM": "xterm-256color"}
    with start(*run, *many, cwd=tmp_path, out=theirs, err=theirs, extra=extra, group=0) as process:
        output = b""

        def read_until(is_there: Callable[[bytes], bool]) -> None:
            nonlocal output
            while not is_there(output):
                output += os.read(ours, 65536)

        try:
            read_until(lambda text: b"1/1000000" in text)
            assert SHOWN not in output
            process.send_signal(signal.SIGTSTP)
            assert os.WIFSTOPPED(os.waitpid(process.pid, os.WUNTRACED)[1])
            read_until(lambda text: SHOWN in text)
            assert output.endswith(SHOWN)
            process.send_signal(signal.SIGCONT)
            read_until(lambda text: text.rfind(HIDDEN) > text.find(SHOWN))
            read_until(lambda text: b"left" in text[text.rfind(HIDDEN) :])
            process.send_signal(signal.SIGTERM)
            read_until(lambda text: b"what was trained so far" in text)
            assert process.wait(LONGEST) == 143
            assert output.rfind(SHOWN) > output.rfind(HIDDEN)
        finally:
            process.kill()
            os.close(ours)
            os.close(theirs)


def test_the_signal_is_handled_only_while_the_context_lasts() -> None:
    before = signal.getsignal(signal.SIGTSTP)
    assert before is signal.SIG_DFL
    with shown_while_stopped(1, print):
        assert signal.getsignal(signal.SIGTSTP) is not before
    assert signal.getsignal(signal.SIGTSTP) is before


def test_where_somebody_else_handles_the_signal_nothing_changes() -> None:
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    try:
        with shown_while_stopped(1, print):
            assert signal.getsignal(signal.SIGTSTP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)


def test_other_threads_and_systems_without_the_signal_do_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entered: list[bool] = []

    def enter() -> None:
        with shown_while_stopped(1, print):
            entered.append(True)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    monkeypatch.delattr(signal, "SIGTSTP")
    enter()
    assert entered == [True, True]
