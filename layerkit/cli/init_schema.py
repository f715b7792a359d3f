"""The JSON Schema that a new spec begins with, for editors."""

from __future__ import annotations

import os
from pathlib import Path

from layerkit.cli.output import report
from layerkit.formats.atomic import write_atomically
from layerkit.formats.json_text import json_text
from layerkit.schema.spec_schema import spec_schema

NAME = "spec.schema.json"


def schema_for(spec: Path) -> Path:
    """Return the schema of a new spec: the nearest there is in its repository, or one beside it."""
    beside = spec.absolute().parent
    inside = [beside]
    for directory in beside.parents:
        if (inside[-1] / ".git").exists():
            break
        inside.append(directory)
    else:
        inside = [beside]  # no repository
    return next((each / NAME for each in inside if (each / NAME).is_file()), beside / NAME)


def schema_line(spec: Path, schema: Path) -> str:
    """Return the first line of a spec, by which editors find its schema."""
    path = Path(os.path.relpath(schema, spec.absolute().parent)).as_posix()
    return f"#:schema {path}" if path.startswith("../") else f"#:schema ./{path}"


def write_schema_once(schema: Path) -> bool:
    """Write the schema if it is not there, and tell whether it was written."""
    if schema.is_file():
        return False
    found, errors = spec_schema()
    for error in errors:
        report(f"left out of {NAME}: {error}", label="warning")
    write_atomically(schema, f"{json_text(found, indent=2)}\n".encode())
    return True
