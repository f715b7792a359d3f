from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest

from layerkit.contained import contained


def test_what_is_changed_for_the_whole_process_is_put_back(tmp_path: Path) -> None:
    def state() -> tuple[object, ...]:
        streams = (sys.stdin, sys.stdout, sys.stderr)
        handler = signal.getsignal(signal.SIGINT)
        filters = [*warnings.filters]
        return (
            Path.cwd(),
            np.geterr(),
            filters,
            handler,
            sys.getrecursionlimit(),
            streams,
            sys.path[:],
        )

    before = state()
    with Path(os.devnull).open("r+", encoding="utf-8") as nowhere, contained():
        os.chdir(tmp_path)
        np.seterr(all="raise")
        warnings.simplefilter("ignore")
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.setrecursionlimit(900)
        sys.stdin = sys.stdout = sys.stderr = nowhere
        sys.path.clear()
    assert state() == before


def test_what_is_raised_leaves_with_the_same_done(tmp_path: Path) -> None:
    def leave() -> None:
        os.chdir(tmp_path)
        sys.exit(3)

    before = Path.cwd()
    with pytest.raises(SystemExit), contained():
        leave()
    assert Path.cwd() == before


def test_what_is_printed_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with contained():
        sys.stdout.write("a plugin that talks")
    assert tuple(capsys.readouterr()) == ("", "a plugin that talks")


def test_what_is_added_to_the_path_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", ["first", "second"])
    with contained():
        sys.path.insert(0, "added")
        sys.path.remove("first")
    assert sys.path == ["added", "second", "first"]


def test_a_directory_that_is_gone_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    with contained():
        os.chdir(tmp_path)
        gone.rmdir()
    with contained():
        os.chdir("/")
    monkeypatch.chdir(tmp_path)
    assert Path.cwd() == tmp_path


def test_another_thread_leaves_signals_alone() -> None:
    done: list[bool] = []

    def work() -> None:
        with contained():
            pass
        done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
