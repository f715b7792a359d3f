from __future__ import annotations

import numpy as np
import pytest
from layerkit_sequence.scaled_dot_product import fitting_heads, heads_of, split_heads

from layerkit.plugin import Array


def test_queries_of_all_heads_come_first_then_keys_then_values() -> None:
    x: Array = np.arange(2 * 1 * 12.0).reshape(2, 1, 12)
    q, k, v = split_heads(x, 2)
    assert q[0, :, 0].tolist() == [[0, 1], [2, 3]]
    assert k[0, :, 0].tolist() == [[4, 5], [6, 7]]
    assert v[1, :, 0].tolist() == [[20, 21], [22, 23]]


def test_nothing_is_copied() -> None:
    x: Array = np.zeros((2, 5, 12))
    assert all(np.shares_memory(x, part) for part in split_heads(x, 2))
    assert heads_of(x, 3).shape == (2, 3, 5, 4)
    assert np.shares_memory(x, heads_of(x, 3))


@pytest.mark.parametrize(
    ("features", "heads", "nearest"),
    [(12, 5, 4), (12, 11, 12), (12, 1000, 12), (7, 4, 1), (10**18 + 9, 1024, 1), (10**18, 7, 8)],
)
def test_the_nearest_number_of_heads_that_fits_is_found_at_once(
    features: int, heads: int, nearest: int
) -> None:
    assert fitting_heads(features, heads) == nearest
