"""Lets a plugin be imported without lasting effects on the process that imports it."""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager, redirect_stdout, suppress

import numpy as np


@contextmanager
def contained() -> Generator[None]:
    """Put back what code in the context changes for everybody, as modules do when imported.

    That is: the current directory, what NumPy does about floating-point errors, filters of
    warnings, what Ctrl-C does, the limit of recursion, standard streams, and what was taken from
    ``sys.path``. What is printed to standard output, where the results of commands go, goes to
    standard error.
    """
    directory = _current_directory()
    path, limit, streams = [*sys.path], sys.getrecursionlimit(), (sys.stdin, sys.stdout, sys.stderr)
    handler = signal.getsignal(signal.SIGINT)
    try:
        with warnings.catch_warnings(), np.errstate(), redirect_stdout(sys.stderr):
            yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
        sys.path[:] = [*sys.path, *(each for each in path if each not in sys.path)]
        if sys.getrecursionlimit() != limit:
            sys.setrecursionlimit(limit)
        if directory is not None and _current_directory() != directory:
            with suppress(OSError):  # it is gone
                os.chdir(directory)
        is_main_thread = threading.current_thread() is threading.main_thread()
        if is_main_thread and handler is not None:
            signal.signal(signal.SIGINT, handler)


def _current_directory() -> str | None:
    """Return the current directory, None if it is gone."""
    try:
        return os.getcwd()  # noqa: PTH109  # as text, so that it can be compared
    except OSError:
        return None
