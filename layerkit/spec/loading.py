"""From a spec's file to its model: read, parse, override, validate."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import ValidationError

from layerkit.errors import FileError
from layerkit.registry import Registry, SpecContext, installed
from layerkit.spec.diagnostics import Problem, SpecError, problems_of
from layerkit.spec.models import ModelSpec
from layerkit.spec.overrides import apply_overrides
from layerkit.strict import is_list, is_table

MOST_BYTES = 256 * 1024
MOST_DEPTH = 32

Format: TypeAlias = Literal["toml", "json"]

# tomllib needs time quadratic in the number of parts of a dotted key.
_KEY_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_LONG_KEY = re.compile(rf"{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART}){{{MOST_DEPTH}}}")


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed spec, not validated yet.

    Attributes
    ----------
    source
        What messages call it.
    text
        As it was read.
    directory
        Where relative paths in it start.
    table
        Its contents.
    """

    source: str
    text: str
    directory: Path
    table: dict[str, object]


def load_spec(
    path: str | Path, overrides: Iterable[str] = (), registry: Registry | None = None
) -> ModelSpec:
    """Return the spec in a file.

    Parameters
    ----------
    path
        A ``.toml`` or ``.json`` file.
    overrides
        Changes to it, such as ``"optimizer.learning_rate=0.05"``.
    registry
        Who resolves names; by default what is installed.

    Raises
    ------
    FileError
        If the file cannot be read.
    SpecError
        If it is no valid spec; says all that is wrong. Shapes are checked by `plan_spec`.
    UsageError
        If an override is malformed.
    PluginError
        If a plugin that it names is at fault.
    """
    return validate(read_document(Path(path)), overrides, registry)


def parse_spec(text: str, form: Format = "toml", registry: Registry | None = None) -> ModelSpec:
    """Return the spec in a string; raises what `load_spec` does, but for files."""
    return validate(parse_document(text, form, "<string>", Path()), (), registry)


def read_document(path: Path) -> Document:
    """Read and parse a file."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise FileError(f"{path}: cannot read the spec: {error.strerror}") from error
    if path.suffix not in {".toml", ".json"}:
        raise SpecError(
            str(path), [Problem((), "wrong-suffix", "expected a name ending in .toml or .json")]
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"expected UTF-8 text, found another byte at offset {error.start}"
        raise SpecError(str(path), [Problem((), "syntax", reason)]) from error
    form: Format = "json" if path.suffix == ".json" else "toml"
    return parse_document(text, form, str(path), path.parent)


def parse_document(text: str, form: Format, source: str, directory: Path) -> Document:
    """Parse a text within limits that keep parsing quick."""
    if len(text.encode()) > MOST_BYTES:
        reason = f"expected at most {MOST_BYTES // 1024} KiB"
        raise SpecError(source, [Problem((), "too-large", reason)])
    try:
        table = _parse_json(text) if form == "json" else _parse_toml(text)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise SpecError(source, [Problem((), "syntax", reason)]) from error
    return Document(source, text, directory, table)


def validate(
    document: Document, overrides: Iterable[str] = (), registry: Registry | None = None
) -> ModelSpec:
    """Return the model that a parsed spec describes."""
    table = apply_overrides(document.table, overrides)
    context = SpecContext(registry or installed(), document.directory)
    try:
        return ModelSpec.model_validate(table, context=context)
    except ValidationError as error:
        raise SpecError(document.source, problems_of(error, table)) from None


def _parse_toml(text: str) -> dict[str, object]:
    if found := _LONG_KEY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ValueError(f"a key of more than {MOST_DEPTH} parts (at line {line})")
    return _checked(tomllib.loads(text))


def _parse_json(text: str) -> dict[str, object]:
    parsed: object = json.loads(text, object_pairs_hook=_without_duplicates)
    return _checked(parsed)


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table: dict[str, object] = {}
    for key, value in pairs:
        if key in table:
            raise ValueError(f"duplicate key '{key}'")
        table[key] = value
    return table


def _checked(parsed: object) -> dict[str, object]:
    if not is_table(parsed):
        raise ValueError("expected a table at the top")
    level: list[object] = [parsed]
    for _ in range(MOST_DEPTH):
        level = [child for value in level for child in _children(value)]
        if not level:
            return parsed
    raise ValueError(f"nested more than {MOST_DEPTH} levels deep")


def _children(value: object) -> Iterable[object]:
    if is_table(value):
        return value.values()
    return value if is_list(value) else ()
