from __future__ import annotations

import numpy as np
import pytest

from layerkit.new_plugin.templates.layer import PlaceholderConfig
from layerkit.plugin import ShapeError
from layerkit.testing import build_layer


def test_outputs_are_sums_of_the_inputs_times_their_weights() -> None:
    config = PlaceholderConfig(units=2)
    layer = build_layer(config, input_shape=(3,), batch_size=1)
    layer.context.params["weight"].value[...] = [[1, 2], [3, 4], [5, 6]]
    y = layer.forward(np.array([[1.0, 0.0, 10.0]]), training=False)
    assert y.tolist() == [[51, 62]]


def test_images_are_refused() -> None:
    config = PlaceholderConfig(units=2)
    with pytest.raises(ShapeError, match=r"found \(28, 28, 1\)"):
        config.plan((28, 28, 1))
