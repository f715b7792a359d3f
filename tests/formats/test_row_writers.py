from __future__ import annotations

import csv
import io
import json

import numpy as np

from layerkit.arrays import Values
from layerkit.formats.csv_table import Dialect
from layerkit.formats.row_writers import CsvWriter, JsonlWriter, WrittenColumn

SMALL: Values = np.array([0.1, 1 / 3, np.nan, np.inf], np.float32)
CELLS: list[WrittenColumn] = [["a", 'b, "c"', None, "ü\n"], [1, 2.5, True, False], SMALL]


def written(names: list[str], columns: list[WrittenColumn], dialect: Dialect | None) -> str:
    stream = io.BytesIO()
    writer = JsonlWriter(stream, names) if dialect is None else CsvWriter(stream, names, dialect)
    writer.write(columns)
    writer.write([column[:1] for column in columns])
    return stream.getvalue().decode()


def test_csv_can_be_read_again() -> None:
    text = written(["x,y", "number", "p"], CELLS, Dialect())
    rows = [*csv.reader(io.StringIO(text, newline=""))]
    assert rows == [
        ["x,y", "number", "p"],
        ["a", "1", "0.1"],
        ['b, "c"', "2.5", "0.33333334"],
        ["", "true", "nan"],
        ["ü\n", "false", "inf"],
        ["a", "1", "0.1"],
    ]


def test_csv_is_written_in_the_dialect_that_is_asked_for() -> None:
    text = written(["n", "p"], [[2.5, 1], SMALL[:2]], Dialect(separator=";", decimal=","))
    assert text.splitlines() == ["n;p", "2,5;0,1", "1;0,33333334", "2,5;0,1"]


def test_every_line_of_json_is_an_object_without_numbers_that_json_has_not() -> None:
    lines = written(['100 % "x"', "number", "p"], [*CELLS], None).splitlines()
    records: list[dict[str, object]] = [json.loads(line) for line in lines]
    assert records[0] == {'100 % "x"': "a", "number": 1, "p": 0.1}
    assert [record["p"] for record in records[2:4]] == [None, None]
    assert records[3]['100 % "x"'] == "ü\n"
    assert records[4] == records[0]
    not_finite = written(["x"], [[float("nan"), float("-inf")]], None)
    assert not_finite.splitlines()[:2] == ['{"x": null}', '{"x": null}']


def test_floats_are_written_so_that_they_are_read_as_the_same() -> None:
    rng = np.random.default_rng(0)
    values: Values = (rng.normal(size=200) * 10.0 ** rng.integers(-30, 30, 200)).astype(np.float32)
    text = written(["p"], [values], Dialect())
    read = np.array([np.float32(line) for line in text.splitlines()[1:-1]])
    np.testing.assert_array_equal(read, values)
