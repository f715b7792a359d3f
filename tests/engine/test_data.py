from __future__ import annotations

import numpy as np

from layerkit.engine.data import split_rows
from tests.helpers.specs import small_spec


def test_every_row_is_either_trained_on_or_set_aside() -> None:
    train, aside = split_rows(small_spec("seed=3"), 100)
    assert len(aside) == 30
    np.testing.assert_array_equal(np.sort(np.concatenate([train, aside])), np.arange(100))


def test_the_split_depends_on_the_seed_alone() -> None:
    first, again, other = (split_rows(small_spec(f"seed={seed}"), 100)[1] for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
