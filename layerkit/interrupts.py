"""Interruptions from outside, and how they are told from what a plugin raises."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 2
"""Signals that wait for the end of a step; the next one does not."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C was pressed, or SIGINT arrived."""


class Terminated(BaseException):
    """SIGTERM or SIGHUP arrived.

    Parameters
    ----------
    number
        Of the signal.
    """

    def __init__(self, number: int = signal.SIGTERM) -> None:
        super().__init__()
        self.number = number


class Interruption:
    """What ends a run from outside, such as a signal: requested now, carried out between steps.

    Attributes
    ----------
    error
        What the run raises once it has saved; None until it is requested.
    is_awaited
        Whether training looks for a request; without that, nobody will.
    """

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.is_awaited: bool = False

    def request(self, error: BaseException) -> None:
        """Ask for the end of the run; the first request counts."""
        self.error = self.error or error

    @contextmanager
    def until_saved(self) -> Generator[None]:
        """Let nobody await a request any more once the context ends."""
        try:
            yield
        finally:
            self.is_awaited = False


class InterruptionHandler:
    """Handles signals that are to end a run: it asks, and after the second time insists.

    Parameters
    ----------
    interruption
        Where it asks. If nobody awaits a request, the first signal raises at once.
    """

    def __init__(self, interruption: Interruption) -> None:
        self._interruption = interruption
        self._arrived = 0

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        self._arrived += 1
        error = Interrupted() if number == signal.SIGINT else Terminated(number)
        self._interruption.request(error)
        if not self._interruption.is_awaited or self._arrived > PATIENCE:
            raise error  # libraries make other errors of it, or print it and go on


def is_real(interrupt: KeyboardInterrupt) -> bool:
    """Tell whether SIGINT arrived, rather than that a component raised `KeyboardInterrupt`.

    That can be told where a handler of this module has the signal, or where it is ignored, as in a
    job that a shell started in the background; elsewhere each counts as real.
    """
    handler = signal.getsignal(signal.SIGINT)
    can_be_told = handler is signal.SIG_IGN or isinstance(handler, InterruptionHandler)
    return isinstance(interrupt, Interrupted) or not can_be_told
