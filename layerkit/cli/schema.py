"""``layerkit schema``: a JSON Schema of specs."""

from __future__ import annotations

from pathlib import Path

from layerkit.cli.output import report, say
from layerkit.formats.atomic import written_atomically
from layerkit.formats.json_text import json_text
from layerkit.schema.spec_schema import spec_schema


def write_schema(out: Path | None) -> int:
    """Write the schema to a file, or to standard output."""
    schema, errors = spec_schema()
    for error in errors:
        report(f"left out: {error}", label="warning")
    text = json_text(schema, indent=2)
    if out is None:
        say(text)
        return 0
    with written_atomically(out) as file:
        file.write(f"{text}\n".encode())
    say(f"{out}: begin specs with '#:schema {_reference(out)}'")
    return 0


def _reference(out: Path) -> str:
    """Return what specs in the current directory call the file."""
    return str(out) if out.is_absolute() else f"./{out.as_posix()}"
