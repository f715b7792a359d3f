from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.xavier_normal import XavierNormal, XavierNormalConfig
from layerkit.contracts.initializer import Fan
from layerkit.randomness import generator
from layerkit.testing.initializer import check_initializer


def test_keeps_the_contract_of_initializers() -> None:
    check_initializer("xavier_normal")
    check_initializer(XavierNormalConfig(gain=5 / 3))


@pytest.mark.parametrize(("gain", "deviation"), [(1.0, 0.25), (2.0, 0.5)])
def test_deviation_is_the_one_that_both_fans_set(gain: float, deviation: float) -> None:
    out = np.zeros(40_000)
    XavierNormal(XavierNormalConfig(gain=gain)).fill(out, Fan(20, 12), generator(0, "test"))
    assert out.mean() == pytest.approx(0, abs=4 * deviation / 200)
    assert out.std() == pytest.approx(deviation, rel=0.02)
    assert np.mean(np.abs(out) < deviation) == pytest.approx(0.6827, abs=0.01)


def test_gain_is_above_zero() -> None:
    with pytest.raises(ValidationError, match="gain"):
        XavierNormalConfig(gain=0.0)
