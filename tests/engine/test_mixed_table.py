"""Tables of numbers, categories and missing values, from the data to predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, final

import numpy as np
import pytest

from layerkit.api import run
from layerkit.arrays import Array, Labels
from layerkit.contracts.dataset import (
    ClassTarget,
    DataInfo,
    Dataset,
    DatasetConfig,
    Examples,
    Splits,
)
from layerkit.engine.starting import build
from layerkit.engine.training import train
from layerkit.errors import DataError
from layerkit.plan.network import plan_network
from layerkit.runs.run import load
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.loading import load_spec
from layerkit.spec.models import ModelSpec

SPEC = Path(__file__).with_name("mixed_table.toml")
NAMES = ("age", "fare", "harbour", "cabin")


def table(rows: int = 200, seed: int = 0) -> tuple[Array, Labels]:
    """Return numbers, of which some are missing, and categories; cabins below 20 are class 0."""
    rng = np.random.default_rng(seed)
    x = np.zeros((rows, 4))
    x[:, :2] = rng.normal(30, 10, (rows, 2))
    x[rng.random(rows) < 0.2, 0] = np.nan
    x[:, 2] = rng.integers(0, 3, rows)
    x[:, 3] = rng.integers(0, 40, rows)
    return x, (x[:, 3] >= 20).astype(np.int64)


class TitanicConfig(DatasetConfig):
    """The table, with names."""

    type: Literal["titanic"] = "titanic"
    has_missing: bool = True

    def info(self) -> DataInfo:
        return DataInfo(
            (4,), ClassTarget(2), 200, 0, 8, features=NAMES, has_missing=self.has_missing
        )


@final
class Titanic(Dataset[TitanicConfig]):
    def load(self) -> Splits:
        return Splits(Examples(*table()))


def spec_of(layers: Sequence[object], data: object = None) -> ModelSpec:
    return ModelSpec.model_validate(
        {
            "seed": 1,
            "layers": [*layers, {"type": "dense", "units": 2}],
            "loss": "softmax_cross_entropy",
            "data": data or TitanicConfig(),
            "optimizer": {"type": "adam", "learning_rate": 0.01},
            "training": {"epochs": 1, "batch_size": 20},
        }
    )


def pick(*columns: int | str) -> Mapping[str, object]:
    return {"type": "columns", "columns": list(columns)}


FILL = {"type": "fill_missing"}
CABIN = [pick("cabin"), {"type": "embedding", "ids": 40, "units": 4}, "flatten"]


def joined(*branches: Sequence[object]) -> Mapping[str, object]:
    return {"type": "parallel", "combine": "concat", "branches": list(branches)}


def said(layers: Sequence[object], data: object = None) -> list[str]:
    with pytest.raises(SpecError) as caught:
        plan_network(spec_of(layers, data))
    return [str(problem) for problem in caught.value.problems]


def test_the_spec_trains_on_arrays_and_predicts_from_rows_with_missing_values(
    tmp_path: Path,
) -> None:
    x, y = table()
    result = run(load_spec(SPEC), tmp_path / "run", data=(x, y), test=table(100, 1))
    assert result.test["accuracy"] > 0.9
    network = load(tmp_path / "run")
    assert network.plan.info.has_missing
    assert np.isfinite(network.predict(x)).all()
    np.testing.assert_array_equal(network.predict(x), result.network.predict(x))


def test_columns_are_picked_by_name_and_the_spec_keeps_the_names() -> None:
    numbers = [pick("age", "fare"), FILL, "standardize"]
    spec = spec_of([joined(numbers, CABIN)])
    by_index = spec_of([joined([pick(0, 1), *numbers[1:]], [pick(3), *CABIN[1:]])], TitanicConfig())
    result, other = train(spec), train(by_index)
    assert "'age'" in repr(result.network.spec) or '"age"' in repr(result.network.spec)
    for path, array in result.network.arrays.items():
        np.testing.assert_array_equal(array, other.network.arrays[path])


def test_names_reach_layers_inside_layers_and_behind_columns() -> None:
    picked = [pick("cabin", "fare"), pick("fare")]
    inside = {"type": "sequential", "layers": [*picked, FILL, "standardize"]}
    network = train(spec_of([joined([inside], CABIN)])).network
    mean = network.arrays["parallel_1.branch_1_sequential_1.standardize_1.mean"]
    assert mean == pytest.approx(float(table()[0][:, 1].mean()), rel=1e-5)


@pytest.mark.parametrize(
    ("layers", "problem"),
    [
        (
            [joined([pick("age"), FILL], [pick("cabins"), FILL])],
            "layers.0.branches.1.0.columns.0: columns expects names of columns; found 'cabins' "
            "(did you mean 'cabin'?)",
        ),
        (
            [{"type": "sequential", "layers": [pick("age", "cabin"), pick("sex")]}],
            "layers.0.layers.1.columns.0: columns expects names of columns; found 'sex' "
            "(there are 'age', 'cabin')",
        ),
        (
            [FILL, pick("age")],
            "layers.1.columns.0: columns picks 'age' by its name, but its inputs have no names; "
            "found inputs of shape (4,) (use its index, from 0 to 3)",
        ),
        (
            [pick(1, 4), FILL],
            "layers.0.columns.1: columns expects indices from 0 to 3; found 4 "
            "(the shape (4,) comes from the data)",
        ),
    ],
)
def test_columns_that_are_not_there_are_problems(layers: Sequence[object], problem: str) -> None:
    assert said(layers) == [problem]


REFUSED = 'takes no missing values, which the data may have (put { type = "fill_missing" } first)'


@pytest.mark.parametrize(
    ("layers", "problem"),
    [
        ([], [f"layers.0: dense {REFUSED}"]),
        (["standardize", FILL], [f"layers.0: standardize {REFUSED}"]),
        ([pick("age"), "tanh"], [f"layers.1: tanh {REFUSED}"]),
        (
            [joined([pick("age"), "standardize"], [FILL], [pick("fare"), "tanh"])],
            [
                f"layers.0.branches.0.1: standardize {REFUSED}",
                f"layers.0.branches.2.1: tanh {REFUSED}",
            ],
        ),
        ([joined([FILL], [])], [f"layers.1: dense {REFUSED}"]),
        ([{"type": "residual", "layers": [FILL]}], [f"layers.1: dense {REFUSED}"]),
        (
            [{"type": "residual", "layers": [pick(0, 1, 2, 3), "tanh"]}],
            [f"layers.0.layers.1: tanh {REFUSED}"],
        ),
    ],
)
def test_missing_values_never_reach_a_layer_that_refuses_them(
    layers: Sequence[object], problem: Sequence[str]
) -> None:
    assert said(layers) == problem
    plan_network(spec_of(layers, TitanicConfig(has_missing=False)))


def test_missing_values_never_reach_the_loss() -> None:
    spec = spec_of([]).model_copy(update={"layers": spec_of([pick(0, 1)]).layers[:1]})
    with pytest.raises(SpecError, match="missing values, which the data may have, reach the"):
        plan_network(spec)


def test_a_table_that_says_it_misses_none_may_have_none() -> None:
    spec = spec_of([FILL], TitanicConfig(has_missing=False))
    with pytest.raises(DataError, match="train inputs: expected finite numbers, found nan"):
        train(spec)


@pytest.mark.parametrize(
    ("column", "value", "row", "message"),
    [
        (2, 3.0, 7, r"expected ids from 0 to 2 in column 2, found 1 .*, the first in row 7: 3.0$"),
        (3, -1.0, 0, r"expected ids from 0 to 39 in column 3, found 1 .*, the first in row 0: -1"),
        (3, 2.5, 9, r"expected ids from 0 to 39 in column 3, found 1 .*, the first in row 9: 2.5"),
        (
            3,
            np.nan,
            9,
            r"expected ids from 0 to 39 in column 3, found 1 .*, the first in row 9: nan",
        ),
    ],
)
def test_what_is_no_id_is_told_by_column_and_row_wherever_data_come_in(
    column: int, value: float, row: int, message: str
) -> None:
    x, y = table()
    wrong = x.copy()
    wrong[row, column] = value
    network = build(load_spec(SPEC), data=(x, y))
    with pytest.raises(DataError, match=f"^data: train inputs: {message}"):
        train(load_spec(SPEC), data=(wrong, y))
    with pytest.raises(DataError, match=f"^data: test inputs: {message}"):
        train(load_spec(SPEC), data=(x, y), test=(wrong, y))
    for method in (network.predict, network.outputs, network.forward):
        with pytest.raises(DataError, match=f"^inputs: {message}"):
            method(wrong)


def test_names_of_columns_are_told_with_ids_that_are_none() -> None:
    few = [pick("cabin"), {"type": "embedding", "ids": 39, "units": 4}, "flatten"]
    spec = spec_of([joined(few, [pick("harbour"), {"type": "one_hot", "categories": [3]}])])
    with pytest.raises(DataError, match=r"ids from 0 to 38 in column 3 \('cabin'\), found "):
        train(spec)


def with_filled_cabins(**options: object) -> Sequence[object]:
    return [joined([pick("cabin"), {**FILL, **options}, *CABIN[1:]], [pick("age"), FILL])]


def test_a_constant_may_stand_in_place_of_a_missing_id() -> None:
    spec = spec_of(with_filled_cabins(strategy="constant", value=39.0))
    network = train(spec).network
    x, _ = table(3)
    filled = x.copy()
    x[1, 3], filled[1, 3] = np.nan, 39
    np.testing.assert_array_equal(network.predict(x), network.predict(filled))
    x[1, 3] = 40
    with pytest.raises(DataError, match=r"ids from 0 to 39 in column 3 \('cabin'\)"):
        network.predict(x)


@pytest.mark.parametrize("value", [40.0, -1.0, 0.5])
def test_what_stands_in_place_of_a_missing_id_is_an_id(value: float) -> None:
    assert said(with_filled_cabins(strategy="constant", value=value)) == [
        "layers.0.branches.0.1: expected an id from 0 to 39 in place of missing values, found "
        f"{value:g} (layers.0.branches.0.2, embedding, reads ids)"
    ]


def test_means_are_no_ids() -> None:
    assert said(with_filled_cabins())[0].startswith(
        "layers.0.branches.0.2: embedding expects ids, which only the first layer gets"
    )


def test_ids_reach_no_layer_inside_one_that_gets_other_numbers() -> None:
    assert said([FILL, joined([pick(0), {"type": "one_hot", "categories": [3]}], [])]) == [
        "layers.1.branches.0.1: one_hot expects ids, found numbers that other layers make "
        "(only layers that pass inputs on may come before)"
    ]


def test_bytes_are_not_scaled_where_some_of_them_are_ids() -> None:
    x = np.nan_to_num(table()[0]).astype(np.uint8)
    assert build(load_spec(SPEC), data=(x, table()[1])).plan.info.scale == 1
    spec = spec_of([FILL, "standardize"])
    assert build(spec, data=(x, table()[1])).plan.info.scale == 1 / 255


def test_a_dataset_that_scales_has_no_ids() -> None:
    info = replace(TitanicConfig().info(), scale=0.5)
    with pytest.raises(SpecError, match=r"found numbers that the data scale by 0\.5"):
        plan_network(spec_of([joined(CABIN, [pick("age"), FILL])]), info=info)


def test_arrays_may_miss_values_where_the_first_layers_fill_them() -> None:
    x, y = table()
    assert train(spec_of([FILL, "standardize"]), data=(x, y)).network.plan.info.has_missing
    for layers in ([], ["standardize", FILL], [{"type": "residual", "layers": [FILL]}]):
        with pytest.raises(DataError, match=r'found nan .* or put { type = "fill_missing" } befo'):
            train(spec_of(layers), data=(x, y))


def test_infinite_values_are_not_missing() -> None:
    x, y = table()
    x[5, 1] = np.inf
    with pytest.raises(DataError, match=r"train inputs: expected finite .* inf at index \(5, 1\)"):
        train(spec_of([FILL, "standardize"]), data=(x, y))
    network = build(spec_of([FILL, "standardize"]), data=(table()[0], y))
    for method in (network.predict, network.forward):
        with pytest.raises(DataError, match=r"^inputs: expected finite .* inf at index \(5, 1\)"):
            method(x)


def test_a_csv_file_with_missing_values_and_categories_trains(tmp_path: Path) -> None:
    rows = ["age,fare,deck,survived"]
    for number, (age, fare, _, cabin) in enumerate(table(60)[0].tolist()):
        shown = "" if np.isnan(age) else f"{age:.1f}"
        letter = "ABCD"[int(cabin) // 10] if number % 7 else ""
        rows.append(f"{shown},{fare:.2f},{letter},{'yes' if cabin >= 20 else 'no'}")
    (tmp_path / "table.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    deck = {
        "type": "category",
        "categories": ["A", "B", "C", "D"],
        "encoding": "index",
        "missing": "other",
    }
    data = {
        "type": "csv",
        "path": str(tmp_path / "table.csv"),
        "target": "survived",
        "classes": ["no", "yes"],
        "columns": {"age": {"type": "number", "missing": "keep"}, "fare": "number", "deck": deck},
    }
    numbers = [pick("age", "fare"), {**FILL, "strategy": "median"}, "robust", "smooth_clip"]
    decks = [pick("deck"), {"type": "embedding", "ids": 5, "units": 2}, "flatten"]
    network = train(spec_of([joined(numbers, decks)], data)).network
    assert np.isfinite(network.predict([[np.nan, 30, 4]])).all()
    few = [pick("deck"), {"type": "one_hot", "categories": [4]}]
    with pytest.raises(DataError, match=r"ids from 0 to 3 in column 2 \('deck'\), found "):
        train(spec_of([joined(numbers, few)], data))
