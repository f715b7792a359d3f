"""What the docstrings of configs say: in a line, at length, and about every option."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from functools import cache

from pydantic import BaseModel

_SECTION = re.compile(r"(?m)^(?P<title>[A-Z][A-Za-z ]+)\n-{3,}[ \t]*$")
_ENTRY = re.compile(r"(?m)^(?P<names>[A-Za-z_]\w*(?:, *[A-Za-z_]\w*)*)(?: *:.*)?$")
_LITERAL = re.compile(r"``(.+?)``", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Documentation:
    """What a numpydoc docstring says.

    Attributes
    ----------
    summary
        Its first paragraph.
    text
        Its paragraphs before the first section, the first one included.
    attributes
        What the section of attributes says of each.
    notes, references
        These sections; empty without them.
    """

    summary: str = ""
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict[str, str])
    notes: str = ""
    references: str = ""


def documentation(model: type[BaseModel]) -> Documentation:
    """Return what the docstring of a class says; of attributes that it inherits, what bases say."""
    own = parsed(model.__dict__.get("__doc__"))
    attributes: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if base.__module__.partition(".")[0] != "pydantic":
            attributes |= parsed(base.__dict__.get("__doc__")).attributes
    return Documentation(own.summary, own.text, attributes, own.notes, own.references)


@cache
def parsed(docstring: object) -> Documentation:
    """Return the parts of a docstring, with its line breaks taken out of paragraphs."""
    if not isinstance(docstring, str):
        return Documentation()
    pieces = _SECTION.split(inspect.cleandoc(docstring))
    sections = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    text = _paragraphs(pieces[0])
    return Documentation(
        text.partition("\n\n")[0],
        text,
        _entries(sections.get("Attributes", "")),
        _paragraphs(sections.get("Notes", "")),
        _lines(sections.get("References", "")),
    )


def _entries(section: str) -> dict[str, str]:
    """Return the text below every name of a section; several names may share one."""
    found = [*_ENTRY.finditer(section)]
    ends = [*(each.start() for each in found[1:]), len(section)][: len(found)]
    entries: dict[str, str] = {}
    for each, end in zip(found, ends, strict=True):
        text = _paragraphs(inspect.cleandoc(section[each.end() : end]))
        entries |= {name.strip(): text for name in each["names"].split(",")}
    return entries


def _paragraphs(text: str) -> str:
    """Return a text with a line for each paragraph, and with literals as Markdown has them."""
    paragraphs = re.split(r"\n[ \t]*\n", text.strip())
    return _LITERAL.sub(r"`\1`", "\n\n".join(" ".join(each.split()) for each in paragraphs))


def _lines(text: str) -> str:
    """Return entries that each begin at the margin with a line for each."""
    return re.sub(r"\n[ \t]+", " ", text.strip())
