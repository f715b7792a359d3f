"""What a spec was read from, and where in it something stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from layerkit.spec.positions import Path, Place, Span, positions

Format: TypeAlias = Literal["toml", "json"]

MAX_EXCERPT = 120
"""The most characters of a line that an excerpt shows."""
_BEFORE = 40


@dataclass(frozen=True, slots=True)
class Override:
    """A change to a spec by an option of the command line.

    Attributes
    ----------
    label
        What messages call it: ``--set 2``, ``--seed``.
    text
        What was typed.
    keys
        The path that it sets.
    """

    label: str
    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where messages point.

    Attributes
    ----------
    where
        ``specs/x.toml:12:9``, or the label of an override.
    excerpt
        The line with a caret under what is meant; empty if there is none to show.
    span
        The characters that are meant; None for those of an override.
    """

    where: str
    excerpt: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What a spec was read from.

    Attributes
    ----------
    name
        Of the file, or what messages call it.
    text
        As it was read.
    form
        Of the text; None if there is no text, as for a spec that was written in Python.
    overrides
        Changes by options.
    mark_bytes
        How many bytes of the file come before the text: those of a byte order mark.
    """

    name: str
    text: str = ""
    form: Format | None = None
    overrides: tuple[Override, ...] = ()
    mark_bytes: int = 0


class Marker:
    """Finds where in a source something stands; looks through its text at most once.

    Parameters
    ----------
    source
        What the spec was read from.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._places: Mapping[Path, Place] | None = None

    def mark(self, path: Path, *, key: bool) -> Mark:
        """Return where something stands.

        Parameters
        ----------
        path
            Keys and indices that lead to it. Where nothing stands at its end, the table is meant
            that should have it.
        key
            Whether the key is meant rather than the value.
        """
        names = [str(part) for part in path]
        source = self._source
        for override in reversed(source.overrides):
            depth = min(len(override.keys), len(names))
            if list(override.keys[:depth]) == names[:depth] and len(override.keys) <= len(names):
                return Mark(override.label, _under(override.text, 0, len(override.text), ""))
        if source.form is None:
            return Mark(source.name)
        if self._places is None:
            self._places = positions(source.text, source.form)
        return self.at(_span(self._places, path, key=key))

    def at(self, span: Span) -> Mark:
        """Return where some characters stand."""
        text = self._source.text
        start = text.rfind("\n", 0, span.start) + 1
        end = text.find("\n", start)
        line = text[start : len(text) if end < 0 else end].rstrip("\r")
        number = text.count("\n", 0, start) + 1
        column = span.start - start
        excerpt = _under(line, column, span.end - start, str(number))
        return Mark(f"{self._source.name}:{number}:{column + 1}", excerpt, span)


def _span(places: Mapping[Path, Place], path: Path, *, key: bool) -> Span:
    """Return the characters to point at."""
    place = places.get(path)
    if place is None:  # it is missing: point at the table that should have it
        while path and path not in places:
            path = path[:-1]
        place, key = places.get(path, Place()), True
    name = places.get((*path, "type"))
    if not key and name is not None and name.value is not None:
        return name.value  # the component, rather than all its options
    first, second = (place.key, place.value) if key else (place.value, place.key)
    return first or second or Span(0, 0)


def _under(line: str, start: int, end: int, number: str) -> tuple[str, ...]:
    """Return a line, cut to what is near the span, and carets below the span."""
    if not line.strip():
        return ()
    end = min(max(end, start + 1), len(line)) if start < len(line) else start + 1
    left = max(0, start - _BEFORE) if len(line) > MAX_EXCERPT else 0
    shown = line[left : left + MAX_EXCERPT]
    end = min(end, left + len(shown)) if start < left + len(shown) else end
    before = "".join(_blank(each) for each in line[left:start])
    carets = "".join("^" * len(_blank(each)) for each in line[start:end]) or "^"
    margin = " " * len(number)
    text = "".join(each if each.isprintable() or each == "\t" else "?" for each in shown)
    return f"{number} | {text}", f"{margin} | {before}{carets.replace(chr(9), '^')}"


def _blank(character: str) -> str:
    """Return what takes as much room as a character."""
    if character == "\t":
        return "\t"
    return "  " if unicodedata.east_asian_width(character) in "WF" else " "
