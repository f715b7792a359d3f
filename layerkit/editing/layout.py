"""From a tree to its text: how specs are laid out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from layerkit.editing.tree import Entry, Group, Node, Scalar, Section, Tree

WIDTH = 120
"""Lists that would make a longer line are broken."""
_NUMBER = re.compile(r"[+-]?[0-9][0-9a-zA-Z_.+-]*|[+-]?(?:inf|nan)")


@dataclass(frozen=True, slots=True)
class _Style:
    """What differs between the two formats.

    Attributes
    ----------
    indent
        Spaces a level.
    sign
        Between a key and its value.
    breaks_tables
        Whether a table in braces may have line breaks.
    last_comma
        What follows the last entry of a list whose entries have lines of their own.
    """

    indent: int
    sign: str
    breaks_tables: bool
    last_comma: str


_STYLES = {"toml": _Style(4, " = ", False, ","), "json": _Style(2, ": ", True, "")}


@dataclass(slots=True)
class _Line:
    depth: int
    code: str = ""
    comment: str = ""
    is_header: bool = False


def tree_text(tree: Tree) -> str:
    """Return the text of a tree, laid out anew."""
    layout = _Layout(_STYLES[tree.form])
    if tree.form == "json":
        top = Group(is_table=True, entries=tree.sections[0].entries, is_open=True)
        lines = layout.lines(top, "", "", 0)
    else:
        lines = [line for section in tree.sections for line in layout.section(section)]
        lines += [_Line(0, "", comment) for comment in tree.below]
    while lines and not (lines[0].code or lines[0].comment):
        lines.pop(0)
    while lines and not (lines[-1].code or lines[-1].comment):
        lines.pop()
    return "".join(f"{line}\n" for line in layout.written(lines))


def is_too_long(entry: Entry) -> bool:
    """Tell whether a key of TOML with its value makes a line that is too long, comments aside."""
    layout = _Layout(_STYLES["toml"])
    lines = layout.lines(entry.value, layout.prefix(entry), "", 0)
    return not all(layout.fits(line.code, line.depth) for line in lines)


class _Layout:
    def __init__(self, style: _Style) -> None:
        self._style = style
        self._flats: dict[int, str | None] = {}  # of groups, each of which is asked for often

    def section(self, section: Section) -> Iterator[_Line]:
        """Yield the lines of a header and what is below it."""
        if section.keys:
            if "" not in section.above:
                yield _Line(0)
            yield from (_Line(0, "", comment) for comment in section.above)
            name = ".".join(section.keys)
            code = f"[[{name}]]" if section.is_list else f"[{name}]"
            yield _Line(0, code, section.comment, is_header=True)
        for number, entry in enumerate(section.entries):
            above = entry.above
            if number == 0 and section.keys and above[:1] == [""]:
                above = above[1:]
            yield from (_Line(0, "", comment) for comment in above)
            lines = self.lines(entry.value, self.prefix(entry), "", 0)
            lines[-1].comment = entry.comment
            yield from lines

    def lines(self, node: Node, before: str, after: str, depth: int) -> list[_Line]:
        """Return the lines of a value, with what stands before and after it on its lines."""
        flat = self._flat(node)
        can_break = isinstance(node, Group) and (self._style.breaks_tables or not node.is_table)
        if flat is not None and (not can_break or self.fits(f"{before}{flat}{after}", depth)):
            return [_Line(depth, f"{before}{flat}{after}")]
        if isinstance(node, Scalar):
            return [_Line(depth, f"{before}{node.text}{after}")]
        if node.is_table and not can_break:
            return self._around_lists(node, before, after, depth)
        opening, closing = "{}" if node.is_table else "[]"
        below = [_Line(depth + 1, "", comment) for comment in _without_last_blank(node.below)]
        return [
            _Line(depth, before + opening, node.comment),
            *self._rows(node, depth + 1),
            *below,
            _Line(depth, closing + after),
        ]

    def _around_lists(self, table: Group, before: str, after: str, depth: int) -> list[_Line]:
        """Return the lines of a table in braces that is broken only within its lists."""
        lines = [_Line(depth, f"{before}{{ ")]
        for number, entry in enumerate(table.entries):
            is_last = number == len(table.entries) - 1
            last = lines.pop()
            begun = f"{last.code}{self.prefix(entry)}"
            inner = self.lines(entry.value, begun, f" }}{after}" if is_last else ", ", depth)
            inner[0].comment = last.comment or inner[0].comment
            lines += inner
        return lines

    def _rows(self, group: Group, depth: int) -> Iterator[_Line]:
        """Yield the lines of what is in a list or table."""
        rows = [*self._arranged(group, depth)]
        for row in rows:
            above = row[0].above
            if row is rows[0] and above[:1] == [""]:
                above = above[1:]
            yield from (_Line(depth, "", comment) for comment in above)
            comma = self._style.last_comma if row is rows[-1] else ","
            if len(row) > 1:
                texts = ", ".join(filter(None, map(self._flat_entry, row)))
                yield _Line(depth, texts + comma, row[-1].comment)
                continue
            lines = self.lines(row[0].value, self.prefix(row[0]), comma, depth)
            lines[-1].comment = row[0].comment
            yield from lines

    def _arranged(self, group: Group, depth: int) -> Iterator[list[Entry]]:
        """Yield the entries of each line."""
        row: list[Entry] = []
        rows: list[list[Entry]] = []
        for entry in group.entries:
            begins = entry.starts_line or entry.above or (row and row[-1].comment)
            if begins or not row or group.is_table:
                row = []
                rows.append(row)
            row.append(entry)
        for each in rows:
            texts = [self._flat_entry(entry) for entry in each]
            known = [text for text in texts if text is not None]
            fits = self.fits(", ".join(known) + ",", depth)
            if len(each) == 1 or (group.is_open and len(known) == len(each) and fits):
                yield each
            elif len(known) == len(each) and all(map(_NUMBER.fullmatch, known)):
                yield from self._wrapped(each, depth)
            else:
                yield from ([entry] for entry in each)

    def _wrapped(self, entries: Sequence[Entry], depth: int) -> Iterator[list[Entry]]:
        """Yield as many numbers for each line as there is room for."""
        row, text = list[Entry](), ""
        for entry in entries:
            added = f"{text}, {self._flat_entry(entry)}" if row else f"{self._flat_entry(entry)}"
            if row and not self.fits(f"{added},", depth):
                yield row
                row, added = [], f"{self._flat_entry(entry)}"
            row.append(entry)
            text = added
        yield row

    def prefix(self, entry: Entry) -> str:
        """Return the key of an entry, with what follows it."""
        return f"{'.'.join(entry.keys)}{self._style.sign}" if entry.keys else ""

    def _flat_entry(self, entry: Entry) -> str | None:
        flat = self._flat(entry.value)
        return None if flat is None else f"{self.prefix(entry)}{flat}"

    def _flat(self, node: Node) -> str | None:
        """Return a value on one line; None if it must not be."""
        if isinstance(node, Scalar):
            return node.text
        if id(node) not in self._flats:
            self._flats[id(node)] = self._flat_group(node)
        return self._flats[id(node)]

    def _flat_group(self, node: Group) -> str | None:
        said = [node.comment, *node.below]
        said += [text for entry in node.entries for text in (*entry.above, entry.comment)]
        breaks = node.is_open and (self._style.breaks_tables or not node.is_table)
        if any(said) or (breaks and node.entries):
            return None
        texts = [self._flat_entry(entry) for entry in node.entries]
        known = [text for text in texts if text is not None]
        if len(known) < len(texts):
            return None
        inner = ", ".join(known)
        if node.is_table:
            return f"{{ {inner} }}" if inner else "{}"
        return f"[{inner}]"

    def fits(self, code: str, depth: int) -> bool:
        """Tell whether a line has room."""
        return self._width(code) + depth * self._style.indent <= WIDTH

    def _width(self, code: str) -> int:
        return max(map(len, code.split("\n")))

    def written(self, lines: Sequence[_Line]) -> Iterator[str]:
        """Yield lines as texts, the comments of neighbouring ones below one another."""
        block: list[_Line] = []
        for line in lines:
            alone = line.is_header or not line.code or "\n" in line.code
            if block and (alone or line.depth != block[-1].depth):
                yield from self._aligned(block)
                block = []
            block.append(line)
            if alone:
                yield from self._aligned(block)
                block = []
        yield from self._aligned(block)

    def _aligned(self, block: Sequence[_Line]) -> Iterator[str]:
        commented = [line for line in block if line.comment]
        column = max((len(line.code) for line in commented), default=0)
        longest = max((len(line.comment) for line in commented), default=0)
        if not self.fits(" " * (column + 1 + longest), block[0].depth if block else 0):
            column = 0
        for line in block:
            indent = " " * (line.depth * self._style.indent if line.code or line.comment else 0)
            code = line.code.ljust(column) + " " if line.code and line.comment else line.code
            yield f"{indent}{code}{line.comment}".rstrip(" ")


def _without_last_blank(lines: Sequence[str]) -> Sequence[str]:
    return lines[:-1] if lines[-1:] == [""] else lines
