"""From a file to a new spec."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from layerkit.contracts.dataset import DATASETS
from layerkit.contracts.table import TableConfig
from layerkit.display.format import count
from layerkit.errors import DataError, UsageError
from layerkit.formats.csv_table import Dialect, open_csv
from layerkit.formats.jsonl_table import open_jsonl
from layerkit.formats.table import TableSource
from layerkit.formats.text import STANDARD_INPUT
from layerkit.new_spec.column_profile import ColumnProfile
from layerkit.new_spec.columns import Inferred, infer_column
from layerkit.new_spec.dialect import Given, find_dialect
from layerkit.new_spec.table_profile import Pairing, TableProfile, profile_table
from layerkit.new_spec.target import InferredTarget, infer_target
from layerkit.new_spec.text_file import Format, read_start
from layerkit.new_spec.texts import figure, quoted
from layerkit.problems import did_you_mean
from layerkit.registry import installed

_LEAST_ROWS = 10
_MOST_LISTED = 40


@dataclass(frozen=True, slots=True)
class InferredTable:
    """What a file is, and what its columns are.

    Attributes
    ----------
    form, dialect
        How it is written; no dialect but for CSV.
    rows
        How many were read.
    target
        What is to be predicted.
    columns
        All others, in the order of the file.
    missing_values
        The texts that stand for missing values.
    """

    form: Format
    dialect: Dialect | None
    rows: int
    target: InferredTarget
    columns: Sequence[Inferred]
    missing_values: Sequence[str]


def infer_table(
    path: Path,
    target: str | None,
    given: Given,
    *,
    encoding: str | None,
    most_rows: int | None,
    fills: bool,
) -> InferredTable:
    """Return what a file and its columns are.

    Parameters
    ----------
    path
        The file.
    target
        The column to predict.
    given, encoding
        What a person says of the file.
    most_rows
        How many rows are read; None for all.
    fills
        Whether there is a layer that fills missing numbers in.

    Raises
    ------
    UsageError
        If there is no such target; it lists the columns.
    DataError, FileError
        If it cannot be read, or nothing can be learnt from it.
    """
    if path == STANDARD_INPUT:
        raise UsageError("expected a file, found '-': save standard input as a file first")
    start = read_start(path, encoding)
    dialect: Dialect | None = None
    if start.form == "csv":
        dialect = find_dialect(path, start.lines, start.encoding, given, target)
    with _opened(path, start.form, dialect) as source:
        known = target if target in source.columns else None
        profile = profile_table(source, known, most_rows)
    if known is None:
        raise UsageError(_no_target(path, target, profile))
    if profile.rows < _LEAST_ROWS:
        raise DataError(
            f"{path}: expected at least {_LEAST_ROWS} rows, to train, validate and test on, found "
            f"{profile.rows}"
        )
    found = infer_target(str(path), profile.columns[known])
    columns = _inferred(profile, known, fills=fills)
    if not any(column.features for column in columns):
        reasons = "; ".join(f"{quoted(each.name)}: {each.reason}" for each in columns[:5])
        raise DataError(
            f"{path}: expected a column to predict {quoted(known)} from, found "
            f"{reasons or 'no other column'}"
        )
    missing = _missing_values(profile, columns)
    return InferredTable(start.form, dialect, profile.rows, found, columns, missing)


@contextmanager
def _opened(path: Path, form: Format, dialect: Dialect | None) -> Generator[TableSource]:
    if dialect is not None:
        with open_csv(path, dialect) as csv:
            yield csv
    elif form == "jsonl":
        with open_jsonl(path) as jsonl:
            yield jsonl
    else:
        with _any_table(path, form).open(path) as source:
            yield source


def _any_table(path: Path, form: Format) -> TableConfig:
    """Return a config of the dataset that reads a format, to open files with."""
    if form not in installed().names(DATASETS):
        raise UsageError(
            f"{path}: expected CSV or JSON Lines, found a {form} file, for which no dataset is "
            "installed; save the table as CSV"
        )
    config = installed().load(DATASETS, form)
    found = config.model_validate({"path": path, "target": "target", "columns": {"x": "number"}})
    if not isinstance(found, TableConfig):
        raise UsageError(f"{path}: expected a dataset of tables named '{form}', found another")
    return found


def _inferred(profile: TableProfile, target: str, *, fills: bool) -> list[Inferred]:
    texts = {
        name: frozenset(column.texts)
        for name, column in profile.columns.items()
        if column.numbers * 2 < column.values
    }
    inferred: list[Inferred] = []
    for name, column in profile.columns.items():
        if name != target:
            taken = frozenset[str]().union(*(each for of, each in texts.items() if of != name))
            pairing = profile.pairings.get(name, Pairing())
            inferred.append(infer_column(column, pairing, target, fills=fills, taken=taken))
    return inferred


def _missing_values(profile: TableProfile, columns: Sequence[Inferred]) -> list[str]:
    """Return the empty text, and what else stands for missing values, as it is in the file."""
    found = {text for column in profile.columns.values() for text in column.missing_texts}
    found |= {text for column in columns for text in column.missing_texts}
    return ["", *sorted(found - {""})]


def _no_target(path: Path, target: str | None, profile: TableProfile) -> str:
    names = [*profile.columns]
    if target is None:
        lead = f"{path}: expected --target, the column to predict, found none"
    else:
        hint = did_you_mean(target, names)
        lead = f"{path}: expected --target to be a column, found {quoted(target)}"
        lead += f"; {hint}" if hint else ""
    lines = [f"{lead}; there are {count(len(names), 'column')}:"]
    lines += [f"  {quoted(name)}: {_looks(profile.columns[name])}" for name in names[:_MOST_LISTED]]
    if len(names) > _MOST_LISTED:
        lines.append(f"  and {len(names) - _MOST_LISTED} more")
    return "\n".join(lines)


def _looks(column: ColumnProfile) -> str:
    more = "more than " if column.has_more_texts else ""
    if not column.values:
        return "no values"
    if column.is_number:
        kind = "whole numbers" if column.is_integer else "numbers"
        found = f"{kind} from {figure(column.least)} to {figure(column.largest)}"
    else:
        examples = ", ".join(quoted(text) for text, _ in column.texts.most_common(3))
        found = f"texts such as {examples}"
    missing = f", {column.missing:,} missing" if column.missing else ""
    return f"{found}; {more}{column.distinct:,} different{missing}"
