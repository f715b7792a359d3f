from __future__ import annotations

import numpy as np

from layerkit.new_plugin.templates.gradient_transform import PlaceholderConfig
from layerkit.testing import build_gradient_transform


def test_large_elements_are_cut_and_others_stay() -> None:
    config = PlaceholderConfig(limit=2.0)
    weight, bias = np.array([[3.0, -1.0]]), np.array([-5.0])
    build_gradient_transform(config).apply([weight, bias], 1)
    assert weight.tolist() == [[2, -1]]
    assert bias.tolist() == [-2]
