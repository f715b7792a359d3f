from __future__ import annotations

import os
import re
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from layerkit.cli.signals import interrupting
from layerkit.errors import PluginError
from layerkit.interrupts import Interrupted, Interruption, Terminated
from layerkit.runs.run import load
from tests.helpers.commands import LONGEST, finished, start
from tests.helpers.specs import write_spec

# A shell starts background jobs deaf to SIGINT, and with them all that they start.
LISTENING = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from layerkit.cli import main
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("number", "code", "status", "word"),
    [
        (signal.SIGINT, 130, "Interrupted", "interrupted"),
        (signal.SIGTERM, 143, "Terminated", "terminated"),
        (signal.SIGHUP, 129, "Terminated", "terminated"),
    ],
)
def test_an_interrupted_run_saves_what_it_has(
    tmp_path: Path, number: signal.Signals, code: int, status: str, word: str
) -> None:
    command = ["run", str(write_spec(tmp_path)), "--set", "training.epochs=1000000", "--out", "out"]
    process = start("-c", LISTENING, *command, cwd=tmp_path)
    history = tmp_path / "out" / "history.jsonl"
    deadline = time.monotonic() + LONGEST
    while not (history.exists() and history.stat().st_size > 0):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(number)
    ran = finished(process)
    assert ran.code == code
    assert re.fullmatch(
        rf"error: {word}\nnote: out has what was trained so far\n"
        r"note: out/best\.safetensors has the weights of epoch \d+, the best so far\n"
        r"note: 'layerkit resume out' continues it: out/checkpoints/step-.* steps?\n",
        ran.err,
    )
    assert f'"status": "{status}"' in (tmp_path / "out" / "manifest.json").read_text()
    assert load(tmp_path / "out").parameters["dense_1.weight"].any()


NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_asks_twice_and_then_insists(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    signal.signal(number, signal.default_int_handler)
    error = Interrupted if number == signal.SIGINT else Terminated
    interruption = Interruption()
    interruption.is_awaited = True
    try:
        with interrupting(interruption):
            os.kill(os.getpid(), number)
            first = interruption.error
            os.kill(os.getpid(), number)
            with pytest.raises(error):
                os.kill(os.getpid(), number)
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)
    assert isinstance(first, error)
    assert interruption.error is first


@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_that_nobody_awaits_ends_the_run_at_once(number: signal.Signals) -> None:
    before = signal.signal(number, signal.default_int_handler)
    interruption = Interruption()
    try:
        with pytest.raises((Interrupted, Terminated)) as caught, interrupting(interruption):
            os.kill(os.getpid(), number)
    finally:
        signal.signal(number, before)
    assert interruption.error is caught.value  # in case that a library makes another error of it


def test_a_signal_that_python_ignores_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    class Closing:
        def __init__(self, error: BaseException) -> None:
            self._error = error

        def __del__(self) -> None:
            raise self._error

    with interrupting(Interruption()):
        Closing(Terminated())
        assert capsys.readouterr().err == ""
    hook = sys.unraisablehook
    told: list[object] = []
    sys.unraisablehook = lambda unraisable: told.append(unraisable.exc_value)
    try:
        with interrupting(Interruption()):
            Closing(ValueError())
            Closing(Interrupted())
    finally:
        sys.unraisablehook = hook
    assert [type(each) for each in told] == [ValueError]


def test_a_signal_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interrupting(Interruption()):
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("made", [ValueError("dumping failed"), PluginError("a plugin failed")])
def test_a_signal_of_which_a_library_makes_another_error_comes_out(made: Exception) -> None:
    def signalled() -> None:
        with suppress(Terminated):
            signal.raise_signal(signal.SIGTERM)
        raise made

    with pytest.raises(Terminated) as caught, interrupting(Interruption()):
        signalled()
    assert caught.value.__cause__ is made


def test_an_error_without_a_signal_stays_what_it_is() -> None:
    with pytest.raises(ValueError, match="dumping failed"), interrupting(Interruption()):
        raise ValueError("dumping failed")
