from __future__ import annotations

import numpy as np

from benchmarks.order import Order


def test_every_row_comes_once_before_any_comes_again() -> None:
    order = Order(12, 4)
    first, second = [np.sort(np.concatenate([*order.batches(3)])) for _ in range(2)]
    np.testing.assert_array_equal(first, np.arange(12))
    np.testing.assert_array_equal(second, np.arange(12))


def test_only_full_batches_are_dealt() -> None:
    assert {len(rows) for rows in Order(10, 4).batches(7)} == {4}
