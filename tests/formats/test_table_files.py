from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.errors import DataError, UsageError
from layerkit.formats.csv_table import Dialect, open_csv
from layerkit.formats.table_files import TableFormat, open_table, table_format_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.csv", "csv"),
        ("a.CSV.gz", "csv"),
        ("a.tsv", "csv"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson.gz", "jsonl"),
        ("a.parquet", "parquet"),
        ("a.parquet.gz", None),
        ("a.arrow", "arrow"),
        ("a.feather", "arrow"),
        ("a.feather.gz", None),
        ("a.gz", None),
        ("csv", None),
        ("-", None),
        ("a.npz", None),
    ],
)
def test_a_name_tells_the_format(name: str, expected: str | None) -> None:
    assert table_format_of(Path(name)) == expected


def test_a_table_is_read_in_the_format_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_text("a;b\n1;2\n")
    with open_table(path, "csv", Dialect(separator=";")) as source:
        assert source.columns == ("a", "b")
    path.write_text('{"a": 1, "c": 2}\n')
    with open_table(path, "jsonl", Dialect()) as source:
        assert source.columns == ("a", "c")


@pytest.mark.parametrize(
    ("first", "has_names"),
    [
        ("1,2.5", False),
        ("1,", False),
        ("-1e5,nan", False),
        ("a,2", True),
        ('"1 000",2', True),
    ],
)
def test_a_first_row_has_names_if_a_cell_is_no_number(
    tmp_path: Path, first: str, has_names: bool
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"{first}\n3,4\n")
    with open_csv(path, Dialect(header=None)) as source:
        rows = next(iter(source.chunks(source.columns))).rows
        assert [*rows] == ([2] if has_names else [1, 2])
        assert (source.columns == ("column_1", "column_2")) is not has_names


def test_a_decimal_comma_is_no_name(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("1,5;2\n")
    with open_csv(path, Dialect(separator=";", decimal=",", header=None)) as source:
        assert source.columns == ("column_1", "column_2")


def test_an_empty_file_has_no_columns(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("")
    with (
        pytest.raises(DataError, match="expected a table, found an empty file"),
        open_csv(tmp_path / "table.csv", Dialect(header=None)),
    ):
        pass


@pytest.mark.parametrize("table_format", ["parquet", "arrow"])
def test_formats_that_are_searched_are_not_read_from_standard_input(
    table_format: TableFormat,
) -> None:
    with pytest.raises(UsageError, match=f"expected the path of the {table_format} file"):
        open_table(Path("-"), table_format, Dialect())
