from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array, Shape
from layerkit.builtin.gradient_noise import GradientNoiseConfig
from layerkit.testing.build import build_gradient_transform
from layerkit.testing.gradient_transform import check_gradient_transform


def noise(config: GradientNoiseConfig, step: int, *shapes: Shape, seed: int = 0) -> list[Array]:
    gradients: list[Array] = [np.zeros(shape) for shape in shapes]
    build_gradient_transform(config, seed=seed, step=step).apply(gradients, step)
    return gradients


@pytest.mark.parametrize("shapes", [((7, 5), (11,)), ((2, 2, 3, 3), (1,), (4, 3))])
@pytest.mark.parametrize("decay", [0.0, 0.55])
def test_keeps_the_contract_of_gradient_transforms(shapes: tuple[Shape, ...], decay: float) -> None:
    table = {"type": "gradient_noise", "variance": 0.01, "decay": decay}
    check_gradient_transform(table, shapes=shapes)


@pytest.mark.parametrize(("step", "variance"), [(1, 0.3), (2, 0.15), (30, 0.01)])
def test_the_variance_falls_with_a_power_of_the_step(step: int, variance: float) -> None:
    (found,) = noise(GradientNoiseConfig(variance=0.3, decay=1.0), step, (200, 500))
    assert found.var() == pytest.approx(variance, rel=0.02)
    assert found.mean() == pytest.approx(0, abs=4 * np.sqrt(variance / found.size))


def test_the_noise_is_the_papers_by_default() -> None:
    # Equation 1: variance eta / (1 + t)**0.55, with t the number of the step from 0.
    (first,) = noise(GradientNoiseConfig(variance=1.0), 1, (200, 500))
    (tenth,) = noise(GradientNoiseConfig(variance=1.0), 10, (200, 500))
    assert tenth.var() / first.var() == pytest.approx(1 / (1 + 9) ** 0.55, rel=0.03)


def test_every_parameter_has_noise_of_its_own() -> None:
    one, other = noise(GradientNoiseConfig(variance=1.0), 1, (4,), (4,))
    assert np.all(one != other)


def test_no_gradient_at_all_is_no_error() -> None:
    assert noise(GradientNoiseConfig(variance=1.0), 1) == []


def test_a_variance_is_above_zero() -> None:
    with pytest.raises(ValidationError, match="variance"):
        GradientNoiseConfig(variance=0)
