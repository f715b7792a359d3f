from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.fill_constant import Constant, ConstantConfig
from layerkit.contracts.initializer import Fan
from layerkit.randomness import generator
from layerkit.testing.initializer import check_initializer


def test_keeps_the_contract_of_initializers() -> None:
    check_initializer({"type": "constant", "value": 0.5})


def test_every_value_is_the_one_given() -> None:
    out = np.zeros((3, 4))
    Constant(ConstantConfig(value=-2.5)).fill(out, Fan(3, 4), generator(0, "test"))
    np.testing.assert_array_equal(out, np.full((3, 4), -2.5))


def test_a_value_is_a_number() -> None:
    with pytest.raises(ValidationError, match="value"):
        ConstantConfig.model_validate({"value": "one"})
