"""From what was typed to what has to be done."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import partial

from layerkit.cli.app import application
from layerkit.cli.exits import Work
from layerkit.cli.output import report, terminal_width, wrapped, write
from layerkit.cli.signals import INTERRUPTED

_LABEL = "Error: "


def do(arguments: Sequence[str] | None) -> int:
    """Do what the command line says, and return the exit code."""
    return _parsed(arguments)()


def _parsed(arguments: Sequence[str] | None) -> Work:
    """Return what the verb that was typed has to do, or the printing of help or of what is wrong.

    While typer works, nothing is done or printed: it would make exit code 1 of a reader that has
    gone, and break the words of a message.
    """
    lead = ""
    if os.environ.get("_LAYERKIT_COMPLETE") == "complete_bash":
        from layerkit.cli.completion import joined_words

        lead = joined_words(os.environ)
    chosen: list[Work] = []
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    try:
        typed = sys.argv[1:] if arguments is None else arguments
        app = application(chosen.append, next(iter(typed), None))
        with redirect_stdout(out), redirect_stderr(err):
            app(arguments)
    except SystemExit as leaving:
        code = leaving.code
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if chosen:
        return chosen[0]
    printed = "".join(line.removeprefix(lead) for line in out.getvalue().splitlines(keepends=True))
    return partial(_print, printed, err.getvalue(), code if isinstance(code, int) else 0)


def _print(out: str, err: str, code: int) -> int:
    """Print what typer would have printed."""
    write(out)
    usage, label, message = err.partition(_LABEL)
    width = terminal_width(sys.stderr)
    for line in usage.splitlines():
        write(f"{wrapped(line, width, 0)}\n", err=True)
    if label:
        report(message.strip())
    return code
