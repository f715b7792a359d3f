"""The names that specs may give to layers and metrics."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import PlainValidator, WithJsonSchema

from layerkit.problems import problem


def _layer_name(value: object) -> str:
    if isinstance(value, str) and value.isascii() and value.isidentifier():
        return value
    raise problem("wrong-value", "expected a name of letters, digits and underscores")


LayerName: TypeAlias = Annotated[
    str,
    PlainValidator(_layer_name),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"}),
]
