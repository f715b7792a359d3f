from __future__ import annotations

import doctest

import numpy as np
import pytest

import layerkit.formats.labels
from layerkit.errors import DataError
from layerkit.formats.labels import class_indices, one_hot


def test_the_example_in_the_docstring_is_true() -> None:
    result = doctest.testmod(layerkit.formats.labels)
    assert result.attempted > 0
    assert result.failed == 0


def test_one_hot_puts_a_one_at_every_label() -> None:
    vectors = one_hot(np.array([[1, 0], [2, 2]]), 3, np.dtype(np.float64))
    assert vectors.dtype == np.float64
    assert vectors.tolist() == [[[0, 1, 0], [1, 0, 0]], [[0, 0, 1], [0, 0, 1]]]


def test_one_hot_of_no_labels_is_no_vectors() -> None:
    assert one_hot(np.zeros(0, np.int64), 3).shape == (0, 3)


@pytest.mark.parametrize("label", [3, -1])
def test_one_hot_names_the_first_label_out_of_range(label: int) -> None:
    with pytest.raises(DataError, match=rf"from 0 to 2.* found 1 .* at index 1: {label}$"):
        one_hot(np.array([0, label, 1]), 3)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.int32, np.int64, np.uint64])
def test_integers_of_any_type_become_class_indices(dtype: type[np.integer]) -> None:
    labels = class_indices(np.array([0, 2, 1], dtype), 3, "labels")
    assert labels.dtype == np.int64
    assert labels.tolist() == [0, 2, 1]


def test_a_label_beyond_int64_is_out_of_range() -> None:
    with pytest.raises(DataError, match=r"at index 1: 18446744073709551615$"):
        class_indices(np.array([0, 2**64 - 1], np.uint64), 3, "labels")


def test_class_indices_are_integers() -> None:
    with pytest.raises(DataError, match=r"labels: expected class indices.* found float64"):
        class_indices(np.zeros(3), 3, "labels")


def test_there_is_one_class_index_per_example() -> None:
    with pytest.raises(DataError, match=r"shape \(n,\); found \(3, 1\)"):
        class_indices(np.zeros((3, 1), np.int64), 3, "labels")
