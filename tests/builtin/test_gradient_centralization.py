from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.gradient_centralization import GradientCentralizationConfig
from layerkit.testing.build import build_gradient_transform
from layerkit.testing.gradient_transform import check_gradient_transform


@pytest.mark.parametrize("shapes", [((7, 5), (11,)), ((2, 2, 3, 3), (1,), (4, 3))])
def test_keeps_the_contract_of_gradient_transforms(shapes: tuple[Shape, ...]) -> None:
    check_gradient_transform("gradient_centralization", shapes=shapes)


def test_every_unit_has_a_mean_of_0_and_biases_are_left_alone() -> None:
    weight, bias = np.array([[1.0, 4.0], [3.0, -2.0]]), np.array([1.0, 5.0])
    build_gradient_transform(GradientCentralizationConfig()).apply([weight, bias], 1)
    assert weight.tolist() == [[-1.0, 3.0], [1.0, -3.0]]
    assert bias.tolist() == [1.0, 5.0]


def test_units_of_a_convolution_are_its_filters() -> None:
    gradient = np.arange(72.0).reshape(3, 3, 4, 2)
    build_gradient_transform(GradientCentralizationConfig()).apply([gradient], 1)
    np.testing.assert_allclose(gradient.mean(axis=(0, 1, 2)), 0, atol=1e-13)
    assert gradient[0, 0, 0].tolist() == [-35.0, -35.0]
