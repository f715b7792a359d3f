from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.randomness import generator
from layerkit.testing.differences import MAX_PROBED, central_differences, expect_gradient, probed


def test_differences_are_exact_to_a_hundredth_of_the_tolerance() -> None:
    x = np.array([[0.3, -1.2], [2.0, 0.05]])
    weights = np.array([[1.0, -2.0], [0.5, 3.0]])

    def outputs() -> Array:
        return np.array(np.sin(x))

    found = central_differences(outputs, weights, x, np.arange(4))
    assert found == pytest.approx((weights * np.cos(x)).reshape(-1), abs=1e-10)


def test_the_point_is_left_as_it_was() -> None:
    x = np.array([0.1, 0.2])
    central_differences(lambda: x, np.ones(2), x, np.arange(2))
    assert x.tolist() == [0.1, 0.2]


def test_outputs_that_do_not_move_add_no_error_however_large() -> None:
    x = np.array([0.5])
    outputs = np.array([0.0, 1e9 / 3])

    def evaluate() -> Array:
        outputs[0] = x[0]
        return outputs

    found = central_differences(evaluate, np.ones(2), x, np.arange(1))
    assert found == pytest.approx([1.0], abs=1e-12)


def test_a_gradient_one_part_in_ten_million_off_is_wrong() -> None:
    numeric = np.array([3.0, -2.0])
    expect_gradient("dx", numeric, np.array([3.0, -2.0 + 1e-9]), np.arange(2))
    with pytest.raises(AssertionError, match=r"^dx: expected -2 by .*found -1.9999997 at \(1,\)"):
        expect_gradient("dx", numeric, np.array([3.0, -2.0 + 3e-7]), np.arange(2))


def test_a_small_gradient_is_held_to_its_own_size() -> None:
    with pytest.raises(AssertionError, match=r"found 0\.00201"):
        expect_gradient("dx", np.array([0.002]), np.array([0.00201]), np.arange(1))


def test_every_element_of_a_small_array_is_probed_and_a_sample_of_a_large_one() -> None:
    assert probed(5, generator(0, "test")).tolist() == [0, 1, 2, 3, 4]
    sample = probed(10_000, generator(0, "test"))
    assert len(set(sample.tolist())) == MAX_PROBED
    assert sample.tolist() == probed(10_000, generator(0, "test")).tolist()
