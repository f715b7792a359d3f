from __future__ import annotations

import gzip
import math
from pathlib import Path

import pytest

from layerkit.errors import DataError
from layerkit.formats.jsonl_table import LOOKED_AT, open_jsonl
from layerkit.formats.table import Cell


def read(path: Path, text: str | bytes, *names: str) -> list[tuple[int, list[Cell]]]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with open_jsonl(path) as source:
        return [
            (number, [column[row] for column in chunk.columns])
            for chunk in source.chunks(names or source.columns, 2)
            for row, number in enumerate(chunk.rows)
        ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data.jsonl"


def test_values_keep_their_types(path: Path) -> None:
    text = '{"a": 1, "b": "x"}\n\n  {"b": true, "a": 1.5}\r\n{"a": null}'
    rows = read(path, text)
    assert rows == [(1, [1, "x"]), (3, [1.5, True]), (4, [None, None])]
    assert [type(cell) for _, cells in rows for cell in cells[:1]] == [int, float, type(None)]


def test_columns_are_the_keys_of_the_first_objects(path: Path) -> None:
    text = '{"a": 1}\n{"b": 2, "a": 3}\n' + "{}\n" * LOOKED_AT + '{"c": 1}\n'
    assert read(path, text)[:3] == [(1, [1, None]), (2, [3, 2]), (3, [None, None])]
    with pytest.raises(DataError, match=r'expected column "c", found columns "a", "b"$'):
        read(path, text, "c")


def test_gzip_files_and_byte_order_marks_are_read(path: Path) -> None:
    assert read(path, gzip.compress(b'\xef\xbb\xbf{"a": 1}')) == [(1, [1])]


def test_nan_and_infinity_are_read_so_that_they_can_be_told(path: Path) -> None:
    (_, [first, second]), *_ = read(path, '{"a": NaN, "b": -Infinity}')
    assert isinstance(first, float)
    assert math.isnan(first)
    assert second == -math.inf


@pytest.mark.parametrize("text", ["", "\n", " \r\n\n"])
def test_an_empty_file_is_an_error(path: Path, text: str) -> None:
    with pytest.raises(DataError, match=r"data\.jsonl: expected a table, found an empty file"):
        read(path, text)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "[1]",
            "expected a JSON object on the line, found other JSON; write the objects of a list",
        ),
        ("[", "expected a JSON object on the line, found: .*; write the objects of a list"),
        ("3", "expected a JSON object on the line, found other JSON$"),
        ('{"a": 1', "expected a JSON object on the line, found: "),
        ('{"a": 1} {"a": 2}', "expected a JSON object on the line, found: Extra data"),
        ("{'a': 1}", "expected a JSON object on the line, found: "),
        ('{"a": 1, "a": 2}', 'expected different keys in an object, found "a" twice'),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "expected a JSON object on the line"),
        ('{"a": ' + "9" * 10_000 + "}", "expected a JSON object on the line, found: Exceeds"),
        ('{"a": "\0"}', "expected a JSON object on the line, found: Invalid control"),
    ],
)
def test_lines_that_are_no_objects_are_told(path: Path, line: str, message: str) -> None:
    with pytest.raises(DataError, match=rf"data\.jsonl:2: {message}"):
        read(path, f'{{"a": 1}}\n{line}\n')


@pytest.mark.parametrize(("value", "found"), [("[1]", "a list"), ('{"b": 1}', "an object")])
def test_values_that_are_no_cells_are_told_if_they_are_asked_for(
    path: Path, value: str, found: str
) -> None:
    text = f'{{"a": 1, "b": 2}}\n{{"a": {value}, "b": 3}}\n'
    assert read(path, text, "b") == [(1, [2]), (2, [3])]
    with pytest.raises(DataError, match=rf'data\.jsonl:2 key "a": expected .*, found {found}$'):
        read(path, text, "a")


def test_a_file_in_utf_16_is_told(path: Path) -> None:
    with pytest.raises(DataError, match=r"data\.jsonl:1: .* such as \"utf-16"):
        read(path, '{"a": 1}'.encode("utf-16"))
    with pytest.raises(DataError, match=r"data\.jsonl:1: expected text, found a NUL character"):
        read(path, '{"a": 1}'.encode("utf-16-le"))


def test_a_file_that_is_cut_anywhere_gives_an_error_or_the_rows_before(path: Path) -> None:
    whole = '{"a": 1, "b": "x"}\n{"a": 2.5, "b": null}\n{"a": 3, "b": "z"}'
    rows = read(path, whole)
    for size in range(len(whole)):
        try:
            found = read(path, whole[:size], "a", "b")
        except DataError:
            continue
        assert found == rows[: len(found)]
        assert whole[:size].rstrip().endswith("}")
