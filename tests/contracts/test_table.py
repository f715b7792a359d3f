from __future__ import annotations

import tracemalloc
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.contracts.dataset import ClassTarget, Examples, VectorTarget
from layerkit.contracts.table import Table, TableConfig, joined
from layerkit.contracts.table_encoder import Encoded
from layerkit.errors import DataError
from layerkit.formats.memory_table import table_of
from layerkit.formats.table import TableSource

TABLES: dict[str, object] = {
    "train.x": {"a": [1, 2, 3], "b": ["u", "v", "u"], "y": [4, 5, 6], "w": [1, 0, 2]},
    "more.x": {"y": [7], "b": ["v"], "a": [8]},
    "split.x": {"a": [1, 2, 3], "y": [4, 5, 6], "for": ["test", "train", "train"]},
    "trained.x": {"a": [1, 2], "y": [4, 5], "for": ["train", "train"]},
    "untrained.x": {"a": [1], "y": [4], "for": ["test"]},
    "empty.x": {"a": [], "y": []},
    "missing.x": {"a": [None, None], "y": [4, 5]},
}


class ShelfConfig(TableConfig):
    """Tables that are in this file, by their names."""

    type: Literal["shelf"] = "shelf"

    @contextmanager
    def open(self, path: Path) -> Generator[TableSource]:
        """Open a table."""
        found = table_of(TABLES[path.name], path.name)
        assert found is not None
        yield found


class Shelf(Table[ShelfConfig]):
    """See `ShelfConfig`."""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    for name in TABLES:
        (tmp_path / name).touch()
    return tmp_path


def config(path: Path, **changes: object) -> ShelfConfig:
    given = {"path": path, "target": "y", "columns": {"a": "number"}}
    return ShelfConfig.model_validate({**given, **changes})


def arrays(examples: Examples | None) -> tuple[list[object], list[object]]:
    assert examples is not None
    return examples.inputs.tolist(), examples.targets.tolist()


def test_one_file_is_all_to_train_on(shelf: Path) -> None:
    table = config(shelf / "train.x", weight="w")
    info = table.info()
    assert (info.input_shape, info.target) == ((1,), VectorTarget((1,), ("y",)))
    assert (info.features, info.has_missing) == (("a",), False)
    assert (info.train, info.test, info.validation) == (None, 0, 0)
    splits = table.build().load()
    assert arrays(splits.train) == ([[1], [2], [3]], [[4], [5], [6]])
    assert splits.train.weights is not None
    assert splits.train.weights.tolist() == [1, 0, 2]
    assert (splits.test, splits.validation) == (None, None)


def test_other_files_are_validated_and_tested_on(shelf: Path) -> None:
    train, more = shelf / "train.x", shelf / "more.x"
    for key in ("validation", "test"):
        table = config(train, **{f"{key}_path": more})
        counts = {"validation": table.info().validation, "test": table.info().test}
        assert counts.pop(key) is None
        assert [*counts.values()] == [0]
        splits = table.build().load()
        assert arrays(splits.test if key == "test" else splits.validation) == ([[8]], [[7]])
        assert (splits.validation if key == "test" else splits.test) is None


def test_a_column_tells_the_parts(shelf: Path) -> None:
    table = config(shelf / "split.x", split_column="for")
    assert (table.info().test, table.info().validation) == (None, None)
    splits = table.build().load()
    assert arrays(splits.train) == ([[2], [3]], [[5], [6]])
    assert arrays(splits.test) == ([[1]], [[4]])
    assert splits.validation is None
    with pytest.raises(DataError, match=r"untrained\.x: expected rows to train on, found 'train'"):
        config(shelf / "untrained.x", split_column="for").build().load()


def test_what_is_known_is_known_without_the_files(tmp_path: Path) -> None:
    category = {"type": "category", "categories": ["u", "v"]}
    columns = {"a": {"type": "number", "missing": "keep"}, "b": category}
    table = config(tmp_path / "none.x", columns=columns, target=["y", "z"])
    assert table.info().features == ("a", "b=u", "b=v")
    assert table.info().target == VectorTarget((2,), ("y", "z"))
    assert table.info().has_missing
    classes = config(tmp_path / "none.x", classes=["no", "yes"])
    assert classes.info().target == ClassTarget(2, ("no", "yes"))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"columns": {"a": "number", "q": "number"}}, 'expected column "q"'),
        ({"target": "z"}, 'expected column "z"'),
        ({"weight": "ww"}, "did you mean 'w'"),
        ({"split_column": "for"}, 'expected column "for"'),
    ],
)
def test_columns_that_are_not_there_are_told_before_rows_are_read(
    shelf: Path, changes: dict[str, object], found: str
) -> None:
    with pytest.raises(DataError, match=found):
        config(shelf / "train.x", **changes).info()
    with pytest.raises(DataError, match=r"more\.x: expected column \"w\""):
        config(shelf / "train.x", weight="w", test_path=shelf / "more.x").info()


def test_a_table_without_rows_is_an_error(shelf: Path) -> None:
    with pytest.raises(DataError, match=r"empty\.x: expected rows below .*, found none"):
        config(shelf / "empty.x").build().load()
    with pytest.raises(DataError, match=r"missing\.x: .* found 2, all of which are left out"):
        config(
            shelf / "missing.x", columns={"a": {"type": "number", "missing": "drop"}}
        ).build().load()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"columns": {}}, "expected at least one column"),
        ({"columns": {"a": "text"}}, "expected a column"),
        ({"columns": {"y": "number"}}, "expected 'y' to be one of columns, target, weight and"),
        ({"weight": "a"}, "expected 'a' to be one of"),
        ({"weight": "y"}, "expected 'y' to be one of"),
        ({"split_column": "y"}, "expected 'y' to be one of"),
        ({"target": ["y", "y"]}, "expected 'y' to be one of"),
        ({"target": ["y", "z"], "classes": ["a", "b"]}, "expected one target with classes"),
        ({"target": []}, "expected the name of a column"),
        ({"target": 3}, "expected the name of a column"),
        ({"classes": ["a", "a"]}, "expected different categories"),
        ({"classes": ["a", "NA"], "missing_values": ["NA"]}, "expected 'NA' to be a missing value"),
        (
            {"columns": {"a": {"type": "category", "categories": ["u", ""]}}},
            "expected '' to be a missing value or one of 'a', found both",
        ),
        ({"split_column": "for", "test_path": "t.x"}, "expected split_column or files"),
        ({"missing_target": "other"}, "missing_target"),
        ({"missing_values": [1]}, "missing_values"),
        ({"colums": {}}, "did you mean 'columns'"),
    ],
)
def test_what_does_not_belong_together_is_told(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        config(Path("train.x"), **changes)


def test_a_target_is_dumped_as_it_is_written() -> None:
    assert config(Path("a")).model_dump(mode="json")["target"] == "y"
    assert config(Path("a"), target=["y"]).model_dump(mode="json")["target"] == "y"
    assert config(Path("a"), target=["y", "z"]).model_dump(mode="json")["target"] == ["y", "z"]


def test_chunks_are_joined_without_a_second_copy_of_the_inputs() -> None:
    def chunk(start: int) -> Encoded:
        inputs = np.full((100, 5000), float(start))
        return Encoded(Examples(inputs, np.zeros(100)), None, range(start, start + 100), 1)

    chunks = [chunk(100 * number) for number in range(10)]
    size = 10 * chunks[0].examples.inputs.nbytes
    tracemalloc.start()
    whole = joined(chunks)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert chunks == []
    np.testing.assert_array_equal(whole.examples.inputs[:, 0], np.repeat(range(0, 1000, 100), 100))
    assert [*whole.rows] == [*range(1000)]
    assert whole.dropped == 10
    assert held < 1.1 * size
