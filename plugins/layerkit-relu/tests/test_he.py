from __future__ import annotations

import math

import numpy as np
import pytest
from layerkit_relu.he import HeNormal, HeNormalConfig, HeUniform, HeUniformConfig

from layerkit.plugin import Fan, Initializer, generator
from layerkit.testing.initializer import check_initializer


@pytest.mark.parametrize("name", ["he_normal", "he_uniform"])
def test_keeps_the_contract_of_initializers(name: str) -> None:
    check_initializer(name)


@pytest.mark.parametrize("initializer", [HeNormal(HeNormalConfig()), HeUniform(HeUniformConfig())])
def test_deviation_follows_the_inward_fan_alone(
    initializer: Initializer[HeNormalConfig | HeUniformConfig],
) -> None:
    out = np.zeros(100_000)
    initializer.fill(out, Fan(50, 3), generator(0, "test"))
    assert out.std() == pytest.approx(math.sqrt(2 / 50), rel=0.01)
    assert out.mean() == pytest.approx(0, abs=0.003)


def test_uniform_fills_its_range_to_the_ends() -> None:
    out = np.zeros(100_000)
    HeUniform(HeUniformConfig()).fill(out, Fan(6, 3), generator(0, "test"))
    assert 0.999 < np.max(out) <= 1
    assert -1 <= np.min(out) < -0.999
