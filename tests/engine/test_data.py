from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Literal, NamedTuple, TypeVar, final

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
from layerkit.contracts.fold import Fold
from layerkit.engine.data import load_data, part_to_test_on, split
from layerkit.errors import DataError, PluginError
from layerkit.plan.network import NetworkPlan, plan_network
from layerkit.randomness import generator
from tests.helpers.specs import small_plan, small_spec


def rows(seed: int) -> tuple[Array, Array]:
    plan = small_plan(f"seed={seed}")
    train, validation, _ = split(plan, load_data(plan))
    return train.rows.astype(np.float64), validation.rows.astype(np.float64)


def test_every_row_is_either_trained_on_or_set_aside() -> None:
    train, validation = rows(3)
    assert len(validation) == 30
    np.testing.assert_array_equal(np.sort(np.concatenate([train, validation])), np.arange(150))


def test_the_split_depends_on_the_seed_alone() -> None:
    first, again, other = (rows(seed)[1] for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_split_of_a_spec_that_sets_nothing_else_aside_keeps_its_bits() -> None:
    order = generator(3, "validation").permutation(150)
    for validation in (rows(3)[1], chosen("seed=3").validation):
        np.testing.assert_array_equal(validation, np.sort(order[:30]))


class Chosen(NamedTuple):
    """The rows of every part."""

    train: list[int]
    validation: list[int]
    test: list[int]


def chosen(*overrides: str) -> Chosen:
    plan = small_plan("data.test_per_class=0", *overrides)
    train, validation, test = split(plan, load_data(plan))
    found: list[int] = [] if test is None else test.rows.tolist()
    return Chosen(train.rows.tolist(), validation.rows.tolist(), found)


def test_each_example_is_trained_validated_or_tested_on() -> None:
    for overrides in (
        ("data.test=0.2",),
        ("data.fold=2/7",),
        ("data.test=9", "data.stratify=true"),
    ):
        parts = chosen(*overrides)
        assert sorted([*parts.train, *parts.validation, *parts.test]) == list(range(150))
        plan = small_plan("data.test_per_class=0", *overrides)
        sizes = (plan.train_examples, plan.validation_examples, plan.test_examples)
        assert tuple(map(len, parts)) == sizes


def test_what_is_tested_on_does_not_depend_on_what_is_validated_on() -> None:
    for share in ("data.test=0.2", "data.fold=1/3", "data.fold=1/3"):
        assert chosen(share, "data.validation=0").test == chosen(share, "data.validation=20").test


@pytest.mark.parametrize("stratify", ["false", "true"])
def test_the_folds_of_a_seed_have_each_example_once(stratify: str) -> None:
    folds = [
        chosen(f"data.fold={number}/4", f"data.stratify={stratify}").test for number in range(1, 5)
    ]
    assert [len(fold) for fold in folds] == [38, 38, 37, 37]
    assert sorted(row for fold in folds for row in fold) == list(range(150))
    assert chosen("data.fold=1/4", "seed=2").test != folds[0]


@pytest.mark.parametrize("share", ["data.test=20", "data.fold=3/8"])
def test_stratified_parts_have_the_classes_in_the_proportions_of_the_whole(share: str) -> None:
    parts = chosen(share, "data.stratify=true", "data.validation=0.1")
    for part in parts:
        counts = np.bincount(np.array(part) // 50, minlength=3)  # blobs come sorted by class
        assert counts.max() - counts.min() <= 2
    assert np.bincount(np.array(parts.validation) // 50).tolist() == [5, 5, 5]


def test_a_fold_is_tested_on_in_place_of_the_datasets_own_test_examples() -> None:
    plan = small_plan("data.fold=1/3")
    data = load_data(plan)
    assert data.test is not None
    tested = part_to_test_on(plan, data)
    assert tested is not None
    assert tested.examples is data.train
    assert len(tested) == 50


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
    splits: Splits, info: DataInfo = INFO, *overrides: str, **options: object
) -> NetworkPlan:
    data = GivenConfig.model_validate({"given": lambda: splits, "known": info, **options})
    spec = small_spec("regularizers=[]", *overrides)
    return plan_network(spec.model_copy(update={"data": data}))


def test_validation_examples_of_the_dataset_itself_are_taken() -> None:
    own = Examples(np.ones((4, 2)), np.arange(4) % 3)
    splits = Splits(TRAIN, validation=own)
    plan = plan_of(splits, replace(INFO, validation=4))
    train, validation, _ = split(plan, load_data(plan))
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


def rare(label: int, count: int) -> Examples:
    """Return examples of which a class has few."""
    labels = np.where(np.arange(20) < count, label, (np.arange(20) % 2 + label + 1) % 3)
    return replace(TRAIN, targets=labels)


@pytest.mark.parametrize(
    ("count", "options", "purpose"),
    [
        (1, {"test": 0.8}, "left"),
        (1, {"test": 0.1}, "for test"),
        (1, {"validation": 0.1}, "for validation"),
        (2, {"fold": Fold(number=3, of=5)}, "for test"),
    ],
)
def test_a_class_with_too_few_examples_to_stratify_is_told(
    count: int, options: dict[str, object], purpose: str
) -> None:
    info = replace(INFO, target=ClassTarget(3, ("a", "b", "c")))
    overrides = ("training.batch_size=2",)
    plan = plan_of(Splits(rare(2, count)), info, *overrides, stratify=True, **options)
    told = f"every class {purpose}, found none of class 'c', which has {count}; set aside another"
    with pytest.raises(DataError, match=f"^data: expected examples of {told}"):
        split(plan, load_data(plan))


def test_a_class_without_any_example_does_not_hinder() -> None:
    splits = Splits(replace(TRAIN, targets=np.arange(20) % 2))
    plan = plan_of(splits, INFO, "training.batch_size=5", stratify=True, test=0.2)
    _, _, test = split(plan, load_data(plan))
    assert test is not None
    assert splits.train.targets[test.rows].tolist().count(0) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"test": 0.01}, "20 training examples for test, found none with data.test = 0.01"),
        ({"fold": Fold(number=30, of=30)}, "for test, found none with data.fold = 30/30"),
        ({"validation": 0.01}, "for validation, found none with data.validation = 0.01"),
    ],
)
def test_a_part_that_turns_out_to_be_empty_is_told(options: dict[str, object], said: str) -> None:
    plan = plan_of(Splits(TRAIN), replace(UNCOUNTED, validation=0), **options)
    with pytest.raises(DataError, match=f"^data: expected at least one of the .*{said}$"):
        split(plan, load_data(plan))


def test_test_examples_of_the_datasets_own_that_turn_up_are_not_dropped() -> None:
    plan = plan_of(Splits(TRAIN, TRAIN), UNCOUNTED, test=5)
    with pytest.raises(
        DataError, match=r"no test examples of the dataset's own .*, found 20; leave"
    ):
        split(plan, load_data(plan))


def test_the_weights_of_a_test_part_count_too() -> None:
    plan = plan_of(Splits(TRAIN), INFO, "training.batch_size=5", test=5)
    weights: Array = np.ones(20)
    tested = split(plan, load_data(plan)).test
    assert tested is not None
    weights[tested.rows] = 0
    with pytest.raises(DataError, match=r"^data: test weights: expected some above 0 once"):
        split(plan, Splits(replace(TRAIN, weights=weights)))


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
