from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow.feather import write_feather

from layerkit.builtin.arrow import ArrowConfig
from layerkit.contracts.dataset import ClassTarget
from layerkit.errors import DataError, UsageError
from layerkit.testing import check_dataset

TABLE = pa.table(
    {
        "age": [39, None, 21],
        "color": pa.array(["red", "blue", "red"], pa.dictionary(pa.int8(), pa.string())),
        "price": pa.array([Decimal("1.5"), Decimal("2.25"), Decimal(3)], pa.decimal128(9, 2)),
        "sold": [True, False, None],
    }
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data.arrow"
    write_feather(TABLE, str(path))
    return path


def config(path: Path, **changes: object) -> ArrowConfig:
    columns = {"age": {"type": "number", "missing": "keep"}, "price": "number"}
    given = {"target": "color", "classes": ["red", "blue"], "columns": columns}
    return ArrowConfig.model_validate({"path": path, **given, **changes})


def test_columns_of_every_type_become_features(path: Path) -> None:
    sold = {"type": "category", "categories": ["false", "true"], "missing": "other"}
    columns = {"sold": sold, "price": "number", "age": {"type": "number", "missing": "keep"}}
    table = config(path, columns=columns)
    assert table.info().features == ("sold=false", "sold=true", "sold=other", "price", "age")
    assert table.info().target == ClassTarget(2, ("red", "blue"))
    train = table.build().load().train
    expected = [[0, 1, 0, 1.5, 39], [1, 0, 0, 2.25, np.nan], [0, 0, 1, 3, 21]]
    np.testing.assert_array_equal(train.inputs, expected)
    np.testing.assert_array_equal(train.targets, [0, 1, 0])


def test_wrong_cells_are_named_by_row_and_column(path: Path) -> None:
    with pytest.raises(DataError, match=r'data\.arrow: row 2 column "age": expected a value, '):
        config(path, columns={"age": "number"}).build().load()


def test_what_is_known_is_known_without_the_file(tmp_path: Path) -> None:
    assert config(tmp_path / "none.arrow").info().features == ("age", "price")


def test_a_missing_pyarrow_is_told_with_what_installs_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for call in (config(path).info, config(path).build().load):
        with pytest.raises(UsageError, match=r"pip install 'layerkit\[arrow\]'") as caught:
            call()
        assert caught.value.exit_code == 2


def test_the_dataset_keeps_its_contract(path: Path) -> None:
    check_dataset(config(path, columns={"age": {"type": "number", "missing": "drop"}}))
