"""Layout of nested calls and lists as ruff and black have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

WIDTH = 88
"""Columns of a line, the default of both. A file of this width is left alone at larger ones."""
INDENT = 4


@dataclass(frozen=True, slots=True)
class Brackets:
    """What stands between brackets.

    Attributes
    ----------
    open, close
        The brackets; ``open`` has the name of what is called in front.
    items
        Each with what stands before its value, such as ``"units="``.
    bare
        Whether no brackets are needed on a line, as for names that are imported.
    """

    open: str
    items: Sequence[tuple[str, Node]]
    close: str
    bare: bool = False


Node: TypeAlias = str | Brackets


def laid_out(node: Node, before: str) -> list[str]:
    """Return the lines of a statement: ``before`` followed by a value.

    What does not fit on a line gets a line for each item, with a comma after the last: that comma
    makes ruff and black keep these lines.
    """
    return _lines(node, before, "", 0)


def _lines(node: Node, before: str, after: str, indent: int) -> list[str]:
    margin = " " * indent
    flat = f"{margin}{before}{_flat(node)}{after}"
    if len(flat) <= WIDTH or isinstance(node, str) or not node.items:
        return [flat]
    lines = [f"{margin}{before}{node.open}"]
    for key, value in node.items:
        lines += _lines(value, key, ",", indent + INDENT)
    return [*lines, f"{margin}{node.close}{after}"]


def _flat(node: Node) -> str:
    if isinstance(node, str):
        return node
    items = ", ".join(f"{key}{_flat(value)}" for key, value in node.items)
    if node.bare:
        return items
    only = "," if node.open == "(" and len(node.items) == 1 else ""
    return f"{node.open}{items}{only}{node.close}"
