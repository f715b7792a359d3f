"""The rules of specs that the JSON Schema does not say."""

from __future__ import annotations

from dataclasses import dataclass

from layerkit.schema.generator import NOT_SAID, JsonSchema
from layerkit.values import is_list, is_table


@dataclass(frozen=True, slots=True)
class UnsaidRule:
    """A rule that a validator checks and the schema only names.

    Attributes
    ----------
    places
        The tables or keys that it is about, such as ``dataset.csv``.
    rule
        What it is called.
    """

    places: tuple[str, ...]
    rule: str


def unsaid_rules(schema: JsonSchema) -> list[UnsaidRule]:
    """Return all rules that comments of a schema name, each once."""
    found: dict[str, list[str]] = {}
    definitions: object = schema.get("$defs")
    for name, below in (definitions if is_table(definitions) else {}).items():
        _collect(below, name, found)
    return [UnsaidRule(tuple(places), rule) for rule, places in sorted(found.items())]


def _collect(schema: object, place: str, found: dict[str, list[str]]) -> None:
    if is_list(schema):
        for each in schema:
            _collect(each, place, found)
    if not is_table(schema):
        return
    comment = schema.get("$comment")
    if isinstance(comment, str) and comment.startswith(NOT_SAID):
        for rule in comment.removeprefix(NOT_SAID).split("; "):
            places = found.setdefault(rule, [])
            if place not in places:
                places.append(place)
    for key, below in schema.items():
        if key == "properties" and is_table(below):
            for name, field in below.items():
                _collect(field, f"{place}.{name}", found)
        else:
            _collect(below, place, found)
