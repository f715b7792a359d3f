from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.xavier_uniform import XavierUniform, XavierUniformConfig
from layerkit.contracts.initializer import Fan
from layerkit.randomness import generator
from layerkit.testing.initializer import check_initializer


def test_keeps_the_contract_of_initializers() -> None:
    check_initializer("xavier_uniform")
    check_initializer(XavierUniformConfig(gain=5 / 3))


@pytest.mark.parametrize(("gain", "limit"), [(1.0, 0.5), (2.0, 1.0)])
def test_fills_the_range_that_both_fans_set(gain: float, limit: float) -> None:
    out = np.zeros(40_000)
    XavierUniform(XavierUniformConfig(gain=gain)).fill(out, Fan(20, 4), generator(0, "test"))
    assert -limit <= np.min(out) < -0.99 * limit
    assert 0.99 * limit < np.max(out) < limit
    assert out.mean() == pytest.approx(0, abs=0.01 * gain)
    assert out.std() == pytest.approx(gain * np.sqrt(2 / 24), rel=0.02)


def test_gain_is_above_zero() -> None:
    with pytest.raises(ValidationError, match="gain"):
        XavierUniformConfig(gain=0.0)
