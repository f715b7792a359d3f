"""Calls the command line: in a process of its own, or in this one, which is faster."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from layerkit.cli import main

if TYPE_CHECKING:
    import pytest

LONGEST = 60
"""Seconds that a process of a test may take, on a busy machine."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def environment(**extra: str) -> dict[str, str]:
    """Return this process's environment without what would change the output."""
    unwanted = {"COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "TTY_INTERACTIVE", "TTY_COMPATIBLE"}
    return {**{key: value for key, value in os.environ.items() if key not in unwanted}, **extra}


def start(
    *arguments: str | Path,
    cwd: Path,
    out: int = subprocess.PIPE,
    err: int = subprocess.PIPE,
    extra: Mapping[str, str] | None = None,
    group: int | None = None,
) -> subprocess.Popen[str]:
    """Start this interpreter; ``out`` and ``err`` are file descriptors or pipes.

    With ``group`` 0 it gets a process group of its own, as a job of a shell has.
    """
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env=environment(**(extra or {})),
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        text=True,
        process_group=group,
    )


def finished(process: subprocess.Popen[str]) -> Ran:
    try:
        out, err = process.communicate(timeout=LONGEST)
    finally:
        process.kill()
    return Ran(process.returncode, out or "", err or "")


def in_process(*arguments: str | Path, cwd: Path, extra: Mapping[str, str] | None = None) -> Ran:
    return finished(start("-m", "layerkit", *arguments, cwd=cwd, extra=extra))


def here(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Ran:
    capsys.readouterr()
    try:
        code: object = main([str(argument) for argument in arguments])
    except SystemExit as left:
        code = left.code
    assert isinstance(code, int)
    captured = capsys.readouterr()
    return Ran(code, captured.out, captured.err)
