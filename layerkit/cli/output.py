"""Lines of text: results to standard output, errors to standard error."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Mapping

import typer


def say(text: str) -> None:
    """Print to standard output; never wraps."""
    typer.echo(printable(text))


def say_facts(facts: Mapping[str, str]) -> None:
    """Print a line for each fact, in a terminal with line breaks between words."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    indent = max(map(len, facts)) + 2
    for name, fact in facts.items():
        text = f"{name:<{indent}}{fact}"
        if width is not None and len(text) > width:
            text = textwrap.fill(
                text,
                width,
                subsequent_indent=" " * indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
        say(text)


def report(text: str, label: str = "error") -> None:
    """Print to standard error, every line labelled; in colour if that is a terminal."""
    if not os.environ.get("NO_COLOR"):
        label = typer.style(label, fg="red" if label == "error" else "yellow", bold=True)
    for line in printable(text).splitlines():
        typer.echo(f"{label}: {line}", err=True)


def printable(text: str) -> str:
    """Return the text with control characters spelt out, so that none reaches a terminal."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in text
    )
