"""What is wrong with a spec: where, what was expected, what was found, what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from layerkit.errors import LayerkitError
from layerkit.messages import code_of, cut, hint_of, is_mismatch, reason_of
from layerkit.problems import PROBLEM
from layerkit.rules import code_text, severity_of
from layerkit.rules.rule import Severity
from layerkit.spec.positions import Span
from layerkit.spec.source import Mark, Marker, Source
from layerkit.values import is_list, is_table

MAX_PROBLEMS = 20
"""The most problems that are reported one by one; of further ones, only their number."""

MAX_CHARACTERS = 1000
"""Longer reasons and hints are cut."""

Loc: TypeAlias = tuple[str | int, ...]

OF_FILES = {"syntax", "too-large", "too-deep", "wrong-suffix"}
"""What is wrong with a whole file, so that there may be no line to point at."""

OF_KEYS = {"unknown-key", "missing-key", "former-key"}
"""What is wrong with a key rather than with its value."""


@dataclass(frozen=True, slots=True)
class Cause:
    """The place that a problem comes from.

    Attributes
    ----------
    loc
        Keys and indices that lead to it.
    text
        What is said about it: ``the shape (8,) comes from layers.0, dense_1``.
    span
        The characters that are meant, where ``loc`` does not say.
    """

    loc: Loc
    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a spec.

    Attributes
    ----------
    loc
        Keys and indices that lead to it.
    code
        Stable name of what is wrong.
    reason
        What was expected and what was found.
    hint
        What to do; may be empty.
    cause
        Where else to look, and why; None if the cause is at `loc`.
    span
        The characters that are wrong, where `loc` does not say.
    strict
        Whether it is an error even if its rule is that of a warning.
    """

    loc: Loc
    code: str
    reason: str
    hint: str = ""
    cause: Cause | None = None
    span: Span | None = None
    strict: bool = False

    @property
    def severity(self) -> Severity:
        """Whether the spec is refused for it."""
        return "error" if self.strict else severity_of(self.code)

    @property
    def path(self) -> str:
        """The path to it as ``--set`` takes it, such as ``layers.2.units``."""
        return ".".join(map(_key, self.loc))

    @property
    def message(self) -> str:
        """The path and the reason, without the hint."""
        where = ".".join(cut(_key(part), 60) for part in self.loc)
        return ": ".join(filter(None, [where, one_line(self.reason)]))

    def __str__(self) -> str:
        hint = one_line(self.hint or (self.cause.text if self.cause else ""))
        return self.message + (f" ({hint})" if hint else "")


class SpecError(LayerkitError):
    """A spec that cannot be run, with all that is wrong with it.

    Parameters
    ----------
    source
        What the spec was read from, or what messages call it.
    problems
        What is wrong, at least one.
    """

    exit_code = 2

    def __init__(self, source: str | Source, problems: Sequence[Problem]) -> None:
        super().__init__(source, problems)
        self.source: Source = Source(source) if isinstance(source, str) else source
        self.problems: tuple[Problem, ...] = tuple(problems)

    @property
    def lines(self) -> list[str] | None:
        """Every problem with its code; None for a spec that was written in Python."""
        of_file = all(problem.code in OF_FILES for problem in self.problems)
        return self._lines() if self.source.form is not None or of_file else None

    def _lines(self) -> list[str]:
        return lines_of(self.source, self.problems)

    def __str__(self) -> str:
        return "\n".join(self._lines())


def lines_of(source: Source, problems: Sequence[Problem]) -> list[str]:
    """Return problems as lines, the first `MAX_PROBLEMS` of them one by one."""
    shown, marker = problems[:MAX_PROBLEMS], Marker(source)
    lines = [line for each in shown for line in report_lines(source, each, marker)]
    if more := len(problems) - len(shown):
        lines.append(f"{source.name}: and {more} more problem{'s' if more > 1 else ''}")
    return lines


def report_lines(source: Source, problem: Problem, marker: Marker) -> list[str]:
    """Return a problem as lines: where, what, the line of the spec, and what to do."""
    label = f"{problem.severity}[{code_text(problem.code)}]"
    if source.form is None and problem.code in OF_FILES:
        hint = [f"help: {one_line(problem.hint)}"] if problem.hint else []
        return [f"{source.name}: {label}: {problem.message}", *hint]
    if source.form is None:
        return [f"{source.name}: {problem}"]
    mark = mark_of(problem, marker)
    lines = [f"{mark.where}: {label}: {problem.message}", *mark.excerpt]
    if problem.cause is not None:
        cause = mark_of_cause(problem.cause, marker)
        lines += [f"{cause.where}: {one_line(problem.cause.text)}", *cause.excerpt]
    if problem.hint:
        lines.append(f"help: {one_line(problem.hint)}")
    return lines


def mark_of(problem: Problem, marker: Marker) -> Mark:
    """Return where a problem is."""
    if problem.span is not None:
        return marker.at(problem.span)
    return marker.mark(problem.loc, key=problem.code in OF_KEYS)


def mark_of_cause(cause: Cause, marker: Marker) -> Mark:
    """Return where a problem comes from."""
    return marker.mark(cause.loc, key=False) if cause.span is None else marker.at(cause.span)


def problems_of(error: ValidationError, table: object) -> list[Problem]:
    """Return what pydantic found wrong with a parsed document, in Layerkit's words."""
    groups: dict[tuple[Loc, bool], list[ErrorDetails]] = {}
    for line in error.errors(include_url=False):
        if line["type"] != "default_factory_not_called":  # there is another error, then
            of_key = line["loc"][-1:] == ("[key]",)
            groups.setdefault((_without_union_tags(line, table), of_key), []).append(line)
    above = {loc[:end] for loc, _ in groups for end in range(len(loc))}
    return [
        _problem(loc, lines, table)
        for (loc, _), lines in groups.items()
        if loc not in above or not all(map(is_mismatch, lines))  # of another member of a union
    ]


def _problem(loc: Loc, lines: Sequence[ErrorDetails], table: object) -> Problem:
    code, hint = code_of(lines[0]), hint_of(lines[0])
    cause = None
    if code == "unknown-key" and not hint.startswith("did you mean"):
        here = table
        for part in loc[:-1]:
            if is_table(here):
                here = here.get(str(part))
            elif is_list(here) and isinstance(part, int):
                here = here[part]
        if is_table(here) and isinstance(here.get("type"), str):
            cause = Cause((*loc[:-1], "type"), f"{here['type']} has no such key")
    return Problem(loc, code, reason_of(lines), hint, cause)


def in_document_order(problems: Iterable[Problem], table: object) -> list[Problem]:
    """Return problems in the order of the document; a missing key comes after its siblings."""
    return sorted(problems, key=_rank_in(table))


def _rank_in(table: object) -> Callable[[Problem], tuple[int, ...]]:
    orders: dict[int, dict[str, int]] = {}

    def rank(problem: Problem) -> tuple[int, ...]:
        here, ranks = table, list[int]()
        for part in problem.loc:
            if is_table(here):
                if id(here) not in orders:
                    orders[id(here)] = {key: number for number, key in enumerate(here)}
                ranks.append(orders[id(here)].get(str(part), len(here)))
                here = here.get(str(part))
            else:
                index = part if isinstance(part, int) else 0
                ranks.append(index)
                here = here[index] if is_list(here) and index < len(here) else None
        return tuple(ranks)

    return rank


def _without_union_tags(line: ErrorDetails, table: object) -> Loc:
    """Return the path in the document; pydantic adds the names of union members to it."""
    own = int(line.get("ctx", {}).get("below", 0)) if line["type"] == PROBLEM else 0
    if line["type"] == "missing":
        own = 1
    loc: list[str | int] = []
    here = table
    for number, part in enumerate(line["loc"]):
        if is_table(here) and part in here:
            here = here[str(part)]
        elif is_list(here) and isinstance(part, int) and part < len(here):
            here = here[part]
        elif number < len(line["loc"]) - own:
            continue
        loc.append(part)
    return tuple(loc)


def _key(part: str | int) -> str:
    """Return a part of a path, in quotes where it would not be read back as one part."""
    if isinstance(part, int) or re.fullmatch(r"[A-Za-z0-9_-]+", part):
        return str(part)
    return _printable(json.dumps(part, ensure_ascii=False))


def one_line(text: str) -> str:
    """Return a reason, hint or cause as messages show it: on one line, and not too long."""
    return _printable(cut(text, MAX_CHARACTERS))


def _printable(text: str) -> str:
    """Return a text on one line, with control characters as escapes."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode()
        for each in " ".join(text.split())
    )
