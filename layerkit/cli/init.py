"""``layerkit init``: a commented spec for a table."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from layerkit.cli.init_schema import schema_for, schema_line, write_schema_once
from layerkit.cli.output import say, say_facts
from layerkit.contracts.kinds import KINDS
from layerkit.display.format import count
from layerkit.errors import FileError, UsageError
from layerkit.formats.atomic import written_atomically
from layerkit.new_spec.dialect import Given
from layerkit.new_spec.inference import InferredTable, infer_table
from layerkit.new_spec.template import NewSpec, spec_text
from layerkit.new_spec.texts import quoted, shown
from layerkit.plan.network import plan_network
from layerkit.registry import installed
from layerkit.spec.loading import parse_document, validate
from layerkit.spec.parsing import MAX_BYTES

_FORMATS = {"csv": "CSV", "jsonl": "JSON Lines", "parquet": "Parquet", "arrow": "Arrow"}
_SEPARATORS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "vertical bars"}


@dataclass(frozen=True, slots=True)
class InitOptions:
    """What was typed: see ``layerkit init --help``."""

    target: str | None
    out: Path | None
    force: bool
    rows: int | None
    separator: str | None
    decimal: str | None
    encoding: str | None
    header: bool | None


def init_spec(path: Path, options: InitOptions) -> int:
    """Write a spec for a table, and say what to do next; return the exit code."""
    out = options.out or Path(f"{_stem(path)}.toml")
    if out.suffix != ".toml":
        raise UsageError(f"expected --out to end in .toml, found {out}")
    if options.target is not None and out.exists() and not options.force:
        raise FileError(
            f"{out}: expected no such file, as a new spec would take its place; choose another "
            "with --out, or say --force"
        )
    found = infer_table(
        path,
        options.target,
        Given(_separator(options.separator), options.decimal, options.header),
        encoding=options.encoding,
        most_rows=options.rows,
        fills="fill_missing" in _names_of("layer"),
    )
    new = NewSpec(
        found.form,
        _relative(path, out),
        found.dialect,
        found.rows,
        options.rows == found.rows,
        found.target,
        found.columns,
        found.missing_values,
        _commands(path, out),
    )
    schema = schema_for(out)
    begin = f"{schema_line(out, schema)}\n\n"
    text = begin + spec_text(new)
    if len(text.encode()) > MAX_BYTES:
        text = begin + spec_text(new, comments=False)
    if len(text.encode()) > MAX_BYTES:
        raise UsageError(
            f"{path}: expected columns that fit into a spec of {MAX_BYTES // 1024} KiB, found "
            f'{count(len(found.columns) + 1, "column")}; save them as arrays and use type = "npz"'
        )
    plan_network(validate(parse_document(text, "toml", str(out), out.parent)), str(out))
    with written_atomically(out) as file:
        file.write(text.encode())
    facts = _facts(path, found, out)
    if write_schema_once(schema):
        facts["schema"] = f"{schema.name} beside it, for editors"
    say_facts(facts)
    say("")
    say("Look at the spec, then type:")
    for command in new.commands:
        say(f"  {command}")
    return 0


def _names_of(noun: str) -> list[str]:
    kind = next(each for each in KINDS if each.noun == noun)
    return [*installed().names(kind)]


def _separator(given: str | None) -> str | None:
    if given in {"\\t", "tab"}:
        return "\t"
    if given is not None and len(given) != 1:
        raise UsageError(f"expected --separator to be one character, or tab; found {given!r}")
    return given


def _stem(path: Path) -> str:
    suffixes = r"(?i)\.(?:csv|tsv|txt|jsonl|ndjson|json|parquet|arrow|feather)$"
    return re.sub(suffixes, "", _without_gz(path.name))


def _without_gz(name: str) -> str:
    return re.sub(r"(?i)\.gz$", "", name)


def _relative(path: Path, out: Path) -> str:
    """Return the path of a data file from the directory of the spec, if there is one."""
    try:
        return Path(os.path.relpath(path.absolute(), out.absolute().parent)).as_posix()
    except ValueError:  # another drive
        return path.absolute().as_posix()


def _commands(path: Path, out: Path) -> Sequence[str]:
    run = (Path("runs") / out.stem).as_posix()
    files = ["--input", str(path), "--output", f"{out.stem}_predictions.csv"]
    return [
        shlex.join(["layerkit", "run", str(out), "--out", run]),
        shlex.join(["layerkit", "predict", run, *files]),
    ]


def _facts(path: Path, found: InferredTable, out: Path) -> dict[str, str]:
    written = _FORMATS[found.form]
    if found.dialect is not None:
        separator = found.dialect.separator
        written += f" with {_SEPARATORS.get(separator, repr(separator))}"
        written += " and decimal commas" if found.dialect.decimal == "," else ""
        written += f" in {found.dialect.encoding}"
        written += "" if found.dialect.header else ", without a header"
    facts = {
        "file": f"{path}: {count(found.rows, 'row')}, {written}",
        "target": f"{shown(found.target.name)}: {found.target.reason}",
        "inputs": ", ".join(_inputs(found)),
    }
    left_out = [each for each in found.columns if not each.features]
    if left_out:
        facts["left out"] = "; ".join(
            f"{quoted(each.name)} ({each.reason.partition(':')[0]})" for each in left_out[:8]
        ) + (f"; and {len(left_out) - 8} more" if len(left_out) > 8 else "")
    return {**facts, "spec": str(out)}


def _inputs(found: InferredTable) -> Iterator[str]:
    kept = [each for each in found.columns if each.features]
    numbers = sum(each.is_number for each in kept)
    if numbers:
        yield count(numbers, "column") + " of numbers"
    if len(kept) > numbers:
        yield count(len(kept) - numbers, "column") + " of categories"
    yield count(sum(each.features for each in kept), "feature") + " in all"
