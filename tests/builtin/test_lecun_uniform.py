from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.lecun_uniform import LecunUniform, LecunUniformConfig
from layerkit.contracts.initializer import Fan
from layerkit.randomness import generator
from layerkit.testing.initializer import check_initializer


def test_keeps_the_contract_of_initializers() -> None:
    check_initializer("lecun_uniform")


def test_the_deviation_is_the_one_that_the_fan_in_sets() -> None:
    out = np.zeros(40_000)
    LecunUniform(LecunUniformConfig()).fill(out, Fan(16, 1000), generator(0, "test"))
    assert out.mean() == pytest.approx(0, abs=0.01)
    assert out.std() == pytest.approx(0.25, rel=0.02)
    assert 0.99 * np.sqrt(3) / 4 < np.abs(out).max() <= np.sqrt(3) / 4
