from __future__ import annotations

import csv
import gzip
import os
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from layerkit.errors import DataError
from layerkit.formats.csv_table import CsvSource, Dialect, open_csv
from layerkit.formats.table import Cell
from layerkit.formats.text import MAX_ROW

DIALECT = Dialect()


def columns_of(path: Path, dialect: Dialect = DIALECT) -> Sequence[str]:
    with open_csv(path, dialect) as source:
        return source.columns


def rows_of(source: CsvSource, *names: str) -> list[tuple[int, list[Cell]]]:
    return [
        (number, [column[row] for column in chunk.columns])
        for chunk in source.chunks(names, 2)
        for row, number in enumerate(chunk.rows)
    ]


def read(
    path: Path, text: str | bytes, *names: str, dialect: Dialect = DIALECT
) -> list[tuple[int, list[Cell]]]:
    data = text if isinstance(text, bytes) else text.encode(dialect.encoding)
    path.write_bytes(data)
    with open_csv(path, dialect) as source:
        return rows_of(source, *(names or source.columns))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data.csv"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cells_are_read_whatever_separates_them(path: Path, separator: str, end: str) -> None:
    text = f'a,b{end}1,"x{separator}""y"""{end}2,{end}'.replace(",", separator)
    dialect = Dialect(separator=separator)
    assert read(path, text, dialect=dialect) == [(2, ["1", f'x{separator}"y"']), (3, ["2", ""])]


def test_only_the_columns_asked_for_are_read_in_that_order(path: Path) -> None:
    assert read(path, "a,b,c\n1,2,3\n4,5,6\n", "c", "a") == [(2, ["3", "1"]), (3, ["6", "4"])]


def test_a_row_is_where_its_first_line_is(path: Path) -> None:
    text = 'a,"b\nc"\n1,"x\ny\r\nz"\n\n  \n2,w\n\n3,""\n'
    assert read(path, text) == [(3, ["1", "x\ny\r\nz"]), (8, ["2", "w"]), (10, ["3", ""])]


def test_a_line_of_blanks_is_a_missing_value_only_in_a_table_of_one_column(path: Path) -> None:
    assert read(path, 'a\n1\n\n  \n""\n') == [(2, ["1"]), (4, [""]), (5, [""])]


def test_blanks_around_names_and_after_separators_are_skipped(path: Path) -> None:
    assert read(path, ' a , b\n 1,  "x" \n'.replace('" ', '"'), "a", "b") == [(2, ["1", "x"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_texts_are_decoded(path: Path, encoding: str) -> None:
    dialect = Dialect(encoding=encoding)
    assert read(path, "größe\n1\né\n", "größe", dialect=dialect) == [(2, ["1"]), (3, ["é"])]


def test_without_a_header_columns_are_numbered(path: Path) -> None:
    dialect = Dialect(header=False)
    assert read(path, "1,2\n3,4\n", "column_2", dialect=dialect) == [(1, ["2"]), (2, ["4"])]


def test_gzip_files_are_unpacked(path: Path) -> None:
    assert read(path, gzip.compress(b"a\n1\n")) == [(2, ["1"])]


@pytest.mark.parametrize("text", ["", "\n", "\r\n \n\n", "\ufeff"])
@pytest.mark.parametrize("header", [True, False])
def test_an_empty_file_is_an_error(path: Path, text: str, header: bool) -> None:
    with pytest.raises(DataError, match=r"data\.csv: expected a table, found an empty file"):
        read(path, text, dialect=Dialect(header=header))


def test_a_table_of_names_alone_has_no_rows(path: Path) -> None:
    assert read(path, "a,b\n") == []
    assert read(path, "a,b") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n3\n", "3: expected 2 cells, one for each column, found 1; set the separator, "),
        ("a,b\n1,2\n3,4,5\n6,7\n", "3: expected 2 cells, one for each column, found 3$"),
        ("a,b\n1,2\n3,4,\n", "3: expected 2 cells, one for each column, found 3$"),
        ("a;b\n1;2\n3,5;4\n", "3: expected 1 cell, one for each column, found 2; .* ';'"),
        ('a,b\n"1\n2",3\n4,"5\n"\n6,7,8\n', "6: expected 2 cells, one for each column, found 3$"),
        ("a,b,c\n1,2,3\n4,5", "3: .* found 2; the file ends within that row: it may be cut short"),
        ("a,b,c\n1,2,3\n4,5\n", "3: expected 3 cells, one for each column, found 2$"),
    ],
)
def test_rows_of_another_length_are_told(path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=rf"data\.csv:{message}"):
        read(path, text)


@pytest.mark.parametrize(
    ("text", "line"), [('a,b\n1,2\n3,"4\n5,6\n', 3), ('a,b\n"1"2,3\n', 2), ('"a,b\n', 1)]
)
def test_quotes_that_do_not_match_are_told_with_the_row_that_they_begin_in(
    path: Path, text: str, line: int
) -> None:
    with pytest.raises(DataError, match=rf"data\.csv:{line}: .* check the quotes of the row"):
        read(path, text)


def test_a_quote_that_is_never_closed_does_not_read_the_file_into_memory(path: Path) -> None:
    row = b"12345678,12345678\n"
    path.write_bytes(b'a,b\n1,"' + row * (40 * MAX_ROW // len(row)))
    tracemalloc.start()
    with pytest.raises(DataError, match=r"data\.csv:2: "), open_csv(path, DIALECT) as source:
        rows_of(source, "a")
    assert tracemalloc.get_traced_memory()[1] < 12 * MAX_ROW
    tracemalloc.stop()


def test_a_row_that_never_ends_is_not_read_into_memory(path: Path) -> None:
    path.write_bytes(b"a,b\n1," + b'"\n",' * (4 * MAX_ROW))
    with (
        pytest.raises(DataError, match=rf"data\.csv:2: expected rows of up to {MAX_ROW}"),
        open_csv(path, DIALECT) as source,
    ):
        rows_of(source, "a")


def test_long_texts_in_other_columns_are_no_error(path: Path) -> None:
    text = "x" * 1_000_000
    assert read(path, f'a,b\n1,"{text}\n{text}"\n2,y\n', "a") == [(2, ["1"]), (4, ["2"])]


def test_other_readers_in_the_process_keep_a_higher_limit(path: Path) -> None:
    before = csv.field_size_limit(10 * MAX_ROW)
    try:
        read(path, "a\n1\n")
        assert csv.field_size_limit() == 10 * MAX_ROW
    finally:
        csv.field_size_limit(before)


def test_bytes_of_zero_stay_in_their_cell_and_are_told_in_names(path: Path) -> None:
    assert read(path, "a,b\n1\0,2\n", "a") == [(2, ["1\0"])]
    with pytest.raises(DataError, match=r"data\.csv:1: expected text, found a NUL character"):
        read(path, "a,b\n1,2\n".encode("utf-16-le"), "a")


def test_two_columns_of_one_name_are_an_error_only_if_they_are_asked_for(path: Path) -> None:
    assert read(path, "a,b,,b,\n1,2,3,4,5\n", "a") == [(2, ["1"])]
    with pytest.raises(DataError, match=r'data\.csv: expected one column "b", found 2; rename'):
        read(path, "a,b,,b,\n1,2,3,4,5\n", "a", "b")


def test_a_file_that_is_cut_anywhere_gives_an_error_or_the_rows_before(path: Path) -> None:
    whole = 'a,b,c\n1,"x\ny",2.5\n3,"z",4.25\n5,"w, ""v""",6.125\n'
    path.write_text(whole)
    with open_csv(path, DIALECT) as source:
        rows = rows_of(source, *source.columns)
    errors = 0
    for size in range(1, len(whole)):
        path.write_text(whole[:size])
        try:
            with open_csv(path, DIALECT) as source:
                found = rows_of(source, "a", "b", "c")
        except DataError:
            errors += 1
            continue
        # Only the end of the last cell can be lost unseen, as a last line may lack its end.
        assert found[:-1] == rows[: len(found[:-1])]
        for (number, cells), (_, right) in zip(found[-1:], rows[len(found) - 1 :], strict=False):
            assert number == rows[len(found) - 1][0]
            assert cells[:-1] == right[:-1]
            assert str(right[-1]).startswith(str(cells[-1]))
    assert errors > len(whole) // 2


def test_places_are_lines_and_cells(path: Path) -> None:
    path.write_text('a,"b ""c"\n1,2\n')
    with open_csv(path, replace(DIALECT, decimal=",")) as source:
        assert source.place(812, 'b "c') == rf'{path}:812:2 column "b \"c"'
        assert source.decimal == ","


def test_a_file_that_changes_while_it_is_read_is_an_error(path: Path) -> None:
    path.write_text("a\n" + "1\n" * 300_000)
    os.utime(path, (1, 1))

    def read_and_write() -> None:
        with open_csv(path, DIALECT) as source:
            for chunk in source.chunks(["a"]):
                if chunk.rows[0] == 2:
                    path.write_text("a\n" + "1\n" * 100_000 + "x,y")

    with pytest.raises(DataError, match="found it changed"):
        read_and_write()
