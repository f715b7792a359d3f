"""From a text to its tree.

The text must have been accepted by ``tomllib`` or ``json`` before: right is not told from wrong.
"""

from __future__ import annotations

import re

from layerkit.editing.tree import Entry, Group, Node, Scalar, Section, Tree
from layerkit.spec.positions import BARE_KEY, JSON_OTHER, JSON_TEXT, TOML_OTHER, TOML_TEXT
from layerkit.spec.source import Format

_BLANKS = re.compile(r"[ \t\r]*+")
_COMMENT = re.compile(r"#[^\n]*+")


def read_tree(text: str, form: Format) -> Tree:
    """Return the tree of a text; see the module.

    Parameters
    ----------
    text
        Whose lines end with a line feed alone.
    form
        TOML or JSON.
    """
    reader = _Reader(text, form)
    if form == "json":
        reader.skip()
        top = reader.value()
        entries = top.entries if isinstance(top, Group) else []
        return Tree(form, [Section([], entries=entries)])
    return reader.document()


class _Reader:
    def __init__(self, text: str, form: Format) -> None:
        self._text = text
        self._at = 0
        self._form = form
        self._scalars = (TOML_TEXT, TOML_OTHER) if form == "toml" else (JSON_TEXT, JSON_OTHER)

    def document(self) -> Tree:
        sections, above = [Section([])], list[str]()
        while self._at < len(self._text):
            breaks = self.skip()
            if breaks > 1:
                _add_blank(above)
            if self._at == len(self._text):
                break
            if self._text[self._at] == "#":
                above.append(self._comment())
            elif self._text[self._at] == "[":
                sections.append(self._section(above))
                above = []
            else:
                entry = self._pair(above, starts_line=True)
                entry.comment = self._comment()
                sections[-1].entries.append(entry)
                above = []
        return Tree("toml", sections, above)

    def skip(self) -> int:
        """Go over blanks and line breaks; return how many breaks, and one at the very start."""
        breaks = 1 if self._at == 0 else 0
        while True:
            self._blanks()
            if not self._text.startswith("\n", self._at):
                return breaks
            breaks += 1
            self._at += 1

    def _blanks(self) -> None:
        found = _BLANKS.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _comment(self) -> str:
        """Return the comment that follows on the same line, if there is one."""
        self._blanks()
        found = _COMMENT.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0].rstrip(" \t\r")

    def _section(self, above: list[str]) -> Section:
        is_list = self._text.startswith("[[", self._at)
        self._at += 1 + is_list
        keys = self._keys()
        self._at += 1 + is_list
        return Section(keys, is_list, above, self._comment())

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._blanks()
            quoted = self._text[self._at] in "\"'"
            keys.append(self._taken(TOML_TEXT if quoted else BARE_KEY))
            self._blanks()
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _taken(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        text = found[0] if found else self._text[self._at]
        self._at += len(text)
        return text

    def _pair(self, above: list[str], *, starts_line: bool) -> Entry:
        if self._form == "toml":
            keys = self._keys()
        else:
            keys = [self._taken(JSON_TEXT)]
            self.skip()
        self._at += 1  # the sign between key and value
        self.skip()
        return Entry(keys, self.value(), above, starts_line=starts_line)

    def value(self) -> Node:
        """Return the value that begins here."""
        first = self._text[self._at]
        if first in "[{":
            return self._group(is_table=first == "{")
        text, other = self._scalars
        return Scalar(self._taken(text if first in "\"'" else other).rstrip(" \t\r"))

    def _group(self, *, is_table: bool) -> Group:
        self._at += 1
        group, above, closing = Group(is_table), list[str](), "}" if is_table else "]"
        breaks = 0
        while True:
            breaks += self.skip()
            here = self._text[self._at]
            if breaks and not group.entries and not above:
                group.is_open = True
            elif breaks > 1:
                _add_blank(above)
            if here == closing:
                self._at += 1
                group.below = above
                return group
            if here == ",":
                self._at += 1
                continue
            if here == "#":
                comment = self._comment()
                if breaks:
                    above.append(comment)
                elif group.entries:
                    group.entries[-1].comment = comment
                else:
                    group.comment = comment
            elif is_table:
                group.entries.append(self._pair(above, starts_line=breaks > 0))
                above = []
            else:
                entry = Entry([], self.value(), above, starts_line=breaks > 0)
                group.entries.append(entry)
                above = []
            breaks = 0


def _add_blank(above: list[str]) -> None:
    if above[-1:] != [""]:
        above.append("")
