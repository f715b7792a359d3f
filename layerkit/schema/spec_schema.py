"""The JSON Schema of a spec, with every component that is installed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from layerkit.component import Config, Kind
from layerkit.contracts.kinds import KINDS
from layerkit.errors import PluginError
from layerkit.fields import SpecContext
from layerkit.registry import Registry, installed
from layerkit.schema.generator import PREFIX, JsonSchema, definitions
from layerkit.spec.models import ModelSpec
from layerkit.values import is_table

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class SchemaComponent:
    """A component of the schema.

    Attributes
    ----------
    kind
        Such as ``layer``, with ``_`` for blanks.
    name
        That specs use: with its distribution only if needed.
    full_name
        That with its distribution.
    config
        Its config class.
    """

    kind: str
    name: str
    full_name: str
    config: type[Config]

    @property
    def definition(self) -> str:
        """What its table is called in the schema: ``layer.dense``."""
        return f"{self.kind}.{self.name}"


def spec_schema(registry: Registry | None = None) -> tuple[JsonSchema, list[PluginError]]:
    """Return the JSON Schema (draft 2020-12) of a spec, and what does not load and is left out."""
    registry = registry or installed()
    components, errors = installed_components(registry)
    models = [(each.definition, each.config) for each in components]
    found = definitions([("spec", ModelSpec), *models])
    spec = found.pop("spec")
    for each in components:
        found[each.definition] = _by_type(found[each.definition], each)
    for kind in KINDS:
        of_kind = [each for each in components if each.kind == kind_name(kind)]
        found[kind_name(kind)] = _any_of(kind, of_kind, registry)
    origins = {each.origin for kind in KINDS for each in registry.registrations(kind)}
    schema: JsonSchema = {
        "$schema": DIALECT,
        **spec,
        "title": "Layerkit spec",
        "$comment": f"Written by 'layerkit schema' with {', '.join(sorted(origins))}",
        "$defs": dict(sorted(found.items())),
    }
    return schema, errors


def installed_components(
    registry: Registry,
) -> tuple[list[SchemaComponent], list[PluginError]]:
    """Return every component that loads, in the order of kinds and names, and what is wrong."""
    components: list[SchemaComponent] = []
    errors: list[PluginError] = []
    for kind in KINDS:
        for each in registry.registrations(kind):
            name = registry.spelling(each)
            try:
                config = registry.load(kind, name)
            except PluginError as error:
                errors.append(error)
            else:
                found = SchemaComponent(kind_name(kind), name, each.full_name, config)
                components.append(found)
    return components, errors


def kind_name(kind: Kind[Config]) -> str:
    """Return what a kind is called in the schema."""
    return kind.noun.replace(" ", "_")


def article(noun: str) -> str:
    """Return a noun with its article."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def is_enough(config: type[Config], registry: Registry) -> bool:
    """Tell whether a spec may say the name alone."""
    try:
        config.model_validate({"type": config.type_name()}, context=SpecContext(registry, Path()))
    except (ValidationError, PluginError):
        return False
    return True


def _by_type(schema: JsonSchema, component: SchemaComponent) -> JsonSchema:
    """Return the schema of a component's table, which says its name."""
    properties: object = schema.get("properties")
    others = properties if is_table(properties) else {}
    said = {"anyOf": _names([component]), "description": schema.get("description", "")}
    return {
        **schema,
        "title": component.name,
        "properties": {"type": said, **{k: v for k, v in others.items() if k != "type"}},
    }


def _names(components: list[SchemaComponent]) -> list[JsonSchema]:
    """Return the schemas of what a spec may call components, with and without distributions.

    Names whose distribution is not needed are a pattern: editors complete those of an ``enum``.
    """
    names: JsonSchema = {"enum": [each.name for each in components]}
    others = [re.escape(each.full_name) for each in components if each.full_name != each.name]
    pattern: JsonSchema = {"type": "string", "pattern": f"^(?:{'|'.join(others)})$"}
    return [*([names] if components else []), *([pattern] if others else [])]


def _any_of(
    kind: Kind[Config], components: list[SchemaComponent], registry: Registry
) -> JsonSchema:
    """Return the schema of what may stand for a component: a name, or a table."""
    bare = [each for each in components if is_enough(each.config, registry)]
    tables = [{"$ref": f"{PREFIX}{each.definition}"} for each in components]
    if not tables:
        return {"title": kind.noun, "not": {}}
    # Not "if" and "then": editors complete the keys of "oneOf" alone.
    return {
        "title": kind.noun,
        "description": f"The name of {article(kind.noun)}, or a table with its type and options.",
        "oneOf": [*_names(bare), *tables],
    }
