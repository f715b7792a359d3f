from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.dataset import (
    ClassTarget,
    DataInfo,
    Dataset,
    DatasetConfig,
    Examples,
    Splits,
    VectorTarget,
)
from layerkit.engine.data import load_data, split
from layerkit.errors import DataError, PluginError
from layerkit.plan.network import NetworkPlan, plan_network
from tests.helpers.specs import small_plan, small_spec


def rows(seed: int) -> tuple[Array, Array]:
    plan = small_plan(f"seed={seed}")
    train, validation = split(plan, load_data(plan))
    return train.rows.astype(np.float64), validation.rows.astype(np.float64)


def test_every_row_is_either_trained_on_or_set_aside() -> None:
    train, validation = rows(3)
    assert len(validation) == 30
    np.testing.assert_array_equal(np.sort(np.concatenate([train, validation])), np.arange(150))


def test_the_split_depends_on_the_seed_alone() -> None:
    first, again, other = (rows(seed)[1] for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


class GivenConfig(DatasetConfig):
    """Data that a test passes in."""

    type: Literal["given"] = "given"
    given: Callable[[], Splits]
    known: DataInfo

    def info(self) -> DataInfo:
        return self.known


@final
class Given(Dataset[GivenConfig]):
    def load(self) -> Splits:
        return self.config.given()


TRAIN = Examples(np.zeros((20, 2)), np.arange(20) % 3)
INFO = DataInfo((2,), ClassTarget(3), 20, 0, bytes_per_value=8)

T = TypeVar("T")


def altered(value: T, **fields: object) -> T:
    """Return an immutable value with other fields, of whatever type."""
    other = copy(value)
    for name, field in fields.items():
        object.__setattr__(other, name, field)
    return other


def train_with(**fields: object) -> Splits:
    return Splits(altered(TRAIN, **fields))


def plan_of(
    splits: Splits, info: DataInfo = INFO, *overrides: str, validation: int = 0
) -> NetworkPlan:
    data = GivenConfig.model_construct(given=lambda: splits, known=info, validation=validation)
    spec = small_spec("regularizers=[]", *overrides)
    return plan_network(spec.model_copy(update={"data": data}))


def test_validation_examples_of_the_dataset_itself_are_taken() -> None:
    own = Examples(np.ones((4, 2)), np.arange(4) % 3)
    splits = Splits(TRAIN, validation=own)
    plan = plan_of(splits, replace(INFO, validation=4))
    train, validation = split(plan, load_data(plan))
    assert (len(train), len(validation)) == (20, 4)
    assert validation.examples is own
    assert plan.validation_examples == 4


@pytest.mark.parametrize(
    ("override", "name"),
    [
        ("training.early_stopping={patience=2}", "early_stopping"),
        ("callbacks=[{type='stop_when', value=0.1}]", "stop_when"),
        ("optimizer.schedule='reduce_on_plateau'", "reduce_on_plateau"),
    ],
)
def test_what_watches_validation_is_refused_if_the_data_turn_out_to_have_none(
    override: str, name: str
) -> None:
    plan = plan_of(Splits(TRAIN), replace(INFO, validation=None), override)
    with pytest.raises(DataError, match=f"data: {name} expects validation examples"):
        split(plan, load_data(plan))


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        (np.ones(3), r"one for each of the 20 examples, .* \(20,\), found \(3,\)$"),
        (np.zeros(20), "some above 0, found 0 for all 20 examples$"),
        (np.arange(20.0) - 2, "numbers from 0, found 2 below, the first at index 0: -2.0$"),
        (np.full(20, np.inf), "finite numbers, found inf at index 0, the first of 20 "),
        (np.where(np.arange(20) == 3, np.nan, 1.0), "finite numbers, found nan at index 3; drop"),
        (np.full(20, 1e39), "numbers that fit into float32, found 1e.39 at index 0, "),
        (np.full(20, 3e38), "a sum within float32, found more; divide"),
    ],
)
def test_weights_that_make_no_sense_are_refused(weights: Array, reason: str) -> None:
    plan = plan_of(Splits(replace(TRAIN, weights=weights)))
    with pytest.raises(DataError, match=f"^data: train weights: expected {reason}"):
        load_data(plan)


def test_a_validation_split_leaves_some_weight_on_both_sides() -> None:
    of_validation = np.zeros(20, np.bool_)
    plan = plan_of(Splits(TRAIN), INFO, "training.batch_size=5", validation=5)
    of_validation[split(plan, load_data(plan))[1].rows] = True
    for name, zeros in (("validation", of_validation), ("train", ~of_validation)):
        weighted = replace(TRAIN, weights=np.where(zeros, 0.0, 1.0))
        count = np.count_nonzero(zeros)
        said = f"^data: {name} weights: expected some above 0 .* found 0 for all {count} examples"
        with pytest.raises(DataError, match=said):
            split(plan, Splits(weighted))


def zeros(*shape: int, value: float = 0.0, at: tuple[int, ...] | None = None) -> Array:
    array: Array = np.zeros(shape)
    if at is not None:
        array[at] = value
    return array


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        (zeros(20, 3), r"examples of shape \(2,\), found an array of shape \(20, 3\)$"),
        (zeros(20), r"examples of shape \(2,\), found an array of shape \(20,\)$"),
        (np.array(0.5), r"examples of shape \(2,\), found an array of shape \(\)$"),
        (zeros(20, 2, value=np.nan, at=(3, 1)), r"finite numbers, found nan at index \(3, 1\);"),
        (zeros(20, 2, value=-np.inf, at=(3, 1)), r"finite numbers, found -inf at index \(3, 1\);"),
        (zeros(20, 2, value=1e39, at=(3, 1)), r"fit into float32, found 1e\+39 at index \(3, 1\);"),
    ],
)
@pytest.mark.parametrize("part", ["train", "test", "validation"])
def test_inputs_that_the_network_cannot_take_are_told_by_part_and_index(
    part: str, inputs: Array, reason: str
) -> None:
    wrong = replace(TRAIN, inputs=inputs)
    with pytest.raises(DataError, match=f"^data: {part} inputs: expected .*{reason}"):
        load_data(plan_of(splits_with(part, wrong), UNCOUNTED))


def splits_with(part: str, examples: Examples) -> Splits:
    if part == "train":
        return Splits(examples)
    if part == "test":
        return Splits(TRAIN, test=examples)
    return Splits(TRAIN, validation=examples)


UNCOUNTED = replace(INFO, train=None, test=None, validation=None)


@pytest.mark.parametrize("part", ["train", "test", "validation"])
def test_a_part_without_examples_is_refused(part: str) -> None:
    empty = Examples(zeros(0, 2), np.zeros(0, np.int64))
    with pytest.raises(DataError, match=f"^data: expected some {part} examples, found none"):
        load_data(plan_of(splits_with(part, empty), UNCOUNTED))


def test_targets_that_are_numbers_are_finite() -> None:
    info = replace(INFO, target=VectorTarget((3,)))
    overrides = ("loss=mean_squared_error", "metrics=[]")
    right = Examples(zeros(20, 2), zeros(20, 3))
    assert load_data(plan_of(Splits(right), info, *overrides)).train is right
    for value in (np.nan, 1e39):
        wrong = replace(right, targets=zeros(20, 3, value=value, at=(5, 2)))
        with pytest.raises(DataError, match=r"^data: train targets: .* at index \(5, 2\);"):
            load_data(plan_of(Splits(wrong), info, *overrides))


OBJECTS = np.array([None] * 20)
LABELS = np.arange(20) % 3


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (None, "expected 'load' to return Splits, found None"),
        ((zeros(20, 2), LABELS), "expected 'load' to return Splits, found a tuple"),
        (altered(Splits(TRAIN), train=None), "its train part to be Examples, found None"),
        (altered(Splits(TRAIN), test=(1, 2)), "its test part to be Examples, found a tuple"),
        (train_with(inputs=[[0.0, 1.0]]), "train inputs to be a NumPy array, found a list"),
        (train_with(inputs=np.ma.masked_equal(zeros(20, 2), 0)), "inputs to be a NumPy array"),
        (train_with(inputs=OBJECTS), "train inputs to be numbers, found an array of object"),
        (train_with(targets=LABELS.tolist()), "train targets to be a NumPy array, found a list"),
        (train_with(targets=LABELS.astype("U")), "train targets to be numbers, found an array of"),
        (train_with(weights=[1.0] * 20), "train weights to be a NumPy array, found a list"),
        (train_with(targets=LABELS[:19]), r"one target for each of the 20 .* shape \(19,\)"),
        (train_with(targets=np.arange(21) % 3), r"one target for each .* shape \(21,\)"),
        (train_with(targets=np.array(1)), r"one target for each of the 20 .* shape \(\)"),
        (train_with(targets=LABELS[:, None]), r"targets of shape \('n',\), found \(20, 1\)"),
        (train_with(targets=LABELS.astype(np.uint8)), "indices of int64 .* found uint8"),
        (train_with(targets=LABELS.astype(float)), "indices of int64 .* found float64"),
        (train_with(targets=LABELS - 1), "from 0 to 2 .* found 7 that .* first at index 0: -1"),
        (train_with(targets=LABELS + 1), "from 0 to 2 .* found 6 that .* first at index 2: 3"),
        (Splits(Examples(zeros(19, 2), LABELS[:19])), "20 train examples .* announced, found 19"),
        (Splits(TRAIN, TRAIN), "0 test examples that 'info' announced, found 20"),
    ],
)
def test_what_a_dataset_promised_and_did_not_keep_is_its_own_fault(
    wrong: Splits, reason: str
) -> None:
    with pytest.raises(PluginError, match=f"^dataset 'given' .*{reason}"):
        load_data(plan_of(wrong))


def test_numbers_as_targets_are_floats_of_the_shape_announced() -> None:
    info = replace(INFO, target=VectorTarget((3,)))
    for targets, reason in (
        (np.zeros((20, 3), np.int64), "train targets of float32 or float64, found int64"),
        (zeros(20, 4), r"train targets of shape \('n', 3\), found \(20, 4\)"),
    ):
        plan = plan_of(
            Splits(Examples(zeros(20, 2), targets)), info, "loss=mean_squared_error", "metrics=[]"
        )
        with pytest.raises(PluginError, match=reason):
            load_data(plan)
