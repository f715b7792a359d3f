from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from layerkit.builtin.by_activation import ByActivationConfig
from layerkit.contracts.initializer import INITIALIZERS, Fan, InitializerFamily
from layerkit.randomness import generator
from layerkit.registry import installed
from layerkit.testing.initializer import check_initializer

FAMILIES: tuple[InitializerFamily, ...] = get_args(InitializerFamily)


@pytest.mark.parametrize("family", FAMILIES)
def test_keeps_the_contract_of_initializers(family: InitializerFamily) -> None:
    check_initializer("by_activation", fan=Fan(40, 30, family, "relu"))


@pytest.mark.parametrize("family", FAMILIES)
def test_gives_the_bits_of_the_initializer_that_it_names(family: InitializerFamily) -> None:
    fan = Fan(50, 20, family, "relu")
    named = installed().load(INITIALIZERS, f"{family}_uniform")()
    found, expected = (np.zeros((50, 20), np.float32) for _ in range(2))
    ByActivationConfig().build().fill(found, fan, generator(3, "weight"))
    named.build().fill(expected, fan, generator(3, "weight"))
    np.testing.assert_array_equal(found, expected)


def test_says_which_and_why() -> None:
    config = ByActivationConfig()
    assert config.description(Fan(3, 2)) == "xavier_uniform, as no activation follows"
    assert config.description(Fan(3, 2, "he", "relu")) == "he_uniform, as relu follows"
