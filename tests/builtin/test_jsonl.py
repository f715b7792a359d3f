from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layerkit.builtin.jsonl import JsonlConfig
from layerkit.errors import DataError
from layerkit.testing import check_dataset

ROWS = """{"age": 39, "member": true, "income": "high"}
{"age": null, "member": 0, "income": "low"}
{"member": false, "age": 21.5, "income": "low"}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_text(ROWS)
    return path


def config(path: Path, **changes: object) -> JsonlConfig:
    member = {"type": "category", "categories": ["false", "true"], "encoding": "index"}
    columns = {"age": {"type": "number", "missing": "keep"}, "member": member}
    given = {"target": "income", "classes": ["low", "high"], "columns": columns}
    return JsonlConfig.model_validate({"path": path, **given, **changes})


def test_numbers_and_truth_values_become_features(path: Path) -> None:
    path.write_text(ROWS.replace('"member": 0', '"member": "false"'))
    train = config(path).build().load().train
    np.testing.assert_array_equal(train.inputs, [[39, 1], [np.nan, 0], [21.5, 0]])
    np.testing.assert_array_equal(train.targets, [1, 0, 0])


def test_wrong_values_are_named_by_line_and_key(path: Path) -> None:
    with pytest.raises(DataError, match=r'data\.jsonl:2 key "member": expected one of .* found 0'):
        config(path).build().load()
    path.write_text(ROWS.replace("21.5", "NaN").replace("39", "1" + "0" * 400))
    columns = {"age": {"type": "number", "missing": "drop"}}
    with pytest.raises(DataError) as caught:
        config(path, columns=columns).build().load()
    assert str(caught.value) == (
        f'{path}:1 key "age": expected a finite number that fits into float32, found '
        "a longer integer (1 more)"
    )


def test_the_dataset_keeps_its_contract(path: Path) -> None:
    check_dataset(config(path, columns={"age": {"type": "number", "missing": "drop"}}))
