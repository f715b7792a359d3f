from __future__ import annotations

from dataclasses import replace

import pytest

from layerkit.contracts.dataset import ClassTarget, DataInfo, VectorTarget
from layerkit.plan.network import plan_network
from layerkit.plan.parts import PartSizes, part_sizes, size_problems
from tests.helpers.specs import problems, small_plan, small_spec

STOP = "training.early_stopping.patience=3"
NO_TEST = "data.test_per_class=0"


@pytest.mark.parametrize(
    ("validation", "reason"),
    [
        ("150", "expected fewer than the 150 training examples, found 150"),
        ("9000", "expected fewer than the 150 training examples, found 9000"),
        ("0.999", "expected fewer than the 150 training examples, found 150 (0.999 of them)"),
        ("0.001", "expected at least one of the 150 training examples, found 0.001 of them"),
    ],
)
def test_a_split_leaves_examples_on_both_sides(validation: str, reason: str) -> None:
    assert problems(f"data.validation={validation}") == [f"data.validation: {reason}"]


def test_a_batch_is_no_larger_than_the_training_set() -> None:
    plan_network(small_spec("training.batch_size=120"))
    hint = '(batch_size = "full" takes them all)'
    assert problems("training.batch_size=121") == [
        "training.batch_size: expected at most the 120 training examples that are not set aside, "
        f"found 121 {hint}"
    ]
    assert problems("training.batch_size=151", "data.validation=0") == [
        f"training.batch_size: expected at most the 150 training examples, found 151 {hint}"
    ]


def test_what_only_the_data_would_tell_is_no_problem_yet() -> None:
    spec = small_spec("training.batch_size=9999999", "data.validation=0.5", STOP)
    unknown = DataInfo((2,), ClassTarget(3), None, None, bytes_per_value=4)
    assert not list(size_problems(spec, unknown, part_sizes(spec.data, unknown)))


def test_one_class_is_nothing_to_tell_apart() -> None:
    one = DataInfo((2,), ClassTarget(1), 150, 0, bytes_per_value=4)
    (problem,) = size_problems(small_spec(), one, PartSizes(120, 30, 0))
    assert str(problem) == "data: expected at least 2 classes, found 1"


INFO = DataInfo((2,), ClassTarget(3), 100, 0, bytes_per_value=4)


@pytest.mark.parametrize(
    ("overrides", "sizes"),
    [
        ([], (70, 30, 0)),
        (["data.test=0.2"], (50, 30, 20)),
        (["data.test=7", "data.validation=0.1"], (83, 10, 7)),
        (["data.fold=1/3"], (36, 30, 34)),
        (["data.fold=3/3", "data.validation=0"], (67, 0, 33)),
    ],
)
def test_sizes_are_known_before_the_data_are_read(
    overrides: list[str], sizes: tuple[int, int, int]
) -> None:
    assert part_sizes(small_spec(*overrides).data, INFO) == PartSizes(*sizes)


def test_folds_of_any_number_add_up_to_all_examples() -> None:
    for folds in (2, 3, 7, 100):
        tested = [
            part_sizes(small_spec(f"data.fold={number}/{folds}").data, INFO).test or 0
            for number in range(1, folds + 1)
        ]
        assert sum(tested) == 100
        assert max(tested) - min(tested) <= 1


def test_the_plan_counts_what_is_set_aside_to_test() -> None:
    plan = small_plan(NO_TEST, "data.test=0.2")
    assert (plan.train_examples, plan.validation_examples, plan.test_examples) == (90, 30, 30)
    own = small_plan("data.fold=1/5")
    assert (own.train_examples, own.test_examples, own.info.test) == (90, 30, 60)
    assert small_plan().test_examples == 60


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (
            ["data.test=0.2"],
            "data.test: expected none, as the dataset has 60 test examples of its own (leave it "
            "out, or leave the dataset's own out if it has an option for that)",
        ),
        (
            ["data.test=0.2", "data.fold=1/3"],
            "data.test: expected none beside a fold, which is what is tested on",
        ),
        (
            [NO_TEST, "data.test=150"],
            "data.test: expected fewer than the 150 training examples, found 150",
        ),
        (
            [NO_TEST, "data.test=125"],
            "data.validation: expected fewer than the 25 training examples that are not for "
            "testing, found 30",
        ),
        (
            [NO_TEST, "data.test=0.001"],
            "data.test: expected at least one of the 150 training examples, found 0.001 of them",
        ),
        (
            ["data.fold=1/151"],
            "data.fold: expected at most as many folds as the 150 training examples, found 151",
        ),
        (
            ["data.fold=1/2", "data.validation=80"],
            "data.validation: expected fewer than the 75 training examples that are not for "
            "testing, found 80",
        ),
    ],
)
def test_what_cannot_be_set_aside_is_a_problem(overrides: list[str], said: str) -> None:
    assert problems(*overrides) == [said]


def test_only_classes_have_proportions_to_keep() -> None:
    spec = small_spec("data.stratify=true")
    for target, reason in (
        (VectorTarget((3,)), "as the targets are no classes but numbers"),
        (ClassTarget(3, shape=(5,)), "as each target is (5,) classes, one a step"),
    ):
        info = replace(INFO, target=target)
        (problem,) = size_problems(spec, info, part_sizes(spec.data, info))
        assert str(problem) == f"data.stratify: expected false, {reason}"


def test_a_dataset_whose_test_examples_are_counted_later_may_set_some_aside() -> None:
    spec, info = small_spec("data.test=0.2"), replace(INFO, train=None, test=None)
    sizes = part_sizes(spec.data, info)
    assert sizes == PartSizes(None, 30, None)
    assert not list(size_problems(spec, info, sizes))
