from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.lecun_normal import LecunNormal, LecunNormalConfig
from layerkit.contracts.initializer import Fan
from layerkit.randomness import generator
from layerkit.testing.initializer import check_initializer


def test_keeps_the_contract_of_initializers() -> None:
    check_initializer("lecun_normal")


def test_the_deviation_is_the_one_that_the_fan_in_sets() -> None:
    out = np.zeros(40_000)
    LecunNormal(LecunNormalConfig()).fill(out, Fan(16, 1000), generator(0, "test"))
    assert out.mean() == pytest.approx(0, abs=0.01)
    assert out.std() == pytest.approx(0.25, rel=0.02)
    assert np.mean(np.abs(out) < 0.25) == pytest.approx(0.6827, abs=0.01)
