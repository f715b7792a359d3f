from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from layerkit.builtin.csv import CsvConfig
from layerkit.contracts.dataset import ClassTarget, Splits
from layerkit.errors import DataError
from layerkit.testing import check_dataset

PENGUINS = """species,island,bill,mass,sex
Adelie,Torgersen,39.1,3750,male
Adelie,Torgersen,NA,NA,NA
Gentoo,Biscoe,46.1,4500,female
"""
ISLAND = {"type": "category", "categories": ["Biscoe", "Torgersen"]}


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
    columns = {"island": ISLAND, "bill": {"type": "number", "missing": "drop"}}
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


def test_the_dataset_keeps_its_contract(penguins: Path) -> None:
    columns = {"bill": {"type": "number", "missing": "drop"}}
    check_dataset(config(penguins, columns=columns))
