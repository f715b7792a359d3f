from __future__ import annotations

import numpy as np
import pytest

from layerkit.contracts.fold import Fold
from layerkit.engine.choosing import first_of, fold_of, without

LABELS = np.repeat([0, 1, 2], [10, 6, 4])
ORDER = np.random.default_rng(0).permutation(20)


@pytest.mark.parametrize(
    ("count", "of_each"),
    [
        (0, [0, 0, 0]),
        (10, [5, 3, 2]),
        (1, [1, 0, 0]),
        (3, [1, 1, 1]),
        (4, [2, 1, 1]),
        (20, [10, 6, 4]),
    ],
)
def test_classes_get_their_shares_by_the_largest_remainder(count: int, of_each: list[int]) -> None:
    rows = first_of(ORDER, count, LABELS)
    assert np.bincount(LABELS[rows], minlength=3).tolist() == of_each


def test_equal_remainders_go_to_the_first_classes() -> None:
    labels = np.repeat([0, 1, 2, 3], 5)
    rows = first_of(ORDER, 2, labels)
    assert sorted(labels[rows].tolist()) == [0, 1]


def test_the_first_rows_of_a_class_in_the_order_are_taken() -> None:
    rows = first_of(ORDER, 10, LABELS)
    for label in range(3):
        ordered = ORDER[LABELS[ORDER] == label]
        mine = rows[LABELS[rows] == label]
        np.testing.assert_array_equal(mine, ordered[: len(mine)])


def test_stratified_folds_share_every_class_evenly() -> None:
    folds = [fold_of(ORDER, Fold(number=number, of=3), LABELS) for number in (1, 2, 3)]
    assert sorted(np.concatenate(folds).tolist()) == list(range(20))
    counts = np.array([np.bincount(LABELS[fold], minlength=3) for fold in folds])
    assert (counts.max(axis=0) - counts.min(axis=0)).max() == 1
    assert [len(fold) for fold in folds] == [7, 7, 6]


def test_what_is_left_keeps_its_order() -> None:
    assert without(np.array([5, 1, 3]), np.array([3])).tolist() == [5, 1]
