"""Streams that say that they are terminals."""

from __future__ import annotations

import io
import re
from collections.abc import Generator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import pytest

STYLE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True

    @property
    def lines(self) -> list[str]:
        """What was printed, without colours."""
        return [line.rstrip() for line in STYLE.sub("", self.getvalue()).splitlines()]


@contextmanager
def terminal(columns: int = 40) -> Generator[Terminal]:
    """Yield a terminal that both standard streams are while it lasts."""
    stream = Terminal()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(stream), redirect_stderr(stream):
        patch.setenv("COLUMNS", str(columns))
        patch.setenv("TERM", "xterm-256color")
        patch.delenv("TTY_COMPATIBLE", raising=False)
        patch.setenv("NO_COLOR", "1")
        yield stream
