"""A TOML or JSON text as a tree that keeps comments and line breaks, so that it can be changed.

No library does this: tomlkit keeps comments and layout, but formats nothing and reads no JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from layerkit.spec.source import Format


@dataclass(slots=True)
class Scalar:
    """A value without parts, as it is written."""

    text: str


@dataclass(slots=True)
class Group:
    """A list, or a table in braces.

    Attributes
    ----------
    is_table
        Which of the two.
    entries
        What is in it.
    is_open
        Whether there is a line break after its opening bracket.
    comment
        Behind the opening bracket.
    below
        Lines of comment before the closing bracket; an empty text is a blank line.
    """

    is_table: bool
    entries: list[Entry] = field(default_factory=list["Entry"])
    is_open: bool = False
    comment: str = ""
    below: list[str] = field(default_factory=list[str])


Node: TypeAlias = Scalar | Group


@dataclass(slots=True)
class Entry:
    """A value in a list, or a key and its value.

    Attributes
    ----------
    keys
        Parts of the key as they are written, quotes included; none in a list.
    value
        What stands there.
    above
        Lines of comment before it; an empty text is a blank line.
    comment
        Behind it, on its line.
    starts_line
        Whether there is a line break before it.
    """

    keys: list[str]
    value: Node
    above: list[str] = field(default_factory=list[str])
    comment: str = ""
    starts_line: bool = False


@dataclass(slots=True)
class Section:
    """A header of TOML and the keys below it; that of the keys before all headers has no `keys`.

    Attributes
    ----------
    keys
        Parts of the header as they are written.
    is_list
        Whether the header is one of a list of tables, in double brackets.
    above, comment
        Lines of comment before the header, and what is behind it.
    entries
        The keys below.
    """

    keys: list[str]
    is_list: bool = False
    above: list[str] = field(default_factory=list[str])
    comment: str = ""
    entries: list[Entry] = field(default_factory=list[Entry])


@dataclass(slots=True)
class Tree:
    """A whole text.

    Attributes
    ----------
    form
        Of the text. JSON has one section, without a header.
    sections
        The first is that before all headers.
    below
        Lines of comment at the end.
    """

    form: Format
    sections: list[Section]
    below: list[str] = field(default_factory=list[str])

    def comments(self) -> Iterator[str]:
        """Yield every comment."""
        lines = [line for section in self.sections for line in _of_section(section)]
        yield from (line for line in (*lines, *self.below) if line)


def _of_section(section: Section) -> Iterator[str]:
    yield from (*section.above, section.comment)
    for entry in section.entries:
        yield from _of_entry(entry)


def _of_entry(entry: Entry) -> Iterator[str]:
    yield from entry.above
    if isinstance(entry.value, Group):
        yield entry.value.comment
        for inner in entry.value.entries:
            yield from _of_entry(inner)
        yield from entry.value.below
    yield entry.comment
