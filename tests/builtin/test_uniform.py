from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.uniform import Uniform, UniformConfig
from layerkit.contracts.initializer import Fan
from layerkit.randomness import generator
from layerkit.testing.initializer import check_initializer


def test_keeps_the_contract_of_initializers() -> None:
    check_initializer("uniform")
    check_initializer(UniformConfig(low=-3.0, high=-1.0))


def test_fills_its_range_evenly_whatever_the_fan() -> None:
    out = np.zeros(40_000)
    Uniform(UniformConfig(low=-1.0, high=3.0)).fill(out, Fan(1, 10_000), generator(0, "test"))
    assert -1 <= np.min(out) < -0.99
    assert 2.99 < np.max(out) < 3
    quarters, _ = np.histogram(out, bins=4, range=(-1, 3))
    assert quarters == pytest.approx(np.full(4, 10_000), rel=0.03)


@pytest.mark.parametrize("high", [-0.05, -1.0])
def test_low_is_below_high(high: float) -> None:
    with pytest.raises(ValidationError, match=r"expected low below high, found -0\.05 and -"):
        UniformConfig(high=high)
