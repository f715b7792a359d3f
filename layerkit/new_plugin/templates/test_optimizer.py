from __future__ import annotations

import numpy as np
import pytest

from layerkit.new_plugin.templates.optimizer import PlaceholderConfig
from layerkit.testing import build_optimizer


def test_two_steps_are_those_of_the_formula() -> None:
    config = PlaceholderConfig(learning_rate=0.1, momentum=0.5)
    weights = np.array([1.0])
    optimizer, span = build_optimizer(config, weights)
    for step in (1, 2):
        span.grad[...] = 2.0
        optimizer.update(span, 0.1, step)
    assert weights[0] == pytest.approx(1 - 0.1 * 2 - 0.1 * (0.5 * 2 + 2))
