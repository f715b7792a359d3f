"""Specs as they are laid out: the same values and comments, in the same order."""

from __future__ import annotations

from layerkit.editing.layout import tree_text
from layerkit.editing.reading import read_tree
from layerkit.editing.tree import Tree
from layerkit.spec.diagnostics import Problem, SpecError
from layerkit.spec.parsing import MAX_BYTES, parse
from layerkit.spec.source import Format


def formatted(text: str, form: Format, name: str = "spec") -> str:
    """Return a text laid out anew, with its values and comments.

    Parameters
    ----------
    text
        TOML or JSON. Lines of the result end as its first one does.
    form
        Which of the two.
    name
        What messages call it.

    Raises
    ------
    ParseError
        If the text is not of that format.
    SpecError
        If the result is too large for a spec.
    """
    before = parse(text, form)
    tree = tree_of(text, form)
    result = checked_size(tree_text(tree), name)
    if repr(parse(result, form)) != repr(before) or not keeps_comments(tree, result):
        raise RuntimeError("formatting would change what the spec says")
    return with_line_ends_of(text, result)


def checked_size(text: str, name: str) -> str:
    """Return a text that is not too large for a spec.

    Raises
    ------
    SpecError
        If it is.
    """
    if len(text.encode("utf-8", "surrogatepass")) <= MAX_BYTES:
        return text
    reason = f"expected at most {MAX_BYTES // 1024} KiB, found that it would become larger"
    raise SpecError(name, [Problem((), "too-large", reason, "leave it as it is")])


def tree_of(text: str, form: Format) -> Tree:
    """Return the tree of a text that has been parsed before, whatever its lines end with."""
    return read_tree(text.replace("\r\n", "\n"), form)


def keeps_comments(tree: Tree, text: str) -> bool:
    """Tell whether a text has the comments of a tree, and no others."""
    return sorted(tree_of(text, tree.form).comments()) == sorted(tree.comments())


def with_line_ends_of(model: str, text: str) -> str:
    """Return a text whose lines end as the first line of another does."""
    first = model.partition("\n")[0]
    return text.replace("\n", "\r\n") if first.endswith("\r") else text
