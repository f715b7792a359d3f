"""What may follow the beginning of ``PATH=VALUE``, as ``--set`` takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from layerkit.component import Config, Kind
from layerkit.contracts.kinds import KINDS
from layerkit.errors import PluginError
from layerkit.registry import Registry
from layerkit.schema.generator import PREFIX, JsonSchema, definitions
from layerkit.schema.options import allowed_text, value_text
from layerkit.schema.spec_schema import kind_name
from layerkit.spec.models import ModelSpec
from layerkit.values import is_list, is_table

_PLAIN = re.compile(r"[A-Za-z_][\w.:/-]*")
"""Text that ``--set`` takes without quotes."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text to put in place of one that was begun.

    Attributes
    ----------
    text
        All of it.
    meaning
        What it is, in a few words; may be empty.
    """

    text: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class _Node:
    """A place in a spec.

    Attributes
    ----------
    schema
        What may stand there.
    value
        What the spec says there, or the default; None if neither.
    """

    schema: JsonSchema
    value: object


class SpecCompletion:
    """Completes paths of a spec, and what may stand there.

    Parameters
    ----------
    table
        What the spec says; empty if nothing is known of it.
    registry
        Where components are found.
    """

    def __init__(self, table: Mapping[str, object], registry: Registry) -> None:
        self._table = dict(table)
        self._registry = registry
        self._definitions = definitions([("spec", ModelSpec)])

    def suggestions(self, typed: str) -> list[Suggestion]:
        """Return what a text that begins like that may become.

        A key of a table ends in ``.``, another in ``=``. Where only one key is left, what may
        follow it is suggested too.
        """
        path, equals, _ = typed.partition("=")
        names = path.split(".")
        if equals:
            node = self._at(names)
            values = [] if node is None else self._values(node)
            found = [Suggestion(f"{path}={value}") for value in values]
            return [each for each in found if each.text.startswith(typed)]
        above = self._at(names[:-1])
        inside = {} if above is None else self._inside(above)
        before = path.removesuffix(names[-1])
        keys = {key: node for key, node in inside.items() if key.startswith(names[-1])}
        if len(keys) != 1:
            return [self._key(f"{before}{key}", node) for key, node in keys.items()]
        ((key, node),) = keys.items()
        itself = Suggestion(f"{before}{key}=", allowed_text(node.schema))
        if self._inside(node):
            of_component = [itself] if self._kind(node) is not None else []
            return [*of_component, *self.suggestions(f"{before}{key}.")]
        return [itself, *self.suggestions(itself.text)]

    def _key(self, path: str, node: _Node) -> Suggestion:
        return Suggestion(f"{path}{'.' if self._inside(node) else '='}", allowed_text(node.schema))

    def _at(self, names: list[str]) -> _Node | None:
        node = _Node({"$ref": f"{PREFIX}spec"}, self._table)
        for name in names:
            below = self._inside(node).get(name)
            if below is None:
                return None
            node = below
        return node

    def _inside(self, node: _Node) -> dict[str, _Node]:
        """Return what a path may go on with."""
        kind = self._kind(node)
        if kind is not None:
            return self._options(kind, node.value)
        inside: dict[str, _Node] = {}
        for branch in self._branches(node.schema):
            items, properties = branch.get("items"), branch.get("properties")
            if is_list(node.value) and is_table(items):
                inside |= {
                    str(index): _Node(items, below) for index, below in enumerate(node.value)
                }
            if is_table(properties):
                inside |= _nodes(properties, node.value)
        return inside

    def _branches(self, schema: JsonSchema) -> list[JsonSchema]:
        """Return the alternatives of a schema, with references resolved."""
        reference = schema.get("$ref")
        if isinstance(reference, str):
            found = self._definitions.get(reference.removeprefix(PREFIX))
            return [] if found is None else self._branches(found)
        for key in ("anyOf", "oneOf"):
            branches = schema.get(key)
            if is_list(branches):
                return [
                    each
                    for branch in branches
                    if is_table(branch)
                    for each in self._branches(branch)
                ]
        return [schema]

    def _kind(self, node: _Node) -> Kind[Config] | None:
        """Return the kind of the component that stands at a place; None if none does."""
        branches = [node.schema]
        for key in ("anyOf", "oneOf"):
            below = node.schema.get(key)
            branches += [each for each in below if is_table(each)] if is_list(below) else []
        names = {str(each.get("$ref", "")).removeprefix(PREFIX) for each in branches}
        return next((kind for kind in KINDS if kind_name(kind) in names), None)

    def _options(self, kind: Kind[Config], value: object) -> dict[str, _Node]:
        """Return the keys of the component that a spec has at a place, with its type."""
        table = value if is_table(value) else {"type": value}
        names: list[object] = [*self._names(kind)]
        inside = {"type": _Node({"enum": names}, table.get("type"))}
        with suppress(KeyError, PluginError):
            config = self._registry.load(kind, str(table.get("type")))
            properties = definitions([("it", config)])["it"].get("properties")
            if is_table(properties):
                others = _nodes(properties, table)
                others.pop("type", None)
                inside |= others
        return inside

    def _names(self, kind: Kind[Config]) -> list[str]:
        registrations = self._registry.registrations(kind)
        return [self._registry.spelling(each) for each in registrations]

    def _values(self, node: _Node) -> list[str]:
        """Return what may stand at a place, as far as it can be listed, and what does."""
        kind = self._kind(node)
        found: list[object] = [*self._names(kind)] if kind is not None else []
        for branch in self._branches(node.schema):
            choices = branch.get("enum")
            found += choices if is_list(choices) else []
            found += [branch["const"]] if "const" in branch else []
            found += [True, False] if branch.get("type") == "boolean" else []
        if not (node.value is None or is_table(node.value) or is_list(node.value)):
            found.append(node.value)
        return [*dict.fromkeys(_text(each) for each in found)]


def _nodes(properties: dict[str, object], value: object) -> dict[str, _Node]:
    """Return the places below a table, each with what the spec says or the default."""
    said = value if is_table(value) else {}
    return {
        key: _Node(schema, said.get(key, schema.get("default")))
        for key, schema in properties.items()
        if is_table(schema)
    }


def _text(value: object) -> str:
    is_plain = isinstance(value, str) and _PLAIN.fullmatch(value) is not None
    return str(value) if is_plain else value_text(value)
