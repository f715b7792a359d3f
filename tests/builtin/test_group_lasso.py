from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.group_lasso import GroupLassoConfig
from layerkit.testing.regularizer import check_regularizer


@pytest.mark.parametrize("groups", ["inputs", "units"])
@pytest.mark.parametrize("strength", [0.0, 1e-3, 2.0])
def test_keeps_the_contract_of_regularizers(groups: str, strength: float) -> None:
    shapes = ((7, 5), (11,), (3, 3, 2, 4))
    check_regularizer(
        {"type": "group_lasso", "strength": strength, "groups": groups}, shapes=shapes
    )


def test_groups_of_a_weight_are_its_inputs() -> None:
    value, grad = np.array([[3.0, 4.0], [0.0, 0.0], [0.0, -2.0]]), np.ones((3, 2))
    penalty = GroupLassoConfig(strength=0.1).build().penalize(value, grad, np.zeros((3, 2)))
    root = 0.1 * math.sqrt(2)
    assert penalty == pytest.approx(root * (5 + 2))
    expected = [[1 + root * 0.6, 1 + root * 0.8], [1.0, 1.0], [1.0, 1 - root]]
    np.testing.assert_allclose(grad, expected, rtol=1e-15)


def test_groups_may_be_units() -> None:
    value, grad = np.array([[3.0, 0.0], [4.0, 2.0], [0.0, 0.0]]), np.zeros((3, 2))
    config = GroupLassoConfig(strength=0.1, groups="units")
    assert config.build().penalize(value, grad, np.zeros((3, 2))) == pytest.approx(
        0.1 * math.sqrt(3) * (5 + 2)
    )
    np.testing.assert_allclose(grad[:, 1], [0, 0.1 * math.sqrt(3), 0], rtol=1e-15)


@pytest.mark.parametrize(("groups", "count"), [("inputs", 4), ("units", 2)])
def test_groups_of_a_convolution_are_channels_or_filters(
    groups: Literal["inputs", "units"], count: int
) -> None:
    value = np.ones((3, 3, 4, 2))
    regularizer = GroupLassoConfig(strength=1.0, groups=groups).build()
    size = value.size / count
    penalty = regularizer.penalize(value, np.zeros_like(value), np.zeros_like(value))
    assert penalty == pytest.approx(count * math.sqrt(size) * math.sqrt(size))


def test_values_whose_squares_are_0_have_a_gradient_of_at_most_the_strength() -> None:
    value, grad = np.full((2, 2), 1e-30, np.float32), np.zeros((2, 2), np.float32)
    GroupLassoConfig(strength=1.0).build().penalize(value, grad, np.zeros_like(value))
    assert float(np.abs(grad).max()) < 1.5


def test_options_are_checked() -> None:
    with pytest.raises(ValidationError, match="strength"):
        GroupLassoConfig(strength=-1e-4)
    with pytest.raises(ValidationError, match="groups"):
        GroupLassoConfig.model_validate({"strength": 1.0, "groups": "rows"})
