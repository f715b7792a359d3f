"""Lines of text: results to standard output, errors to standard error."""

from __future__ import annotations

import os
import sys
import textwrap
import warnings
from collections.abc import Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TextIO

import typer

from layerkit.errors import LayerkitError, LayerkitWarning

_USUAL_WIDTH = 80


def say(text: str) -> None:
    """Print to standard output; never wraps."""
    write(printable(text) + "\n")


def say_heading(text: str) -> None:
    """Print a line to standard output, in a terminal in bold type."""
    text = printable(text)
    write(f"{text if os.environ.get('NO_COLOR') else typer.style(text, bold=True)}\n")


def say_facts(facts: Mapping[str, str], indent: int = 0) -> None:
    """Print a line for each fact, in a terminal with line breaks between words.

    Parameters
    ----------
    facts
        Values by their names.
    indent
        Where the values begin, if further right than the longest name needs.
    """
    width = terminal_width(sys.stdout)
    indent = max(indent, *(len(name) + 2 for name in facts))
    for name, fact in facts.items():
        say(f"{name:<{indent}}{wrapped(fact, width, indent)}")


def report(text: str, label: str = "error") -> None:
    """Print to standard error, every line labelled; in colour if that is a terminal.

    In a terminal, long lines are broken between words; elsewhere never, so that a line that is
    searched for is found whole.
    """
    width = terminal_width(sys.stderr)
    indent = len(f"{label}: ")
    if not os.environ.get("NO_COLOR"):
        label = typer.style(label, fg="red" if label == "error" else "yellow", bold=True)
    for line in printable(text).splitlines():
        write(f"{label}: {wrapped(line, width, indent)}\n", err=True)


def report_error(error: LayerkitError, source: str = "") -> None:
    """Print an error to standard error.

    Parameters
    ----------
    error
        What went wrong. Lines that say themselves that they are errors are printed as they are.
    source
        What it is about, put in front where the message does not name it.
    """
    lines = error.lines
    if lines is None:
        message = str(error)
        report(message if source in message else f"{source}: {message}")
        return
    report_lines(lines)


def report_lines(lines: Iterable[str]) -> None:
    """Print lines of problems to standard error, as they are but for colour."""
    for line in lines:
        write(f"{_coloured(printable(line))}\n", err=True)


def _coloured(line: str) -> str:
    """Return a line of a problem with its label in colour."""
    if os.environ.get("NO_COLOR"):
        return line
    for label, colour in (("error[", "red"), ("warning[", "yellow"), ("help:", "cyan")):
        start = line.find(label)
        if start == 0 or (start > 0 and line[start - 2 : start] == ": "):
            end = start + len(label) if label == "help:" else line.index("]", start) + 1
            return line[:start] + typer.style(line[start:end], fg=colour, bold=True) + line[end:]
    return line


def write(text: str, *, err: bool = False) -> None:
    """Write to standard output or standard error; to nowhere once its reader has gone.

    So ``layerkit run SPEC | head -1`` finishes its run.
    """
    try:
        typer.echo(text, nl=False, err=err)
    except BrokenPipeError:
        _discard(sys.stderr if err else sys.stdout)


def flush() -> None:
    """Write out what plugins printed and Python still holds."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            _discard(stream)


@contextmanager
def open_streams() -> Generator[None]:
    """Let standard output and standard error lead nowhere where the caller closed them."""
    closed = [name for name in ("stdout", "stderr") if vars(sys)[name] is None]
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, ExitStack() as stack:
        if "stdout" in closed:
            stack.enter_context(redirect_stdout(nowhere))
        if "stderr" in closed:
            stack.enter_context(redirect_stderr(nowhere))
        yield


@contextmanager
def plain_warnings() -> Generator[None]:
    """Report Python's warnings, which plugins may cause, in a line of their own without source."""
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        yield


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    del file, line
    if issubclass(category, LayerkitWarning):
        report(str(message), label="warning")
        return
    place = f"({Path(filename).name}, line {lineno})"
    report(f"{category.__name__}: {' '.join(str(message).split())} {place}", label="warning")


def discard_output() -> None:
    """Let standard output lead nowhere, whose reader has gone."""
    _discard(sys.stdout)


def _discard(stream: TextIO) -> None:
    """Let a stream lead nowhere, with what it still holds."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def wrapped(text: str, width: int | None, indent: int) -> str:
    """Return text with line breaks between words, none in a word that is too long.

    Parameters
    ----------
    text
        What to break.
    width
        Of the terminal; None to break nothing.
    indent
        Columns that are taken before the text; the lines that follow begin there too.
    """
    if width is None or indent + len(text) <= width:
        return text
    space = " " * indent
    lines = textwrap.fill(
        text,
        width,
        initial_indent=space,
        subsequent_indent=space,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines[indent:]


def terminal_width(stream: TextIO) -> int | None:
    """Return the columns of the terminal that a stream writes to; None if it is no terminal."""
    if not stream.isatty():
        return None
    wanted = os.environ.get("COLUMNS", "")
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH


def printable(text: str) -> str:
    """Return the text with control characters spelt out, so that none reaches a terminal."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in text
    )
