from __future__ import annotations

import numpy as np

from layerkit.new_plugin.templates.loss import PlaceholderConfig
from layerkit.plugin import VectorTarget
from layerkit.testing import build_loss


def test_loss_and_gradient_are_those_of_the_formula() -> None:
    config = PlaceholderConfig()
    loss = build_loss(config, output_shape=(2,), target=VectorTarget((2,)))
    outputs, targets = np.array([[1.0, 5.0]]), np.array([[1.0, 2.0]])
    gradient = np.zeros_like(outputs)
    assert loss.gradient(outputs, targets, np.ones(1), gradient) == 9 / 2 / 2
    assert gradient.tolist() == [[0, 3 / 2]]
