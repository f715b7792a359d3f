"""What the plan finds out about inputs; the problems that it reports are tested with tables."""

from __future__ import annotations

from dataclasses import replace

from layerkit.arrays import IdRange
from layerkit.builtin.columns import ColumnsConfig
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.embedding import EmbeddingConfig
from layerkit.builtin.fill_missing import FillMissingConfig
from layerkit.builtin.one_hot import OneHotConfig
from layerkit.builtin.parallel import ParallelConfig
from layerkit.contracts.dataset import ClassTarget, DataInfo
from layerkit.contracts.layer import LayerConfig
from layerkit.plan.inputs import plan_layers

INFO = DataInfo((4,), ClassTarget(2), 10, 0, 8)
FILL = FillMissingConfig(strategy="constant", value=0)


def pick(*columns: int) -> ColumnsConfig:
    return ColumnsConfig(columns=columns)


def ids_of(*branches: tuple[LayerConfig, ...], info: DataInfo = INFO) -> dict[int, IdRange]:
    layers = (ParallelConfig(branches=branches, combine="concat"), DenseConfig(units=2))
    _, inputs = plan_layers(layers, info)
    assert not inputs.problems
    return dict(inputs.ids)


def test_ids_are_told_by_their_position_in_an_example() -> None:
    one_hot = OneHotConfig(categories=(5, 7))
    assert ids_of((pick(3, 1), one_hot), (pick(0),)) == {3: IdRange(5), 1: IdRange(7)}


def test_columns_behind_columns_are_followed() -> None:
    one_hot = OneHotConfig(categories=(5,))
    assert ids_of((pick(3, 1), pick(1), one_hot), (pick(0),)) == {1: IdRange(5)}


def test_an_input_that_is_read_twice_must_be_an_id_of_both() -> None:
    few, many = OneHotConfig(categories=(3,)), OneHotConfig(categories=(9,))
    for one, other in ((few, many), (many, few)):
        assert ids_of((pick(2), one), (pick(2), other)) == {2: IdRange(3)}


def test_an_input_may_be_missing_only_where_each_reader_gets_something_in_its_place() -> None:
    reads = OneHotConfig(categories=(3,))
    filled = (pick(2), FILL, reads)
    assert ids_of(filled, filled) == {2: IdRange(3, is_filled=True)}
    assert ids_of(filled, (pick(2), reads)) == {2: IdRange(3)}
    assert ids_of((pick(2), reads), filled) == {2: IdRange(3)}


def test_ids_of_the_data_are_checked_again_only_for_layers_that_have_fewer() -> None:
    info = replace(INFO, vocabulary=5)
    enough, few = (EmbeddingConfig(ids=ids, units=2) for ids in (5, 4))
    assert ids_of((pick(1), enough), info=info) == {}
    assert ids_of((pick(1), few), info=info) == {1: IdRange(4)}
