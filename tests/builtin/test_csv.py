from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.csv import CsvConfig
from layerkit.contracts.dataset import ClassTarget, Splits
from layerkit.errors import DataError, FileError
from layerkit.testing import check_dataset

PENGUINS = """species,island,bill,mass,sex
Adelie,Torgersen,39.1,3750,male
Adelie,Torgersen,NA,NA,NA
Gentoo,Biscoe,46.1,4500,female
"""
ISLAND = {"type": "category", "categories": ["Biscoe", "Torgersen"]}
BILL = {"type": "number", "missing": "drop"}


def config(path: Path, **changes: object) -> CsvConfig:
    columns: Mapping[str, object] = {"island": ISLAND, "bill": {"type": "number"}}
    given = {"target": "species", "classes": ["Adelie", "Gentoo"], "missing_values": ["NA"]}
    return CsvConfig.model_validate({"path": path, "columns": columns, **given, **changes})


def load(path: Path, **changes: object) -> Splits:
    return config(path, **changes).build().load()


@pytest.fixture
def penguins(tmp_path: Path) -> Path:
    path = tmp_path / "penguins.csv"
    path.write_text(PENGUINS)
    return path


def test_numbers_and_categories_become_features(penguins: Path) -> None:
    columns = {"island": ISLAND, "bill": BILL}
    found = config(penguins, columns=columns)
    assert found.info().features == ("island=Biscoe", "island=Torgersen", "bill")
    assert found.info().target == ClassTarget(2, ("Adelie", "Gentoo"))
    train = found.build().load().train
    np.testing.assert_array_equal(train.inputs, [[0, 1, 39.1], [1, 0, 46.1]])
    np.testing.assert_array_equal(train.targets, [0, 1])


def test_the_first_wrong_cell_of_each_column_is_named_with_how_many_more(penguins: Path) -> None:
    bill = r"penguins\.csv:3:3 column \"bill\": expected a value, found none"
    with pytest.raises(DataError, match=bill):
        load(penguins)
    columns = {"island": "number", "sex": "number"}
    with pytest.raises(DataError) as error:
        load(penguins, columns=columns)
    island, sex, *_ = str(error.value).split("; ")
    assert island.endswith('csv:2:2 column "island": expected a number, found "Torgersen" (2 more)')
    assert sex.endswith('csv:2:5 column "sex": expected a number, found "male" (2 more)')


def test_the_dialect_is_that_of_the_spec(tmp_path: Path) -> None:
    path = tmp_path / "data.csv.gz"
    text = "'größe';y\r\n'1.234,5';1\r\n-2,5;0,5\r\n"
    path.write_bytes(gzip.compress(text.encode("cp1252")))
    dialect = {"separator": ";", "decimal": ",", "thousands": ".", "quote": "'"}
    given = {"target": "y", "classes": None, "columns": {"größe": "number"}, **dialect}
    train = load(path, encoding="cp1252", **given).train
    np.testing.assert_array_equal(train.inputs, [[1234.5], [-2.5]])
    np.testing.assert_array_equal(train.targets, [[1], [0.5]])
    with pytest.raises(DataError, match=r"data\.csv\.gz:1: expected text in utf-8"):
        config(path, **given).info()


def test_without_a_header_columns_go_by_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("1,a\n2,b\n")
    given = {"target": "column_2", "classes": ["a", "b"], "columns": {"column_1": "number"}}
    train = load(path, header=False, **given).train
    np.testing.assert_array_equal(train.inputs, [[1], [2]])
    np.testing.assert_array_equal(train.targets, [0, 1])


def test_only_the_header_is_read_before_data_are_loaded(penguins: Path) -> None:
    rows = b"Adelie,Biscoe,1,2,male\n" * 50_000
    penguins.write_bytes(PENGUINS.encode() + rows + b"\xff")
    assert config(penguins).info().features == ("island=Biscoe", "island=Torgersen", "bill")
    with pytest.raises(DataError, match=r"penguins\.csv:50005: expected text in utf-8"):
        load(penguins, columns={"bill": BILL})


def test_a_file_that_is_not_there_is_told_when_it_is_loaded(tmp_path: Path) -> None:
    missing = config(tmp_path / "none.csv")
    assert missing.info().input_shape == (3,)
    with pytest.raises(FileError, match=r"none\.csv: expected a data file to read"):
        missing.build().load()
    with pytest.raises(FileError, match="found a directory"):
        config(tmp_path).info()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"separator": ";;"}, "expected one character"),
        ({"separator": ""}, "expected one character"),
        ({"separator": "\n"}, "expected one character"),
        ({"decimal": "5"}, "expected one character between digits, found '5'"),
        ({"decimal": ""}, "expected one character"),
        ({"thousands": "1"}, "expected one character between digits, found '1'"),
        ({"thousands": ".", "decimal": "."}, "expected different characters for"),
        ({"separator": '"'}, "expected different characters for"),
        ({"quote": ".", "decimal": "."}, "expected different characters for"),
        ({"quote": "'", "thousands": "'"}, "expected different characters for"),
        ({"encoding": "utf-9"}, "expected the name of an encoding, found 'utf-9'"),
        ({"encoding": "rot13"}, "expected the name of an encoding, found 'rot13'"),
        ({"encoding": "undefined"}, "expected the name of an encoding"),
        ({"encoding": "a\0b"}, "expected the name of an encoding"),
    ],
)
def test_a_dialect_that_cannot_be_is_told(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        config(Path("data.csv"), **changes)


def test_a_separator_may_be_in_quoted_numbers(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text('x,y\n"1,5","2,25"\n')
    given = {"target": "y", "classes": None, "columns": {"x": "number"}}
    train = load(path, decimal=",", **given).train
    np.testing.assert_array_equal(train.inputs, [[1.5]])


def test_the_dataset_keeps_its_contract(penguins: Path) -> None:
    check_dataset(config(penguins, columns={"bill": BILL}))
