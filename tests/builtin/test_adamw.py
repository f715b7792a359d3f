from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.adam import AdamConfig
from layerkit.builtin.adamw import AdamWConfig
from layerkit.randomness import generator
from layerkit.testing.build import build_optimizer
from layerkit.testing.optimizer import check_optimizer


@pytest.mark.parametrize(
    "options", [{}, {"weight_decay": 0.0}, {"beta1": 0.0}, {"beta2": 0.0}, {"weight_decay": 0.5}]
)
def test_keeps_the_contract_of_optimizers(options: dict[str, float]) -> None:
    check_optimizer({"type": "adamw", **options})


def test_without_decay_it_is_adam_to_the_bit() -> None:
    gradients = generator(0, "adamw").normal(size=(50, 20))
    adam, one = build_optimizer(AdamConfig(), np.ones(20))
    adamw, other = build_optimizer(AdamWConfig(weight_decay=0.3), np.ones(20), decay=0)
    for step, gradient in enumerate(gradients, start=1):
        one.grad[...] = other.grad[...] = gradient
        adam.update(one, 0.01, step)
        adamw.update(other, 0.01, step)
    np.testing.assert_array_equal(one.value, other.value)


@pytest.mark.parametrize(("decay", "expected"), [(1.0, 1.99), (0.5, 1.995), (0.0, 2.0)])
def test_decay_shrinks_by_rate_times_decay_times_the_spans_factor(
    decay: float, expected: float
) -> None:
    adamw, span = build_optimizer(AdamWConfig(weight_decay=0.05), np.full(1, 2.0), decay=decay)
    adamw.update(span, 0.1, 1)
    assert span.value.tolist() == pytest.approx([expected], rel=1e-15)


@pytest.mark.parametrize("option", [{"weight_decay": -0.1}, {"beta1": 1.0}, {"epsilon": 0.0}])
def test_refuses_options_out_of_range(option: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        AdamWConfig.model_validate(option)
