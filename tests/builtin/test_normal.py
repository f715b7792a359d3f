from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.normal import Normal, NormalConfig
from layerkit.contracts.initializer import Fan
from layerkit.randomness import generator
from layerkit.testing.initializer import check_initializer


def test_keeps_the_contract_of_initializers() -> None:
    check_initializer("normal")
    check_initializer(NormalConfig(mean=3.0, deviation=0.5))


def test_mean_and_deviation_are_those_given_whatever_the_fan() -> None:
    out = np.zeros(40_000)
    config = NormalConfig(mean=1.0, deviation=0.5)
    Normal(config).fill(out, Fan(1, 10_000), generator(0, "test"))
    assert out.mean() == pytest.approx(1, abs=0.01)
    assert out.std() == pytest.approx(0.5, rel=0.02)
    assert np.mean(np.abs(out - 1) < 0.5) == pytest.approx(0.6827, abs=0.01)


def test_the_deviation_is_above_zero() -> None:
    with pytest.raises(ValidationError, match="deviation"):
        NormalConfig(deviation=0.0)
