"""An example of every component, which validates."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from layerkit.component import Config, Kind
from layerkit.contracts.kinds import KINDS
from layerkit.errors import PluginError
from layerkit.fields import SpecContext
from layerkit.registry import Registry
from layerkit.schema.generator import PREFIX, JsonSchema, definitions
from layerkit.schema.spec_schema import is_enough, kind_name
from layerkit.values import is_list, is_table

_SHOWN = 2


def example_of(config: type[Config], registry: Registry) -> dict[str, object] | None:
    """Return a component's table as a spec may have it; None where none was found that validates.

    It has what is required, and an option or two at their defaults. A field may say what to show:
    ``units: Annotated[int, Gt(0), Field(examples=[64])]``.
    """
    found = definitions([("it", config)])
    schema = found["it"]
    properties: object = schema.get("properties")
    required: object = schema.get("required")
    fields = {
        name: field
        for name, field in (properties if is_table(properties) else {}).items()
        if is_table(field) and name not in {"type", "name"}
    }
    values = _Values(found, registry)
    needed = [name for name in (required if is_list(required) else []) if name in fields]
    base = {
        "type": registry.name_of(config),
        **{str(name): values.of(fields[str(name)]) for name in needed},
    }
    defaults = {
        name: field["default"]
        for name, field in fields.items()
        if name not in base and isinstance(field.get("default"), int | float | str)
    }
    shared = set[str]() if config.__kind__ is None else {*config.__kind__.config.model_fields}
    own = [(name, value) for name, value in defaults.items() if name not in shared]
    shown = dict(own[: max(_SHOWN - len(needed), 0)])
    others = [{name: values.of(field)} for name, field in fields.items() if name not in base]
    for table in ({**base, **shown}, base, *({**base, **other} for other in others)):
        if _validates(config, table, registry):
            return table
    return None


class _Values:
    """Makes values that a schema allows.

    Parameters
    ----------
    definitions
        Schemas that references lead to.
    registry
        Where components are found.
    """

    def __init__(self, definitions: dict[str, JsonSchema], registry: Registry) -> None:
        self._definitions = definitions
        self._registry = registry

    def of(self, schema: JsonSchema) -> object:
        """Return a value: an example or the default of the schema, or the plainest it allows."""
        examples = schema.get("examples")
        if is_list(examples) and examples:
            return examples[0]
        for key in ("default", "const"):
            if key in schema:
                return schema[key]
        for key in ("enum", "anyOf", "oneOf"):
            choices = schema.get(key)
            if is_list(choices) and choices:
                return self.of(choices[0]) if is_table(choices[0]) else choices[0]
        reference = schema.get("$ref")
        if isinstance(reference, str):
            return self._named(reference.removeprefix(PREFIX))
        return self._plain(schema)

    def _named(self, name: str) -> object:
        kind = next((kind for kind in KINDS if kind_name(kind) == name), None)
        if kind is not None:
            return self._component(kind)
        return self._plain(self._definitions.get(name, {}))

    def _component(self, kind: Kind[Config]) -> object:
        """Return the name of a component that needs no options; one of fewest options first."""
        loaded: list[tuple[int, str]] = []
        for each in self._registry.registrations(kind):
            name = self._registry.spelling(each)
            try:
                config = self._registry.load(kind, name)
            except PluginError:
                continue
            if is_enough(config, self._registry):
                loaded.append((len(config.model_fields), name))
        return min(loaded, default=(0, ""))[1]

    def _plain(self, schema: JsonSchema) -> object:
        kind = schema.get("type")
        if kind == "array":
            items, least = schema.get("items"), schema.get("minItems")
            first = schema.get("prefixItems")
            if is_list(first):
                return [self.of(each) for each in first if is_table(each)]
            count = max(least if isinstance(least, int) else 0, 1)
            return [self.of(items) for _ in range(count)] if is_table(items) else []
        if kind == "object":
            return self._table(schema)
        if kind in {"integer", "number"}:
            return _number(schema, whole=kind == "integer")
        return kind == "boolean" or ("a" if kind == "string" else 1)

    def _table(self, schema: JsonSchema) -> object:
        properties, required = schema.get("properties"), schema.get("required")
        below = schema.get("additionalProperties")
        if is_table(below):
            return {"a": self.of(below)}
        return {
            name: self.of(field)
            for name, field in (properties if is_table(properties) else {}).items()
            if is_table(field) and is_list(required) and name in required
        }


def _number(schema: JsonSchema, *, whole: bool) -> float:
    """Return a number in a range, away from its ends where it can be."""
    low, high = _bound(schema, "minimum"), _bound(schema, "maximum")
    if whole:
        above = "exclusiveMinimum" in schema
        return 1 if low is None else max(int(low) + above, 1 if high is None else int(low) + above)
    if low is not None and high is not None:
        return (low + high) / 2
    return 0.1 if low is None or low < 0.1 else low + 1


def _bound(schema: JsonSchema, name: str) -> float | None:
    for key in (name, f"exclusive{name.capitalize()}"):
        found = schema.get(key)
        if isinstance(found, int | float):
            return found
    return None


def _validates(config: type[Config], table: dict[str, object], registry: Registry) -> bool:
    try:
        config.model_validate(
            {**table, "type": config.type_name()}, context=SpecContext(registry, Path())
        )
    except (ValidationError, PluginError):
        return False
    return True
