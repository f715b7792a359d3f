"""What signals do: a run saves what it has before it ends."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from layerkit.errors import PluginError
from layerkit.interrupts import (
    Interrupted,
    Interruption,
    InterruptionHandler,
    Terminated,
)

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM
HUNG_UP = 129


@contextmanager
def raising_on_sigint() -> Generator[Interruption]:
    """Raise `Interrupted` when Ctrl-C is pressed, to be told from what a plugin raises.

    The interruption knows of it even where a library makes another error of that. Does nothing
    outside the main thread, or where the caller handles or ignores the signal.
    """
    interruption = Interruption()
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler or not _is_main_thread():
        yield interruption
        return
    signal.signal(signal.SIGINT, InterruptionHandler(interruption))
    try:
        yield interruption
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def interrupting(interruption: Interruption) -> Generator[None]:
    """Let SIGINT, SIGTERM and SIGHUP end a run between two steps, while the context lasts.

    Where nobody looks for a request, because training has not begun or is over, they end it at
    once; so does the third signal. One that the caller ignores, as ``nohup`` does, stays ignored.
    """
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [signal.Signals[name] for name in names if hasattr(signal, name)]
    handler = InterruptionHandler(interruption)
    print_ignored = sys.unraisablehook

    def ignored(unraisable: UnraisableHookArgs) -> None:
        if not isinstance(unraisable.exc_value, Interrupted | Terminated):
            print_ignored(unraisable)

    previous = {number: signal.getsignal(number) for number in numbers if _is_main_thread()}
    for number, before in previous.items():
        if before not in {signal.SIG_IGN, None}:
            signal.signal(number, handler)
    sys.unraisablehook = ignored
    try:
        yield
    except (PluginError, ValueError) as error:
        if interruption.error is None:
            raise
        raise interruption.error from error  # pydantic makes other errors of signals
    finally:
        sys.unraisablehook = print_ignored
        for number, before in previous.items():
            if before not in {signal.SIG_IGN, None}:
                signal.signal(number, before)


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
