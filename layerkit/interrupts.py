"""Interruptions from outside, and how they are told from what a plugin raises."""

from __future__ import annotations

import signal
from types import FrameType


class Interrupted(KeyboardInterrupt):
    """Ctrl-C was pressed, or SIGINT arrived."""


class Terminated(BaseException):
    """SIGTERM arrived."""


def raise_interrupted(_number: int, _frame: FrameType | None) -> None:
    """Handle SIGINT; see `is_real`."""
    raise Interrupted


def is_real(interrupt: KeyboardInterrupt) -> bool:
    """Tell whether SIGINT arrived, rather than that a component raised `KeyboardInterrupt`.

    That can be told where `raise_interrupted` handles the signal, or where it is ignored, as in a
    job that a shell started in the background; elsewhere each counts as real.
    """
    if isinstance(interrupt, Interrupted):
        return True
    return signal.getsignal(signal.SIGINT) not in {raise_interrupted, signal.SIG_IGN}
