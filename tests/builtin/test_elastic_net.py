from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.elastic_net import ElasticNetConfig
from layerkit.testing.regularizer import check_regularizer


@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.0), (1e-4, 0.0), (0.0, 0.5), (0.5, 2.0)])
def test_keeps_the_contract_of_regularizers(l1: float, l2: float) -> None:
    check_regularizer({"type": "elastic_net", "l1": l1, "l2": l2})


def test_penalty_and_gradient_are_those_of_l1_and_l2_together() -> None:
    value, grad = np.array([3.0, -2.0, 0.0]), np.ones(3)
    penalty = ElasticNetConfig(l1=0.1, l2=0.2).build().penalize(value, grad, np.zeros(3))
    assert penalty == pytest.approx(0.1 * 5 + 0.1 * 13)
    assert grad.tolist() == pytest.approx([1 + 0.1 + 0.6, 1 - 0.1 - 0.4, 1.0])


@pytest.mark.parametrize("option", ["l1", "l2"])
def test_strengths_are_numbers_from_zero(option: str) -> None:
    with pytest.raises(ValidationError, match=option):
        ElasticNetConfig.model_validate({"l1": 0.1, "l2": 0.1, option: -0.1})
