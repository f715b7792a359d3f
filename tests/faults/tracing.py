"""What strace is told to do, and what is read off its recordings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "openat",
    "write",
    "fsync",
    "close",
    *("rename", "renameat", "renameat2"),
    *("unlink", "unlinkat"),
    *("mkdir", "mkdirat", "rmdir"),
    "flock",
    "ftruncate",
)
"""What a run changes its directory with; which of them exist depends on the machine."""
_TRACE = ("-e", "trace=" + ",".join(f"?{call}" for call in CALLS))
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_DESCRIPTOR = re.compile(r"^\d+<([^>]*)>")


def strace() -> str:
    """Return where strace is; empty if it is not installed."""
    return shutil.which("strace") or ""


def strace_problem() -> str | None:
    """Return why nothing can be traced here, None if it can."""
    if not strace():
        return "the fault tests need strace: 'apt-get install strace' installs it"
    tried = subprocess.run(
        [strace(), "-o", os.devnull, sys.executable, "-c", ""],
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode:
        return f"the fault tests need strace, which may not trace here: {tried.stderr.strip()}"
    return None


@dataclass(frozen=True, slots=True)
class Call:
    """A system call.

    Attributes
    ----------
    name
        Of the call.
    paths
        The files that it names, or the one of its descriptor.
    result
        What it returned; negative for an error.
    """

    name: str
    paths: tuple[str, ...]
    result: int

    @property
    def is_rename(self) -> bool:
        """Whether it gives a file another name."""
        return self.name.startswith("rename")


def recorded(lines: Iterable[str]) -> list[Call]:
    """Return the calls in a recording that was made with `RECORDING`."""
    calls: list[Call] = []
    for line in lines:
        if match := _CALL.match(line):
            name, arguments, result = match.groups()
            paths = tuple(_QUOTED.findall(arguments)) if name != "write" else ()
            descriptor = _DESCRIPTOR.match(arguments)
            if descriptor and not paths and "/#" not in descriptor[1]:  # a file without a name
                paths = (descriptor[1],)
            calls.append(Call(name, paths, int(result)))
    return calls


RECORDING: Sequence[str] = ("-y", "-s", "4096", *_TRACE)
"""Options for a recording of everything that a command does to files."""


def under(calls: Iterable[Call], directory: Path) -> list[Call]:
    """Return the calls on a directory and what is in it."""
    start = str(directory)
    return [
        call
        for call in calls
        if any(path == start or path.startswith(f"{start}/") for path in call.paths)
    ]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong at a system call.

    Attributes
    ----------
    call
        Its name.
    number
        Which of the calls of that name, counted from 1.
    what
        An option of strace's ``inject``: ``signal=SIGKILL`` or ``error=ENOSPC``.
    and_on
        Whether it goes wrong from there on.
    """

    call: str
    number: int
    what: str
    and_on: bool = False

    def __str__(self) -> str:
        return f"{self.what} at {self.call} {self.number}{'+' * self.and_on}"

    def options(self, paths: Iterable[str]) -> list[str]:
        """Return what strace is told.

        Parameters
        ----------
        paths
            Files that calls count for.
        """
        when = f"{self.number}{'+' * self.and_on}"
        only = [word for path in paths for word in ("-P", path)]
        return [*RECORDING, *only, "-e", f"inject={self.call}:{self.what}:when={when}"]


def places(calls: Iterable[Call]) -> list[tuple[str, int]]:
    """Return every call, as its name and which of that name it is."""
    counted: Counter[str] = Counter()
    found: list[tuple[str, int]] = []
    for call in calls:
        counted[call.name] += 1
        found.append((call.name, counted[call.name]))
    return found


def kills(calls: Iterable[Call]) -> list[Fault]:
    """Return a SIGKILL at each of some calls."""
    return [Fault(name, number, "signal=SIGKILL") for name, number in places(calls)]


ERRORS = ("ENOSPC", "EIO", "EDQUOT", "EFBIG", "EINTR")
"""What a call may return when a disk is full or broken, a quota or a limit reached."""


def errors(calls: Sequence[Call], *, every: bool) -> list[Fault]:
    """Return errors at each of some calls.

    Parameters
    ----------
    calls
        The calls.
    every
        Whether each gets every error, by itself and from there on; otherwise they take turns, and
        a disk is full from each write on.
    """
    faults: list[Fault] = []
    for index, (name, number) in enumerate(places(calls)):
        chosen = ERRORS if every else [ERRORS[index % len(ERRORS)]]
        faults += [Fault(name, number, f"error={error}") for error in chosen]
        lasting: Sequence[str] = ["ENOSPC"] if name == "write" else []
        if every and (name in {"write", "fsync", "openat"} or name.startswith("rename")):
            lasting = [error for error in chosen if error != "EINTR"]  # Python tries again for it
        faults += [Fault(name, number, f"error={error}", and_on=True) for error in lasting]
    return faults
