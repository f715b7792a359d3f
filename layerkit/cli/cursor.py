"""The cursor of a terminal, which a live display hides."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from types import FrameType

_HIDE, _SHOW = b"\x1b[?25l", b"\x1b[?25h"


@contextmanager
def shown_while_stopped(terminal: int, resume: Callable[[float], None]) -> Generator[None]:
    """Show the cursor while Ctrl-Z has stopped the program, and hide it once that goes on.

    Does nothing outside the main thread, where the caller handles or ignores the signal, or on a
    system that has no such signal.

    Parameters
    ----------
    terminal
        The file descriptor of a terminal whose cursor is hidden.
    resume
        Called when the program goes on, with the seconds that it stood still.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or not hasattr(signal, "SIGTSTP"):
        yield
        return
    stop = signal.SIGTSTP
    if signal.getsignal(stop) is not signal.SIG_DFL:
        yield
        return

    def stopped(_number: int, _frame: FrameType | None) -> None:
        # Written past Python's buffers, which the signal may have found half changed.
        _write(terminal, _SHOW)
        since = time.perf_counter()
        signal.signal(stop, signal.SIG_DFL)
        signal.pthread_kill(threading.get_ident(), stop)  # here the program waits for SIGCONT
        signal.signal(stop, stopped)
        if not _is_in_background(terminal):
            _write(terminal, _HIDE)
        resume(time.perf_counter() - since)

    signal.signal(stop, stopped)
    try:
        yield
    finally:
        signal.signal(stop, signal.SIG_DFL)


def _write(terminal: int, code: bytes) -> None:
    with suppress(OSError):
        os.write(terminal, code)


def _is_in_background(terminal: int) -> bool:
    """Tell whether a shell now reads from the terminal, whose cursor is its own."""
    try:
        return os.tcgetpgrp(terminal) != os.getpgrp()
    except OSError:
        return False
