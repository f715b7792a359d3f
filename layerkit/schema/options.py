"""What may stand at a key of a spec, in words: type, range, default and meaning."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pydantic import BaseModel

from layerkit.schema.generator import PREFIX, JsonSchema, definitions
from layerkit.values import is_list, is_table

_TYPES = {
    "integer": "integer",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
    "object": "table",
}
_BOUNDS = {
    "minimum": "from {}",
    "exclusiveMinimum": "above {}",
    "maximum": "to {}",
    "exclusiveMaximum": "below {}",
}


@dataclass(frozen=True, slots=True)
class Option:
    """A key of a table of a spec.

    Attributes
    ----------
    name
        The key.
    allowed
        What may stand there: ``integer above 0``.
    default
        What stands for it where it is left out, as TOML has it; ``required`` if it may not be, and
        empty where leaving it out is a choice of its own.
    meaning
        What the docstring says.
    """

    name: str
    allowed: str
    default: str
    meaning: str


def options_of(model: type[BaseModel]) -> list[Option]:
    """Return every key of a model's table but ``type``, required ones first."""
    schema = definitions([("it", model)])["it"]
    properties, required = schema.get("properties"), schema.get("required")
    needed = required if is_list(required) else []
    options: list[Option] = []
    for name, field in (properties if is_table(properties) else {}).items():
        if name == "type" or not is_table(field):
            continue
        default = "required" if name in needed else _default(field)
        options.append(
            Option(name, allowed_text(field), default, str(field.get("description", "")))
        )
    return sorted(options, key=lambda option: option.default != "required")


def allowed_text(schema: JsonSchema) -> str:
    """Return what a schema allows: ``integer above 0 or "full"``."""
    for key in ("anyOf", "oneOf"):
        branches: object = schema.get(key)
        if is_list(branches):
            texts = [
                allowed_text(each)
                for each in branches
                if is_table(each) and each.get("type") != "null"
            ]
            return " or ".join(dict.fromkeys(texts))
    reference, choices = schema.get("$ref"), schema.get("enum")
    if isinstance(reference, str):
        return reference.removeprefix(PREFIX).replace("_", " ")
    if is_list(choices):
        return " or ".join(map(value_text, choices))
    if "const" in schema:
        return value_text(schema["const"])
    return _plain(schema)


def _plain(schema: JsonSchema) -> str:
    kind = schema.get("type")
    if kind == "array":
        items, fixed = schema.get("items"), schema.get("prefixItems")
        if is_list(fixed):
            each = dict.fromkeys(allowed_text(item) for item in fixed if is_table(item))
            return f"list of {len(fixed)} ({', '.join(each)})"
        least = schema.get("minItems")
        of = f" of {allowed_text(items)}" if is_table(items) else ""
        return f"list{of}" + (f", at least {least}" if least else "")
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"table of {allowed_text(values)}" if is_table(values) else "table"
    bounds = [
        text.format(value_text(schema[key])) for key, text in _BOUNDS.items() if key in schema
    ]
    return " ".join([_TYPES.get(str(kind), "any value"), *bounds])


def _default(schema: JsonSchema) -> str:
    return value_text(schema["default"]) if "default" in schema else ""


def value_text(value: object) -> str:
    """Return a value as TOML has it, on one line."""
    if is_table(value):
        pairs = ", ".join(f"{_key(key)} = {value_text(below)}" for key, below in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if is_list(value):
        return f"[{', '.join(map(value_text, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    is_bare = key.isascii() and key.replace("-", "_").replace("_", "a").isalnum()
    return key if is_bare else json.dumps(key, ensure_ascii=False)
