"""The Python code of a new plugin: that of a template, with other names."""

from __future__ import annotations

import ast
import re
import sys
from importlib.resources import files
from itertools import groupby

from layerkit.new_plugin import templates
from layerkit.new_plugin.names import PluginNames

LONGEST_LINE = 88
"""As ruff and black have it."""
_PLACEHOLDER = re.compile(
    r"\b(?:(?P<module>layerkit\.new_plugin\.templates\.\w+)"
    r"|(?P<class>Placeholder)(?=\b|Config\b)|placeholder\b)"
)


def template_text(name: str) -> str:
    """Return the text of a module in `layerkit.new_plugin.templates`."""
    return (files(templates) / f"{name}.py").read_text(encoding="utf-8")


def names_used(text: str) -> set[str]:
    """Return every name that a module imports, assigns or reads."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name)
    return found


def packages_imported(text: str) -> set[str]:
    """Return the packages that a module imports from, at its top."""
    return {_imported(node).partition(".")[0] for node in _imports(text)}


def renamed(text: str, names: PluginNames) -> str:
    """Return a text with the names of a plugin in place of placeholders."""

    def name(found: re.Match[str]) -> str:
        if found["module"]:
            return names.module
        return names.class_name if found["class"] else names.component

    return _PLACEHOLDER.sub(name, text)


def source(template: str, names: PluginNames) -> str:
    """Return the text of a module of a plugin, with its imports in the usual groups.

    In a template, Layerkit is the package that the module belongs to; in a plugin it is one of
    other people.
    """
    text = renamed(template_text(template), names)
    lines = text.splitlines(keepends=True)
    nodes = _imports(text)
    blocks = [
        "".join(_statement(lines, node) for node in group)
        for _, group in groupby(
            sorted(nodes, key=lambda node: _order(node, names.package)),
            key=lambda node: _order(node, names.package)[0],
        )
    ]
    start, end = nodes[0].lineno - 1, nodes[-1].end_lineno
    return "".join([*lines[:start], "\n".join(blocks), *map(_wrapped, lines[end:])])


def _wrapped(line: str) -> str:
    """Return the first line of a function, on three lines where it is too long for one."""
    if len(line.rstrip("\n")) <= LONGEST_LINE:
        return line
    return re.sub(r"^( *)(def \w+\()(.+)(\) -> .+\n)$", r"\1\2\n\1    \3\n\1\4", line)


def _imports(text: str) -> list[ast.Import | ast.ImportFrom]:
    found = ast.parse(text).body
    return [node for node in found if isinstance(node, ast.Import | ast.ImportFrom)]


def _imported(node: ast.Import | ast.ImportFrom) -> str:
    return node.names[0].name if isinstance(node, ast.Import) else node.module or ""


def _order(node: ast.Import | ast.ImportFrom, own: str) -> tuple[int, bool, str]:
    """Return which group an import belongs to, and its order in there, as isort has it."""
    module = _imported(node)
    package = module.partition(".")[0]
    if package == "__future__":
        group = 0
    elif package in sys.stdlib_module_names:
        group = 1
    else:
        group = 3 if package == own else 2
    return group, isinstance(node, ast.ImportFrom), module


def _statement(lines: list[str], node: ast.Import | ast.ImportFrom) -> str:
    text = "".join(lines[node.lineno - 1 : node.end_lineno])
    if all(len(line) <= LONGEST_LINE for line in text.splitlines()):
        return text
    head, _, imported = text.rstrip().partition(" import ")
    return "".join(
        [f"{head} import (\n", *(f"    {each},\n" for each in imported.split(", ")), ")\n"]
    )
