"""Where a text stops being TOML or JSON."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass

from layerkit.spec.positions import Span
from layerkit.spec.source import Format

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_HEADER = re.compile(r"\[\[?[\w.\"' -]+\]\]?[ \t]*(#[^\n]*)?$", re.MULTILINE)
_REST = re.compile(r"[ \t]*[^\s#]")
_COMMENT = re.compile(r'"(?:[^"\\\n]|\\[^\n])*+"?|\'[^\'\n]*+\'?|(?P<comment>#[^\n]*+)')
_OPENERS = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+("{3,5})?'
    r"|'''(?:[^']|'{1,2}(?!'))*+('{3,5})?"
    r'|"(?:[^"\\\n]|\\[^\n])*+(")?'
    r"|'[^'\n]*+(')?"
    r"|#[^\n]*+"
    r"|[\[\]{}]",
    re.DOTALL,
)
_JSON_OPENERS = re.compile(r'"(?:[^"\\\n]|\\[^\n])*+(")?|[\[\]{}]')


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What is wrong with a text.

    Attributes
    ----------
    message
        As the parser says it.
    span
        The characters where the parser stopped.
    opened
        The bracket or quote that is still open there; None if there is none.
    """

    message: str
    span: Span
    opened: Span | None


def toml_error(error: tomllib.TOMLDecodeError, text: str) -> SyntaxProblem:
    """Return what is wrong with a TOML text, and where."""
    message = str(error)
    at = len(text)
    found = _AT.search(message)
    if found:
        message = message[: found.start()]
        if found[1]:
            at = _offset(text, int(found[1]), int(found[2]))
    return _problem(message, text, at, "toml")


def json_error(error: json.JSONDecodeError, text: str) -> SyntaxProblem:
    """Return what is wrong with a JSON text, and where."""
    return _problem(error.msg, text, error.pos, "json")


def _problem(message: str, text: str, at: int, form: Format) -> SyntaxProblem:
    opened = _unclosed(text, at, form)
    if form == "json" and not text.lstrip().startswith("{"):
        return SyntaxProblem("Expected { at the start", _span(text, 0), None)
    is_separator_missing = (
        text[at : at + 1]
        and text[at] in "{\"'0123456789"
        and (message.startswith(("Unclosed array", "Expecting ',' delimiter")))
    )
    if is_separator_missing:
        message, at = "Expected a comma", _end_before_comments(text, at, form)
    return SyntaxProblem(
        message, _span(text, at), None if opened is None else Span(opened, opened + 1)
    )


def _end_before_comments(text: str, end: int, form: Format) -> int:
    """Return where a text ends before the blanks and comments that precede a place."""
    while True:
        while end and text[end - 1].isspace():
            end -= 1
        line = text.rfind("\n", 0, end) + 1
        found = _COMMENT.finditer(text, line, end) if form == "toml" else ()
        comment = next((each for each in found if each["comment"]), None)
        if comment is None:
            return end
        end = comment.start()


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start + column - 1


def _span(text: str, at: int) -> Span:
    """Return the characters to point at: those there, or the last before the end of a line."""
    if at < len(text) and text[at] not in "\r\n":
        return Span(at, at + 1)
    before = len(text[:at].rstrip())
    return Span(max(before - 1, 0), max(before, 1))


def _unclosed(text: str, end: int, form: Format) -> int | None:
    """Return where a bracket or quote was opened that is not closed.

    A bracket is usually closed on its line, or opened at the end of one. So where one is open, the
    first with something after it on its line that is not closed there is meant, else the innermost.
    """
    opened: list[int] = []
    early: list[int] = []
    for found in (_OPENERS if form == "toml" else _JSON_OPENERS).finditer(text, 0, end):
        first = found[0][0]
        if first in "\"'":
            if found.lastindex is None:
                return found.start()
        elif form == "toml" and opened and _is_header(text, found.start(), opened[-1]):
            break  # a header where an entry would stand: the list before it is open
        elif first in "[{":
            opened.append(found.start())
        elif first in "]}" and opened:
            at = opened.pop()
            if "\n" in text[at : found.start()] and _REST.match(text, at + 1):
                early.append(at)
    early += [at for at in opened[:-1] if _REST.match(text, at + 1)]
    return min(early, default=opened[-1]) if opened else None


def _is_header(text: str, at: int, opened: int) -> bool:
    """Tell whether a bracket begins a line that could be a header, below the line of another."""
    line = text.rfind("\n", 0, at) + 1
    return line > opened and _HEADER.match(text, line) is not None
