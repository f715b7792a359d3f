"""What is to be said of a spec's file: whether it is good, and each thing wrong with it.

Every format that ``layerkit validate`` prints for other programs is made of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from layerkit.errors import DataError, FileError, LayerkitError, PluginError
from layerkit.rules import RULES
from layerkit.rules.rule import Rule, Severity
from layerkit.spec.diagnostics import (
    Problem,
    SpecError,
    mark_of,
    mark_of_cause,
    one_line,
)
from layerkit.spec.source import Mark, Marker, Source

MAX_DIAGNOSTICS = 1000
"""The most that are listed for a file; of further ones, only their number."""

_OTHER_RULES: tuple[tuple[type[LayerkitError], Rule], ...] = (
    (
        FileError,
        Rule("file-error", "file-error", "a file cannot be read", "Correct the path, or the file."),
    ),
    (DataError, RULES["data"]),
    (
        PluginError,
        Rule("plugin-error", "plugin-error", "a plugin is at fault", "Tell its authors."),
    ),
    (
        LayerkitError,
        Rule("usage-error", "usage-error", "the call is wrong", "Correct the options."),
    ),
)
"""By the type of an error that is no `SpecError`, what it is an example of."""


@dataclass(frozen=True, slots=True)
class Region:
    """Characters of a file, up to but without the end.

    Attributes
    ----------
    line, column, end_line, end_column
        From 1; columns count characters (Unicode code points).
    start_byte, end_byte
        From 0, in the file as it is: UTF-8, with its byte order mark if it has one.
    first_line
        The text of the line that it begins in.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    start_byte: int
    end_byte: int
    first_line: str


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a diagnostic is about: where its cause is.

    Attributes
    ----------
    message
        What is said about it.
    region
        Where it is; None if that is not in the file.
    option
        The option that it is in, such as ``--set 2``, if it is not in the file.
    """

    message: str
    region: Region | None
    option: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing wrong with a spec.

    Attributes
    ----------
    rule
        What it is an example of.
    severity
        Whether the spec is refused for it.
    message
        What was expected and what was found.
    path
        Keys and indices that lead to it, joined by dots as ``--set`` takes them; may be empty.
    help
        What to do; may be empty.
    region
        Where it is; None if that is not in the file, or not known.
    option
        The option that it is in, such as ``--set 2``, if it is not in the file.
    related
        Where else to look.
    """

    rule: Rule
    severity: Severity
    message: str
    path: str = ""
    help: str = ""
    region: Region | None = None
    option: str = ""
    related: tuple[Related, ...] = ()

    @property
    def text(self) -> str:
        """Path, message and help in one line."""
        message = f"{self.path}: {self.message}" if self.path else self.message
        return f"{message} (help: {self.help})" if self.help else message


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one file.

    Attributes
    ----------
    file
        As it was asked for.
    exit_code
        What the program would end with for this file alone; 0 if it is good.
    diagnostics
        What is wrong with it, and warnings; at most `MAX_DIAGNOSTICS`.
    count
        How many there are in all.
    summary
        Its size if it is good, such as ``3 layers, 51 parameters``; else empty.
    """

    file: Path
    exit_code: int
    diagnostics: tuple[Diagnostic, ...] = ()
    count: int = 0
    summary: str = ""


def failed(file: Path, error: LayerkitError) -> Verdict:
    """Return the verdict on a file whose spec cannot be run."""
    if isinstance(error, SpecError):
        found = diagnostics_of(error.source, error.problems[:MAX_DIAGNOSTICS])
        return Verdict(file, error.exit_code, found, len(error.problems))
    rule = next(rule for kind, rule in _OTHER_RULES if isinstance(error, kind))
    return Verdict(file, error.exit_code, (Diagnostic(rule, "error", one_line(str(error))),), 1)


def diagnostics_of(source: Source, problems: Sequence[Problem]) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a spec, each at its place."""
    marker = Marker(source)
    return tuple(_diagnostic(source, problem, marker) for problem in problems)


def _diagnostic(source: Source, problem: Problem, marker: Marker) -> Diagnostic:
    region, option = _place(source, mark_of(problem, marker))
    related: tuple[Related, ...] = ()
    if problem.cause is not None:
        place = _place(source, mark_of_cause(problem.cause, marker))
        related = (Related(one_line(problem.cause.text), *place),)
    return Diagnostic(
        rule=RULES.get(problem.code) or _plugins_own(problem.code),
        severity=problem.severity,
        message=one_line(problem.reason),
        path=one_line(problem.path),
        help=one_line(problem.hint),
        region=region,
        option=option,
        related=related,
    )


def _plugins_own(name: str) -> Rule:
    return Rule(name, name, "a plugin found the spec wrong", "See what the message says.")


def _place(source: Source, mark: Mark) -> tuple[Region | None, str]:
    """Return where a mark points: some characters of the file, or an option."""
    if mark.span is None:
        return None, "" if mark.where == source.name else mark.where
    text, start, end = source.text, mark.span.start, max(mark.span.start, mark.span.end)
    line, column = _position(text, start)
    end_line, end_column = _position(text, end)
    line_end = text.find("\n", start)
    first_line = text[start - column + 1 : len(text) if line_end < 0 else line_end]
    start_byte = source.mark_bytes + _bytes(text[:start])
    end_byte = start_byte + _bytes(text[start:end])
    region = Region(
        line, column, end_line, end_column, start_byte, end_byte, first_line.rstrip("\r")
    )
    return region, ""


def _position(text: str, at: int) -> tuple[int, int]:
    """Return line and column of a character, from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
