"""``layerkit convert``: a spec from TOML to JSON, or back."""

from __future__ import annotations

from pathlib import Path

import tomli_w

from layerkit.cli.output import report, say
from layerkit.errors import FileError, UsageError
from layerkit.formats.atomic import write_atomically
from layerkit.formats.json_text import json_text
from layerkit.spec.loading import parse_document, read_document, validate
from layerkit.spec.source import Format
from layerkit.values import is_list, is_table

_FORMS: dict[str, Format] = {".toml": "toml", ".json": "json"}


def convert_spec(source: Path, target: Path, *, force: bool) -> int:
    """Write a spec as it is, without defaults, in the format that the name of a file says.

    Raises
    ------
    FileError
        If the file is there already and is not to be replaced, or cannot be written.
    SpecError
        If it is no valid spec.
    UsageError
        If the name says no format, or relative paths of the spec would lead elsewhere.
    """
    form = _FORMS.get(target.suffix.lower())
    if form is None:
        raise UsageError(f"{target}: expected a name ending in .toml or .json")
    document = read_document(source)
    spec = validate(document)
    table = _without_nulls(document.table)
    text = json_text(table, indent=2) + "\n"
    if form == "toml" and is_table(table):
        text = tomli_w.dumps(table)
    if validate(parse_document(text, form, str(target), target.parent)) != spec:
        raise UsageError(
            f"{target}: relative paths in {source} would lead elsewhere; write into its directory"
        )
    if target.exists() and not force:
        raise FileError(f"{target}: there is such a file already; --force writes over it")
    write_atomically(target, text.encode())
    if document.source.form == "toml" and "#" in document.source.text:
        report(f"comments in {source} are not converted", label="warning")
    say(f"{target}: written")
    return 0


def _without_nulls(value: object) -> object:
    """Return a table without keys that are null in JSON, which TOML does not have."""
    if is_table(value):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if is_list(value) else value
