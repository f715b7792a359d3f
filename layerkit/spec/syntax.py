"""Where a text stops being TOML or JSON."""

from __future__ import annotations

import json
import re
import tomllib

from layerkit.spec.positions import Span
from layerkit.spec.source import Format

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_IS_UNCLOSED = re.compile(r"Unclosed|Unterminated|Expected \"|Illegal character '\\n'|Expecting")
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


def toml_error(error: tomllib.TOMLDecodeError, text: str) -> tuple[str, Span]:
    """Return what is wrong with a TOML text, and where."""
    message = str(error)
    at = len(text)
    found = _AT.search(message)
    if found:
        message = message[: found.start()]
        if found[1]:
            at = _offset(text, int(found[1]), int(found[2]))
    return message, _span(text, message, at, "toml")


def json_error(error: json.JSONDecodeError, text: str) -> tuple[str, Span]:
    """Return what is wrong with a JSON text, and where."""
    return error.msg, _span(text, error.msg, error.pos, "json")


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start + column - 1


def _span(text: str, message: str, at: int, form: Format) -> Span:
    """Return the characters to point at: what opened and was not closed, or what stands there."""
    if at >= len(text.rstrip()) or (form == "toml" and _IS_UNCLOSED.search(message)):
        opened = _unclosed(text[:at], form)
        if opened is not None:
            return Span(opened, opened + 1)
    if at < len(text) and text[at] != "\n":
        return Span(at, at + 1)
    before = len(text[:at].rstrip())
    return Span(max(before - 1, 0), max(before, 1))


def _unclosed(text: str, form: Format) -> int | None:
    """Return where the innermost bracket or quote is that was opened and not closed."""
    opened: list[int] = []
    for found in (_OPENERS if form == "toml" else _JSON_OPENERS).finditer(text):
        first = found[0][0]
        if first in "\"'":
            if found.lastindex is None:
                return found.start()
        elif first in "[{":
            opened.append(found.start())
        elif first in "]}" and opened:
            opened.pop()
    return opened[-1] if opened else None
