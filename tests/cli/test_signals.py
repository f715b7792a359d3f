from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from layerkit.cli.signals import raising_on_sigterm
from layerkit.interrupts import Terminated
from layerkit.runs.run import load_run
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
    assert ran.err == f"error: {word}\nnote: out has what was trained so far\n"
    assert f'"status": "{status}"' in (tmp_path / "out" / "manifest.json").read_text()
    assert load_run(tmp_path / "out").parameters["dense_1.weight"].any()


def test_sigterm_is_an_exception_only_while_the_context_lasts() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Terminated), raising_on_sigterm():
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == before
