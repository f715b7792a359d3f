"""Where in its text each key and value of a spec stands.

No parser for both TOML and JSON tells positions, so these scanners find them in texts that
``tomllib`` or ``json`` has accepted: they need not tell right from wrong. They run only once
something is to be said about a spec.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from layerkit.values import is_table

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a text, from ``start`` up to but without ``end``."""

    start: int
    end: int


@dataclass(slots=True)
class Place:
    """Where a key and its value stand.

    Attributes
    ----------
    key
        The key, or the header of a table that has one; None for an entry of a list.
    value
        The value; None for a table under a header.
    """

    key: Span | None = None
    value: Span | None = None


def positions(text: str, form: Literal["toml", "json"]) -> Mapping[Path, Place]:
    """Return the place of everything in a text, by its path.

    Parameters
    ----------
    text
        What ``tomllib`` or ``json`` has read without an error.
    form
        Which of the two.
    """
    scanner = TomlScanner(text) if form == "toml" else _Json(text)
    scanner.scan()
    return scanner.places


_BLANK = re.compile(r"[ \t\r\n]*+")
JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
JSON_OTHER = re.compile(r"[^\s,\]}]++")


class _Json:
    def __init__(self, text: str) -> None:
        self.places: dict[Path, Place] = {}
        self._text = text

    def scan(self) -> None:
        self._value(self._after_blanks(0), (), None)

    def _after_blanks(self, at: int) -> int:
        found = _BLANK.match(self._text, at)
        return found.end() if found else at

    def _value(self, at: int, path: Path, key: Span | None) -> int:
        """Note the value that begins there; return where it ends."""
        place = self.places[path] = Place(key)
        first = self._text[at]
        if first == "{":
            end = self._members(at, path)
        elif first == "[":
            end = self._entries(at, path)
        else:
            found = (JSON_TEXT if first == '"' else JSON_OTHER).match(self._text, at)
            end = found.end() if found else at + 1
        place.value = Span(at, end)
        return end

    def _members(self, at: int, path: Path) -> int:
        at = self._after_blanks(at + 1)
        while self._text[at] != "}":
            found = JSON_TEXT.match(self._text, at)
            key = Span(at, found.end() if found else at + 1)
            name = str(json.loads(self._text[key.start : key.end]))
            at = self._after_blanks(key.end) + 1  # the colon
            at = self._after_blanks(self._value(self._after_blanks(at), (*path, name), key))
            if self._text[at] == ",":
                at = self._after_blanks(at + 1)
        return at + 1

    def _entries(self, at: int, path: Path) -> int:
        at, index = self._after_blanks(at + 1), 0
        while self._text[at] != "]":
            at = self._after_blanks(self._value(at, (*path, index), None))
            index += 1
            if self._text[at] == ",":
                at = self._after_blanks(at + 1)
        return at + 1


_TOML_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*+)*+")
_SPACES = re.compile(r"[ \t]*+")
TOML_TEXT = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
BARE_KEY = re.compile(r"[A-Za-z0-9_-]++")
TOML_OTHER = re.compile(r"[^,\]}#\n\r]++")


class TomlScanner:
    """Finds where everything in a TOML text stands.

    Parameters
    ----------
    text
        What ``tomllib`` has read without an error.

    Attributes
    ----------
    places
        What was found, once it has scanned.
    """

    def __init__(self, text: str) -> None:
        self.places: dict[Path, Place] = {}
        self._text = text
        self._lengths: dict[Path, int] = {}  # of lists of tables under headers

    def scan(self) -> None:
        """Scan the text."""
        text = self._text
        table: Path = ()
        at = self._after_blanks(0)
        while at < len(text):
            if text[at] == "[":
                table, at = self._header(at)
            else:
                at = self._assignment(at, table)
            at = self._after_blanks(at)

    def _after_blanks(self, at: int) -> int:
        found = _TOML_BLANK.match(self._text, at)
        return found.end() if found else at

    def _after_spaces(self, at: int) -> int:
        found = _SPACES.match(self._text, at)
        return found.end() if found else at

    def _header(self, at: int) -> tuple[Path, int]:
        """Note the table whose header begins there; return its path, and where the header ends."""
        of_list = self._text.startswith("[[", at)
        keys, at = self._keys(at + 1 + of_list)
        path: Path = ()
        for number, (name, span) in enumerate(keys):
            path = (*path, name)
            is_last = number == len(keys) - 1
            if is_last and of_list:
                index = self._lengths.get(path, 0)
                self._lengths[path] = index + 1
                self.places.setdefault(path, Place(span))
                path = (*path, index)
            elif path in self._lengths:
                path = (*path, self._lengths[path] - 1)
                continue
            place = self.places.setdefault(path, Place(span))
            if is_last:
                place.key = span
        return path, at + 1 + of_list

    def _keys(self, at: int) -> tuple[list[tuple[str, Span]], int]:
        """Return the parts of a key that begins there, and where it ends, blanks included."""
        keys: list[tuple[str, Span]] = []
        while True:
            at = self._after_spaces(at)
            found = (TOML_TEXT if self._text[at] in "\"'" else BARE_KEY).match(self._text, at)
            span = Span(at, found.end() if found else at + 1)
            keys.append((key_name(self._text[span.start : span.end]), span))
            at = self._after_spaces(span.end)
            if self._text[at] != ".":
                return keys, at
            at += 1

    def _assignment(self, at: int, table: Path) -> int:
        """Note the key and value that begin there; return where they end."""
        keys, at = self._keys(at)
        path = table
        for name, span in keys:
            path = (*path, name)
            self.places.setdefault(path, Place(span))
        return self._value(self._after_spaces(at + 1), path, keys[-1][1])

    def _value(self, at: int, path: Path, key: Span | None) -> int:
        """Note the value that begins there; return where it ends."""
        place = self.places[path] = Place(key)
        first = self._text[at]
        if first in "{[":
            end = self._inside(at, path, is_list=first == "[")
        else:
            found = (TOML_TEXT if first in "\"'" else TOML_OTHER).match(self._text, at)
            end = at + len(found[0].rstrip()) if found else at + 1
        place.value = Span(at, end)
        return end

    def _inside(self, at: int, path: Path, *, is_list: bool) -> int:
        """Note the entries of a list or the keys of an inline table; return where it ends."""
        at, index = self._after_blanks(at + 1), 0
        while self._text[at] not in "]}":
            at = self._value(at, (*path, index), None) if is_list else self._assignment(at, path)
            index += 1
            at = self._after_blanks(at)
            if self._text[at] == ",":
                at = self._after_blanks(at + 1)
        return at + 1


def key_name(written: str) -> str:
    """Return a key of TOML without its quotes."""
    if written[0] not in "\"'":
        return written
    try:
        parsed: object = tomllib.loads(f"key = {written}")
    except tomllib.TOMLDecodeError:  # of a newer TOML than this Python reads
        return written
    return str(parsed["key"]) if is_table(parsed) else written
