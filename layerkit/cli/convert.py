"""``layerkit convert``: a spec from TOML to JSON or back, or to Python."""

from __future__ import annotations

import re
from keyword import iskeyword
from pathlib import Path

import tomli_w

from layerkit.cli.output import report, say
from layerkit.cli.target import check_target
from layerkit.errors import UsageError
from layerkit.formats.atomic import written_atomically
from layerkit.formats.json_text import json_text
from layerkit.spec.loading import Document, read_document, validate
from layerkit.spec.models import ModelSpec
from layerkit.spec.python_text import to_python
from layerkit.spec.source import Format
from layerkit.values import is_list, is_table

_FORMS: dict[str, Format] = {".toml": "toml", ".json": "json"}


def convert_spec(source: Path, target: Path, *, force: bool) -> int:
    """Write a spec as it is, without defaults, in the format that the name of a file says.

    From TOML to TOML in the same directory, the line that tells editors the schema is kept.

    Raises
    ------
    FileError
        If the file is there already and is not to be replaced, or cannot be written.
    PluginError
        If the file is to be Python, and a component cannot be written as such.
    SpecError
        If it is no valid spec.
    UsageError
        If the name says no format, or relative paths of the spec would lead elsewhere.
    """
    suffix = target.suffix.lower()
    if suffix != ".py" and suffix not in _FORMS:
        raise UsageError(f"{target}: expected a name ending in .toml, .json or .py")
    document = read_document(source)
    spec = validate(document)
    check_target(document, spec, target, force=force)
    text = _python(spec, source, target) if suffix == ".py" else _table(document, _FORMS[suffix])
    kept = ""
    if suffix == ".toml" and target.parent == source.parent:
        kept = _schema_line(document.source.text)
    with written_atomically(target) as file:
        file.write((kept + text).encode())
    if document.source.form == "toml" and "#" in document.source.text.removeprefix(kept):
        report(f"comments in {source} are not converted", label="warning")
    say(f"{target}: written")
    return 0


def _table(document: Document, form: Format) -> str:
    """Return the spec as TOML or JSON."""
    table = _without_nulls(document.table)
    if form == "toml" and is_table(table):
        return tomli_w.dumps(table)
    return json_text(table, indent=2) + "\n"


def _python(spec: ModelSpec, source: Path, target: Path) -> str:
    """Return the spec as a Python module."""
    if not target.stem.isidentifier() or iskeyword(target.stem):
        name = re.sub(r"\W", "_", target.stem)
        name = name if name.isidentifier() and not iskeyword(name) else f"spec_{name}"
        raise UsageError(f"{target}: expected a name that Python can import, such as {name}.py")
    shown = re.sub(r"[^\w.+-]", "?", source.name)[:40]
    title = f"The spec in {shown}, as 'layerkit convert' wrote it."
    return to_python(spec, title, target.parent)


def _schema_line(text: str) -> str:
    """Return the line that tells editors the schema, if the text begins with one."""
    return text.partition("\n")[0].rstrip() + "\n" if text.startswith("#:schema ") else ""


def _without_nulls(value: object) -> object:
    """Return a table without keys that are null in JSON, which TOML does not have."""
    if is_table(value):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if is_list(value) else value
