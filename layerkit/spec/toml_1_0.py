"""What TOML 1.1 has and 1.0 has not, so that a spec is read alike on every Python.

Python reads TOML 1.1 from 3.15 on, and 1.0 before. Source of the differences: the change log of
TOML 1.1.0 (https://github.com/toml-lang/toml/blob/1.1.0/CHANGELOG.md).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

from layerkit.spec.positions import Path, Span, TomlScanner
from layerkit.spec.syntax import SyntaxProblem

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_WITHOUT_SECONDS = re.compile(
    r"(?:\d{4}-\d{2}-\d{2}[Tt ])?\d{2}:\d{2}(?!:)(?:[Zz]|[+-]\d{2}:\d{2})?"
)


@cache
def reads_newer_toml() -> bool:
    """Tell whether this Python reads TOML that is not TOML 1.0."""
    try:
        tomllib.loads("table = {\n}")
    except tomllib.TOMLDecodeError:
        return False
    return True


def newer_syntax(text: str) -> SyntaxProblem | None:
    """Return the first thing in a TOML text that TOML 1.0 does not have; None without one.

    Parameters
    ----------
    text
        Valid TOML 1.1.
    """
    scanner = _Scanner(text)
    scanner.scan()
    return min(scanner.newer, key=lambda each: each.span.start, default=None)


class _Scanner(TomlScanner):
    """Notes what is newer than TOML 1.0 where it scans it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.newer: list[SyntaxProblem] = []

    def _note(self, what: str, start: int, end: int) -> None:
        message = f"{what}, which TOML 1.0 does not have"
        self.newer.append(SyntaxProblem(message, Span(start, end), None))

    def _keys(self, at: int) -> tuple[list[tuple[str, Span]], int]:
        keys, end = super()._keys(at)
        for _, span in keys:
            self._check_escapes(span)
        return keys, end

    def _value(self, at: int, path: Path, key: Span | None) -> int:
        end = super()._value(at, path, key)
        written = self._text[at:end]
        self._check_escapes(Span(at, end))
        if _WITHOUT_SECONDS.fullmatch(written):
            self._note("a time without seconds", at, end)
        return end

    def _check_escapes(self, span: Span) -> None:
        written = self._text[span.start : span.end]
        if not written.startswith('"'):
            return
        for found in _ESCAPE.finditer(written):
            if found[1] in {"e", "x"}:
                start = span.start + found.start()
                self._note(f"the escape \\{found[1]}", start, start + 2)

    def _inside(self, at: int, path: Path, *, is_list: bool) -> int:
        if is_list:
            return super()._inside(at, path, is_list=True)
        after_comma: int | None = None
        at = self._on_one_line(at + 1)
        while self._text[at] != "}":
            at, after_comma = self._on_one_line(self._assignment(at, path)), None
            if self._text[at] == ",":
                after_comma = at
                at = self._on_one_line(at + 1)
        if after_comma is not None:
            self._note(
                "a comma after the last key of an inline table", after_comma, after_comma + 1
            )
        return at + 1

    def _on_one_line(self, at: int) -> int:
        """Return where blanks end; note a line break among them."""
        end = self._after_blanks(at)
        between = self._text[at:end]
        if between.strip(" \t"):
            start = at + len(between) - len(between.lstrip(" \t"))
            self._note("an inline table on several lines", start, start + 1)
        return end
