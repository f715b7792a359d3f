"""Signals as exceptions, so that a run can save what it has before it ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

from layerkit.interrupts import Terminated, raise_interrupted

INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM


@contextmanager
def raising_on_sigint() -> Generator[None]:
    """Raise `Interrupted` when Ctrl-C is pressed, to be told from what a plugin raises.

    Does nothing outside the main thread, or where the caller handles or ignores the signal.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler or not _is_main_thread():
        yield
        return
    signal.signal(signal.SIGINT, raise_interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def raising_on_sigterm() -> Generator[None]:
    """Raise `Terminated` in the main thread when SIGTERM arrives, while the context lasts."""
    previous = signal.signal(signal.SIGTERM, _raise)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous or signal.SIG_DFL)


def _raise(_number: int, _frame: FrameType | None) -> None:
    raise Terminated


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
