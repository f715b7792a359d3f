from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.features import counted_rows, sorted_values


def test_rows_are_positions_of_examples() -> None:
    x = np.arange(12.0).reshape(2, 3, 2)
    assert counted_rows(x, None).tolist() == x.reshape(6, 2).tolist()


def test_rows_of_padding_are_left_out() -> None:
    x = np.arange(12.0).reshape(2, 3, 2)
    mask = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    assert counted_rows(x, mask)[:, 0].tolist() == [0, 4, 10]


def test_a_mask_of_steps_that_are_no_axis_any_more_is_ignored() -> None:
    assert len(counted_rows(np.ones((2, 4)), np.zeros((2, 3)))) == 2


@pytest.mark.parametrize("size", [1, 2, 9])
def test_values_come_sorted_by_feature_without_those_that_are_missing(size: int) -> None:
    x = np.array([[3.0, np.nan], [1.0, 5.0], [np.nan, np.nan], [2.0, 4.0]])
    memory = np.zeros((size, 2))

    def batches() -> Iterator[Array]:
        for start in range(0, len(x), size):
            rows = x[start : start + size]
            memory[: len(rows)] = rows
            yield memory[: len(rows)]

    assert [each.tolist() for each in sorted_values(batches, 2)] == [[1, 2, 3], [4, 5]]


def test_without_examples_there_are_no_values() -> None:
    found = sorted_values(lambda: iter(()), 2)
    assert [each.tolist() for each in found] == [[], []]
