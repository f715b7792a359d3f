from __future__ import annotations

import pytest

from layerkit.new_spec.network import sizes_for


@pytest.mark.parametrize("rows", [1, 2, 5, 25, 499, 500, 10**4, 10**5, 10**7])
def test_a_batch_is_never_more_than_the_rows_that_are_left_to_train_on(rows: int) -> None:
    sizes = sizes_for(rows)
    left = rows - 2 * round(rows * sizes.aside)
    assert 1 <= sizes.batch_size <= max(left, 1)


def test_more_rows_get_more_units_and_fewer_epochs() -> None:
    found = [sizes_for(10**power) for power in range(2, 8)]
    assert [sum(sizes.hidden) for sizes in found] == sorted(sum(sizes.hidden) for sizes in found)
    assert [sizes.epochs for sizes in found] == sorted((s.epochs for s in found), reverse=True)
