from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.spatial_dropout import SpatialDropoutConfig
from pydantic import ValidationError

from layerkit.plugin import Shape, ShapeError
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize("shape", [(3, 4, 5), (6, 5)])
@pytest.mark.parametrize("rate", [0.0, 0.3])
def test_keeps_the_contract_of_layers(shape: Shape, rate: float) -> None:
    check_layer({"type": "spatial_dropout", "rate": rate}, input_shape=shape)


def test_a_channel_is_dropped_or_kept_as_a_whole() -> None:
    layer = build_layer(SpatialDropoutConfig(rate=0.25), input_shape=(3, 2, 64), batch_size=50)
    y = layer.forward(np.ones((50, 3, 2, 64)), training=True)
    assert np.array_equal(y, np.broadcast_to(y[:, :1, :1], y.shape))
    assert np.unique(y).tolist() == pytest.approx([0, 4 / 3])
    kept = float(np.mean(y[:, 0, 0] > 0))
    assert abs(kept - 0.75) < 4 * (0.75 * 0.25 / (50 * 64)) ** 0.5  # four standard deviations


def test_the_gradient_is_dropped_where_the_input_was() -> None:
    layer = build_layer(SpatialDropoutConfig(), input_shape=(4, 8), batch_size=2)
    y = layer.forward(np.ones((2, 4, 8)), training=True).copy()
    dx = layer.backward(np.ones((2, 4, 8)))
    assert dx is not None
    assert np.array_equal(dx, y)


def test_evaluation_drops_nothing() -> None:
    layer = build_layer(SpatialDropoutConfig(), input_shape=(4, 8), batch_size=2)
    x = np.full((2, 4, 8), 3.0)
    assert np.array_equal(layer.forward(x, training=False), x)


def test_refuses_what_has_no_positions_and_rates_out_of_range() -> None:
    with pytest.raises(ShapeError, match=r"spatial_dropout expects .* found \(9,\)"):
        SpatialDropoutConfig().plan((9,))
    for rate in (1.0, -0.1):
        with pytest.raises(ValidationError, match="rate"):
            SpatialDropoutConfig(rate=rate)
