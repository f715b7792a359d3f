from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.lars import LARSConfig
from layerkit.testing.build import build_optimizer
from layerkit.testing.optimizer import check_optimizer

RATED = LARSConfig(learning_rate=0.5, trust=0.1, momentum=0.5)


@pytest.mark.parametrize(
    "options", [{}, {"weight_decay": 0.01}, {"momentum": 0.0}, {"trust": 0.1, "momentum": 0.5}]
)
def test_keeps_the_contract_of_optimizers(options: dict[str, float]) -> None:
    check_optimizer({"type": "lars", "learning_rate": 0.5, **options})


def test_two_steps_are_those_worked_out_by_hand() -> None:
    lars, span = build_optimizer(RATED, np.array([3.0, 4.0]))
    span.grad[...] = [0.0, 2.0]
    lars.update(span, 0.5, 1)  # ratio 0.1 * 5 / 2 = 0.25, so v = 0.5 * 0.25 * g
    assert span.value.tolist() == pytest.approx([3, 3.75])
    span.grad[...] = [1.0, 0.0]
    lars.update(span, 0.5, 2)
    norm = float(np.hypot(3, 3.75))
    assert span.value.tolist() == pytest.approx([3 - 0.05 * norm, 3.75 - 0.125])


def test_the_size_of_the_gradient_does_not_matter() -> None:
    values: list[list[float]] = []
    for size in (1e-3, 1e3):
        lars, span = build_optimizer(RATED, np.array([3.0, 4.0]))
        span.grad[...] = size, 2 * size
        lars.update(span, 0.5, 1)
        values.append(span.value.tolist())
    assert values[0] == pytest.approx(values[1], rel=1e-12)


def test_decay_counts_below_the_ratio_and_in_the_step() -> None:
    config = LARSConfig(learning_rate=1, trust=1, momentum=0, weight_decay=0.5)
    for decay, factor in ((1.0, 0.5), (0.5, 0.25), (0.0, 0.0)):
        lars, span = build_optimizer(config, np.array([0.0, 4.0]), decay=decay)
        span.grad[...] = [2.0, 0.0]
        lars.update(span, 0.1, 1)
        ratio = 4 / (2 + factor * 4)
        assert span.value.tolist() == pytest.approx([-0.2 * ratio, 4 - 0.4 * factor * ratio])


def test_a_parameter_at_0_has_a_ratio_of_1() -> None:
    lars, span = build_optimizer(RATED, np.zeros(2))
    span.grad[...] = [1.0, -2.0]
    lars.update(span, 0.1, 1)
    assert span.value.tolist() == pytest.approx([-0.1, 0.2])


@pytest.mark.parametrize("option", [{"trust": 0.0}, {"momentum": 1.0}, {"weight_decay": -1.0}])
def test_refuses_options_out_of_range(option: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match=next(iter(option))):
        LARSConfig.model_validate({"learning_rate": 1.0, **option})
