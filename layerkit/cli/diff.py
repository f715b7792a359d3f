"""``layerkit diff``: what differs in meaning between two specs."""

from __future__ import annotations

from pathlib import Path

from layerkit.cli.output import say
from layerkit.cli.tables import show
from layerkit.display.tables import new_table
from layerkit.schema.options import value_text
from layerkit.schema.origins import DEFAULT, Origins, path_text
from layerkit.spec.loading import load_document, validate

_ABSENT = ""


def diff_specs(first: Path, second: Path) -> int:
    """Print every value that differs, defaults included, each with the line that it is from."""
    values = [_values(first), _values(second)]
    paths = [path for path in dict.fromkeys([*values[0], *values[1]]) if _differs(path, values)]
    if not paths:
        say(f"{first} and {second} mean the same")
        return 0
    headings = ("path", str(first), str(second))
    table = new_table(dict.fromkeys(map(str, headings), ""), wraps=headings[1:])
    for path in paths:
        table.add_row(path, *(_cell(each.get(path)) for each in values))
    show(table)
    return 0


def _values(path: Path) -> dict[str, tuple[object, str]]:
    """Return every value of a spec and its origin by path."""
    document = load_document(path)
    origins = Origins(document, validate(document))
    return {path_text(each.path): (each.value, each.origin) for each in origins.all()}


def _differs(path: str, values: list[dict[str, tuple[object, str]]]) -> bool:
    first, second = (each.get(path) for each in values)
    return first is None or second is None or first[0] != second[0]


def _cell(found: tuple[object, str] | None) -> str:
    if found is None:
        return _ABSENT
    value, origin = found
    line = DEFAULT if origin == DEFAULT else f"line {origin.rpartition(':')[2]}"
    return f"{value_text(value)} ({line})"
