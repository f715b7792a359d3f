"""What is wrong with a spec: where, what was expected, what was found, what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from layerkit.errors import LayerkitError
from layerkit.strict import PROBLEM, is_list, is_table

MOST_PROBLEMS = 20
"""A spec with more problems than this is told the first ones and their number."""

Loc: TypeAlias = tuple[str | int, ...]


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
    """

    loc: Loc
    code: str
    reason: str
    hint: str = ""

    def __str__(self) -> str:
        path = ".".join(str(part) for part in self.loc)
        return ": ".join(filter(None, [path, self.reason])) + (
            f" ({self.hint})" if self.hint else ""
        )


class SpecError(LayerkitError):
    """A spec that cannot be run, with all that is wrong with it.

    Parameters
    ----------
    source
        What the spec was read from, such as its file's name.
    problems
        What is wrong, at least one.
    """

    exit_code = 2

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        super().__init__(source, problems)
        self.source = source
        self.problems = tuple(problems)

    def __str__(self) -> str:
        shown = self.problems[:MOST_PROBLEMS]
        lines = [f"{self.source}: {problem}" for problem in shown]
        if len(self.problems) > len(shown):
            lines.append(f"{self.source}: and {len(self.problems) - len(shown)} more problems")
        return "\n".join(lines)


def problems_of(error: ValidationError, table: object) -> list[Problem]:
    """Return what pydantic found wrong with a parsed document, in Layerkit's words."""
    by_loc: dict[Loc, list[ErrorDetails]] = {}
    for line in error.errors(include_url=False):
        by_loc.setdefault(_without_union_tags(line, table), []).append(line)
    return [_problem(loc, lines) for loc, lines in by_loc.items()]


def _without_union_tags(line: ErrorDetails, table: object) -> Loc:
    """Return the path in the document; pydantic adds the names of union members to it."""
    loc: list[str | int] = []
    here = table
    for number, part in enumerate(line["loc"], 1):
        last = number == len(line["loc"])
        if is_table(here):
            if part in here:
                here = here[str(part)]
            elif not (last and line["type"] in {"missing", PROBLEM}):
                continue
        elif is_list(here) and isinstance(part, int):
            here = here[part]
        else:
            continue
        loc.append(part)
    return tuple(loc)


def _problem(loc: Loc, lines: Sequence[ErrorDetails]) -> Problem:
    line = lines[0]
    context = line.get("ctx", {})
    if line["type"] == PROBLEM:
        return Problem(loc, str(context["code"]), line["msg"], str(context["hint"]))
    if line["type"] == "missing":
        return Problem(loc, "missing-key", f"required key '{loc[-1]}' is missing")
    expected = " or ".join(dict.fromkeys(_expected(each) for each in lines))
    return Problem(loc, "wrong-value", f"{expected}, found {_shown(line['input'])}")


def _expected(line: ErrorDetails) -> str:
    wording = _WORDINGS.get(line["type"])
    return wording(line.get("ctx", {})) if wording is not None else line["msg"]


def _shown(value: object) -> str:
    """Return a value as a spec's author would know it, cut short."""
    if isinstance(value, bool):
        return str(value).lower()
    if is_table(value):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


Context: TypeAlias = Mapping[str, object]
_WORDINGS: Mapping[str, Callable[[Context], str]] = {
    "int_type": lambda _: "expected an integer",
    "float_type": lambda _: "expected a number",
    "string_type": lambda _: "expected a string",
    "bool_type": lambda _: "expected true or false",
    "tuple_type": lambda _: "expected a list",
    "model_type": lambda _: "expected a table",
    "finite_number": lambda _: "expected a finite number",
    "literal_error": lambda ctx: f"expected {ctx['expected']}",
    "greater_than": lambda ctx: f"expected a number above {ctx['gt']}",
    "greater_than_equal": lambda ctx: f"expected a number from {ctx['ge']}",
    "less_than": lambda ctx: f"expected a number below {ctx['lt']}",
    "less_than_equal": lambda ctx: f"expected a number up to {ctx['le']}",
    "too_short": lambda ctx: f"expected at least {ctx['min_length']} of them",
}
