from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import pytest

from layerkit.builtin.arrays import ArraysConfig
from layerkit.builtin.csv import CsvConfig
from layerkit.builtin.jsonl import JsonlConfig
from layerkit.contracts.dataset import DatasetConfig
from layerkit.errors import UsageError
from layerkit.formats.csv_table import Dialect
from layerkit.inference.file_options import FileOptions, input_format, output_format

TABLE = {"path": "x.csv", "target": "y", "columns": {"a": "number"}}
CSV = CsvConfig.model_validate({**TABLE, "separator": ";", "decimal": ",", "header": False})
JSONL = JsonlConfig.model_validate(TABLE)
STDIN = Path("-")


@pytest.mark.parametrize(
    ("path", "wanted", "data", "expected"),
    [
        ("a.csv.gz", None, JSONL, "csv"),
        ("a.npy", None, CSV, "npz"),
        ("a.csv", "jsonl", CSV, "jsonl"),
        ("a", "npy", CSV, "npz"),
        ("-", None, CSV, "csv"),
        ("-", None, JSONL, "jsonl"),
        ("-", None, ArraysConfig(), "csv"),
    ],
)
def test_the_input_is_what_its_name_an_option_or_the_run_says(
    path: str,
    wanted: Literal["csv", "jsonl", "npz", "npy"] | None,
    data: DatasetConfig,
    expected: str,
) -> None:
    assert input_format(Path(path), FileOptions(wanted), data) == expected


def test_text_on_standard_output_is_written_as_it_was_read() -> None:
    assert output_format(STDIN, None, "jsonl") == "jsonl"
    assert output_format(STDIN, None, "npz") == "csv"
    assert output_format(STDIN, "npz", "csv") == "npz"
    assert output_format(Path("out.npz"), None, "csv") == "npz"
    assert output_format(Path(os.devnull), None, "jsonl") == "jsonl"


def test_a_format_that_nothing_tells_is_asked_for() -> None:
    with pytest.raises(UsageError, match=r"data\.xls: expected .* say with --format what it is"):
        input_format(Path("data.xls"), FileOptions(), CSV)
    with pytest.raises(UsageError, match=r"out: expected .* say with --output-format"):
        output_format(Path("out"), None, "csv")


def test_options_change_the_dialect_of_the_spec() -> None:
    own = FileOptions().dialect(CSV)
    assert (own.separator, own.decimal, own.header) == (";", ",", False)
    changed = FileOptions(separator="\t", encoding="cp1252").dialect(CSV)
    assert (changed.separator, changed.decimal, changed.encoding) == ("\t", ",", "cp1252")
    assert FileOptions().dialect(ArraysConfig()) == Dialect(header=None)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (FileOptions(separator=";;"), "--separator: expected one character, found ';;'"),
        (FileOptions(decimal=""), "--decimal: expected one character, found ''"),
        (FileOptions(encoding="latin-17"), "--encoding: .*, found 'latin-17'"),
    ],
)
def test_options_that_cannot_be_are_refused(options: FileOptions, said: str) -> None:
    FileOptions(separator=";", decimal=",", encoding="cp1252").check()
    with pytest.raises(UsageError, match=said):
        options.check()
