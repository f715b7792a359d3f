"""From a spec's file to its model: read, parse, override, validate."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from layerkit.errors import FileError
from layerkit.fields import SpecContext
from layerkit.formats.regular import NotRegularError, open_regular
from layerkit.registry import Registry, installed
from layerkit.spec.diagnostics import Cause, Problem, SpecError, in_document_order, problems_of
from layerkit.spec.models import ModelSpec
from layerkit.spec.overrides import apply_overrides, overrides_of
from layerkit.spec.parsing import MAX_BYTES, ParseError, check_depth, parse, value_problems
from layerkit.spec.source import Format, Override, Source

_PYTHON = (
    "a spec in Python is a program, and specs are never run: import it and call "
    "lk.run(spec, directory), or write lk.to_toml(spec) to a .toml file"
)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed spec, not validated yet.

    Attributes
    ----------
    source
        Where it comes from.
    directory
        Where relative paths in it start.
    table
        Its contents.
    """

    source: Source
    directory: Path
    table: dict[str, object]

    def changed(self, overrides: Iterable[str | Override]) -> Document:
        """Return the spec with changes by options.

        Raises
        ------
        UsageError
            If one is malformed.
        """
        changes = overrides_of(overrides)
        table = apply_overrides(self.table, changes)
        return replace(self, source=replace(self.source, overrides=changes), table=table)


def load_document(path: str | Path, overrides: Iterable[str | Override] = ()) -> Document:
    """Return what is in a file, with changes by options, not validated yet; see `load_spec`."""
    return read_document(Path(path)).changed(overrides)


def load_spec(
    path: str | Path, overrides: Iterable[str | Override] = (), registry: Registry | None = None
) -> ModelSpec:
    """Return the spec in a file.

    Parameters
    ----------
    path
        A ``.toml`` or ``.json`` file.
    overrides
        Changes to it, such as ``"optimizer.learning_rate=0.05"``.
    registry
        What resolves the names of components; by default what is installed.

    Raises
    ------
    FileError
        If the file cannot be read.
    SpecError
        If it is no valid spec; says all that is wrong. Shapes are checked by `plan_network`.
    UsageError
        If an override is malformed.
    PluginError
        If a plugin that it names is at fault.
    """
    return validate(load_document(path, overrides), (), registry)


def parse_spec(text: str, form: Format = "toml", registry: Registry | None = None) -> ModelSpec:
    """Return the spec in a string; raises what `load_spec` does, but for files."""
    return validate(parse_document(text, form, "<string>", Path()), (), registry)


def spec_of(table: Mapping[str, object], source: str = "spec") -> ModelSpec:
    """Return the spec in a table from Python; raises what `load_spec` does, but for files."""
    return validate(Document(Source(source), Path().absolute(), {**table}))


def read_document(path: Path) -> Document:
    """Read and parse a file."""
    try:
        with open_regular(path) as file:
            content = file.read(MAX_BYTES + 1)
    except NotRegularError as error:
        found = f"expected a regular file, found {error}"
        raise FileError(f"{path}: cannot read the spec: {found}") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) else error
        raise FileError(f"{path}: cannot read the spec: {reason}") from error
    suffix = path.suffix.lower()
    if suffix not in {".toml", ".json"}:
        reason = "expected a name ending in .toml or .json"
        hint = _PYTHON if suffix == ".py" else "rename the file; a spec is TOML or JSON"
        raise SpecError(str(path), [Problem((), "wrong-suffix", reason, hint)])
    if len(content) > MAX_BYTES:
        reason = f"expected at most {MAX_BYTES // 1024} KiB, found more"
        hint = "is it the right file? Data belong in files of their own"
        raise SpecError(str(path), [Problem((), "too-large", reason, hint)])
    try:
        text = content.decode("utf-8-sig")  # Windows editors put a byte order mark in front
    except UnicodeDecodeError as error:
        reason = f"expected UTF-8 text, found another byte at offset {error.start}"
        raise SpecError(str(path), [Problem((), "syntax", reason)]) from error
    form: Format = "json" if suffix == ".json" else "toml"
    mark_bytes = len(BOM_UTF8) if content.startswith(BOM_UTF8) else 0
    return _parsed(Source(str(path), text, form, mark_bytes=mark_bytes), form, path.parent)


def parse_document(text: str, form: Format, source: str, directory: Path) -> Document:
    """Parse a text within limits that keep parsing quick."""
    return _parsed(Source(source, text, form), form, directory)


def _parsed(source: Source, form: Format, directory: Path) -> Document:
    try:
        return Document(source, directory.absolute(), parse(source.text, form))
    except ParseError as error:
        where = Source(source.name) if error.span is None else source
        opened = error.opened
        cause = None if opened is None else Cause((), "this is still open there", opened)
        problem = Problem((), error.code, str(error), cause=cause, span=error.span)
        raise SpecError(where, [problem]) from error


def validate(
    document: Document,
    overrides: Iterable[str | Override] = (),
    registry: Registry | None = None,
) -> ModelSpec:
    """Return the model that a parsed spec describes; raises what `load_spec` does."""
    if overrides:
        document = document.changed(overrides)
    source, table = document.source, document.table
    try:
        check_depth(table)
    except ParseError as error:
        raise SpecError(source, [Problem((), error.code, str(error))]) from error
    problems = {problem.loc: problem for problem in value_problems(table)}
    context = SpecContext(registry or installed(), document.directory)
    spec = None
    try:
        spec = ModelSpec.model_validate(table, context=context)
    except ValidationError as error:
        for problem in problems_of(error, table):
            problems.setdefault(problem.loc, problem)
    newer = [each for each in problems.values() if each.code == "newer-format"]
    if newer:  # what else is wrong is so because of that
        raise SpecError(source, newer)
    if spec is None or problems:
        raise SpecError(source, in_document_order(problems.values(), table))
    return spec
