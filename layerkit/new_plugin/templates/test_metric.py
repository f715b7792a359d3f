from __future__ import annotations

import numpy as np

from layerkit.new_plugin.templates.metric import PlaceholderConfig
from layerkit.plugin import VectorTarget
from layerkit.testing import build_metric


def test_shares_are_averaged_with_the_weights_of_the_examples() -> None:
    config = PlaceholderConfig(tolerance=1.0, name="near")
    metric = build_metric(config, prediction_shape=(2,), target=VectorTarget((2,)))
    metric.reset()
    predictions = np.array([[0.0, 3.0], [1.0, -1.0]])
    metric.update(predictions, np.zeros((2, 2)), np.array([1.0, 3.0]))
    assert metric.results() == {"near": (1 * 0.5 + 3 * 1.0) / 4}
