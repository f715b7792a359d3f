from __future__ import annotations

import random

import numpy as np
import pytest

from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.randomness import generator
from layerkit.testing.differences import STEP
from layerkit.testing.sampling import (
    FLOAT32,
    MARGIN,
    REACH,
    draw_apart,
    draw_targets,
    no_global_randomness,
)


def test_inputs_keep_their_distance_from_zero_on_both_sides() -> None:
    drawn = draw_apart(generator(0, "test"), (1000,), FLOAT32)
    assert drawn.dtype == np.float32
    assert MARGIN <= np.abs(drawn).min() <= np.abs(drawn).max() <= REACH
    assert 400 < np.count_nonzero(drawn > 0) < 600


def test_inputs_keep_their_distance_from_each_other() -> None:
    drawn = draw_apart(generator(0, "test"), (5, 10, 20))
    assert np.min(np.diff(np.sort(drawn.reshape(-1)))) > 2 * STEP


@pytest.mark.parametrize("shape", [(1,), (), (3, 1)])
def test_few_inputs_are_drawn_at_random_too(shape: tuple[int, ...]) -> None:
    first, second = (draw_apart(generator(seed, "test"), shape) for seed in (0, 1))
    assert first.shape == shape
    assert np.all(first != second)


def test_class_targets_are_indices_of_every_class() -> None:
    drawn = draw_targets(generator(0, "test"), ClassTarget(3), 100)
    assert drawn.dtype == np.int64
    assert sorted(set(drawn.tolist())) == [0, 1, 2]


def test_vector_targets_lie_within_the_unit_interval() -> None:
    drawn = draw_targets(generator(0, "test"), VectorTarget((2, 3)), 100)
    assert drawn.shape == (100, 2, 3)
    assert 0.05 <= np.min(drawn) < np.max(drawn) <= 0.95


def test_a_generator_of_ones_own_is_fine() -> None:
    with no_global_randomness():
        drawn = generator(0, "test").random()
    assert 0 <= drawn < 1


def test_pythons_global_generator_is_noticed() -> None:
    with pytest.raises(AssertionError, match="global"), no_global_randomness():
        random.random()  # noqa: S311 - the fault to be found


def test_numpys_global_generator_is_noticed() -> None:
    with pytest.raises(AssertionError, match="global"), no_global_randomness():
        np.random.rand()  # noqa: NPY002 - the fault to be found


def test_seeding_a_global_generator_is_noticed_however_often_it_was_done() -> None:
    np.random.seed(0)  # noqa: NPY002 - the fault to be found
    with pytest.raises(AssertionError, match="global"), no_global_randomness():
        np.random.seed(0)  # noqa: NPY002 - the fault to be found


def test_the_global_generators_are_as_before_afterwards() -> None:
    before = random.getstate()
    with no_global_randomness():
        pass
    assert random.getstate() == before
