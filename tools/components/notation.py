"""The formulas of docstrings, ``y = x / sqrt(n)``, as syntax trees of Python."""

from __future__ import annotations

import ast
import re

FACTORIAL = "factorial_"
NORM = "norm_"
PLUS_MINUS = "plus_minus_"
SPACE = "__"
"""What stands for a space in a name of several words."""

_WORDS = {"and", "as", "at", "by", "else", "for", "if", "in", "is", "of", "or", "over", "where"}
_NAME = r"[A-Za-zπ][A-Za-z_]*\d*"
_SHORT = r"[A-Za-z]\d?"


def parsed(text: str) -> ast.stmt | None:
    """Return the tree of a formula; None if the text is something else, such as a path or a shape.

    Beside Python, it may have ``^`` for powers, ``²`` and ``³``, ``|x|``, ``n!``, ``W^T``, a ``±``
    in front, products without a sign (``0.2 x``, ``W^T W``, ``2π (a + b)``), and names of several
    words.
    """
    if re.search(r"[A-Za-z][-/.](?!T\b)[A-Za-z]|\w=|[\"'{}#$\\]|->|:", text):
        return None
    code = _with_norms(text)
    if code is None:
        return None
    code = re.sub(r"^(\w+\(\w+\)) = ", r"\1 == ", code)  # a function, which Python assigns not to
    code = re.sub(r"\^T\b", ".T", code).replace("^", "**")
    code = code.replace("²", "**2").replace("³", "**3")
    code = re.sub(r"\bclass\b", "class_", code)
    code = re.sub(r"\b(\w+)!(?!=)", rf"{FACTORIAL}(\1)", code)
    code = re.sub(r"^±(.+)$", rf"{PLUS_MINUS}(\1)", code)
    code = _with_products(code)
    try:
        module = ast.parse(code)
    except (SyntaxError, ValueError):
        return None
    return module.body[0] if len(module.body) == 1 else None


def _with_norms(text: str) -> str | None:
    """Return a formula with ``|x|`` as a call; None if bars are not in pairs."""
    pieces: list[str] = []
    depth = 0
    for number, char in enumerate(text):
        if char != "|":
            pieces.append(char)
            continue
        before = text[:number].rstrip()
        opens = not before or before[-1] in "+-*/@=<>(,|"
        depth += 1 if opens else -1
        if depth not in {0, 1}:  # one within another would be a guess
            return None
        pieces.append(f"{NORM}(" if opens else ")")
    return "".join(pieces) if depth == 0 else None


def _with_products(code: str) -> str:
    """Return a formula with a sign in products that have none, and words joined into a name."""
    code = re.sub(rf"(?<![\w.])(\d+(?:\.\d+)?) ?(?!e[-+]?\d)(?={_NAME}|\()", r"\1 * ", code)
    code = re.sub(r"π (?=\()", "π * ", code)
    for _ in range(2):  # of three factors the one in the middle belongs to two products
        code = re.sub(rf"(\.T|\b{_SHORT}|π) (?={_SHORT}\b(?!\w))", r"\1 * ", code)
    code = re.sub(r"(\b[A-Z]|\.T) (?=\()", r"\1 * ", code)
    return re.sub(r"\b([A-Za-z]{2,}) (?=([A-Za-z]{2,})\b)", _joined, code)


def _joined(found: re.Match[str]) -> str:
    return found[0] if {found[1], found[2]} & _WORDS else f"{found[1]}{SPACE}"
