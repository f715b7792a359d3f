from __future__ import annotations

import numpy as np

from layerkit.new_plugin.templates.regularizer import PlaceholderConfig


def test_the_penalty_is_returned_and_its_gradient_is_added() -> None:
    config = PlaceholderConfig(strength=0.5)
    value, gradient = np.array([2.0, -4.0, 0.0]), np.ones(3)
    assert config.build().penalize(value, gradient, np.zeros(3)) == 3
    assert gradient.tolist() == [1.5, 0.5, 1]
