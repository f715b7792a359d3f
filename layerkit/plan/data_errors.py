"""Data that cannot be read, told at the line of the spec that names them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from layerkit.contracts.dataset import DatasetConfig
from layerkit.contracts.table import TableConfig
from layerkit.errors import ColumnError, DataError, FileError
from layerkit.spec.diagnostics import Loc, Problem, SpecError
from layerkit.spec.source import Source


class SpecDataError(SpecError, DataError):
    """A spec whose data are not what they should be, with nothing else wrong."""

    exit_code: ClassVar[int] = DataError.exit_code


class SpecFileError(SpecError, FileError):
    """A spec whose data cannot be read, with nothing else wrong."""

    exit_code: ClassVar[int] = FileError.exit_code


def unreadable(
    source: str | Source,
    data: DatasetConfig,
    error: DataError | FileError,
    others: Sequence[Problem],
) -> SpecError:
    """Return the error for data whose shapes cannot be told.

    Parameters
    ----------
    source
        What the spec was read from.
    data
        The dataset.
    error
        What it raised.
    others
        What else is wrong with the spec. If anything is, the spec is to be mended first.
    """
    reason, hint = _parts(str(error))
    problems = [Problem(_place(data, error, reason), "data", reason, hint), *others]
    if others:
        return SpecError(source, problems)
    kind = SpecFileError if isinstance(error, FileError) else SpecDataError
    return kind(source, problems)


def _parts(text: str) -> tuple[str, str]:
    """Return what is wrong, and what to do where an error says that after a semicolon."""
    reason, separator, hint = text.rpartition("; ")
    is_whole = reason.count("'") % 2 == 0 and reason.count('"') % 2 == 0
    is_advice = separator and is_whole and not hint.startswith("found ")
    return (reason, hint) if is_advice else (text, "")


def _place(data: DatasetConfig, error: DataError | FileError, reason: str) -> Loc:
    if isinstance(error, ColumnError) and isinstance(data, TableConfig):
        if error.column in data.columns:
            return ("data", "columns", error.column)
        for name, value in dict(data).items():
            if value == error.column or (isinstance(value, tuple) and error.column in value):
                return ("data", name)
    return _option(data, reason)


def _option(data: DatasetConfig, reason: str) -> Loc:
    """Return which option names the file that an error is about; the dataset if none does."""
    about = reason.partition(": expected")[0]
    options: dict[str, object] = dict(data)
    paths = {
        str(value): name
        for name, value in reversed(options.items())  # of two with one file, the first
        if isinstance(value, Path) and str(value) in about
    }
    return ("data", paths[max(paths, key=len)]) if paths else ("data",)
