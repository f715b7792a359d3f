from __future__ import annotations

import numpy as np

from layerkit.builtin.ones import Ones, OnesConfig
from layerkit.contracts.initializer import Fan
from layerkit.randomness import generator
from layerkit.testing.initializer import check_initializer


def test_keeps_the_contract_of_initializers() -> None:
    check_initializer("ones")


def test_writes_ones_and_draws_nothing() -> None:
    out, rng = np.full((3, 2), np.nan, np.float32), generator(0, "test")
    Ones(OnesConfig()).fill(out, Fan(3, 2), rng)
    assert out.tolist() == [[1.0, 1.0]] * 3
    assert rng.bit_generator.state == generator(0, "test").bit_generator.state
