from __future__ import annotations

import numpy as np

from layerkit.new_plugin.templates.constraint import PlaceholderConfig


def test_large_weights_are_cut_and_others_stay() -> None:
    config = PlaceholderConfig(limit=2.0)
    weight = np.array([[3.0, -1.0], [0.5, -2.5]])
    config.build(weight).apply()
    assert weight.tolist() == [[2, -1], [0.5, -2]]
