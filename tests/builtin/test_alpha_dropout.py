from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.alpha_dropout import DROPPED, AlphaDropoutConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.traits import LayerTraits
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer

UNITS, CAPACITY = 1000, 100


def dropout(rate: float) -> Layer[LayerConfig]:
    return build_layer(AlphaDropoutConfig(rate=rate), input_shape=(UNITS,), batch_size=CAPACITY)


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.999])
@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...], rate: float) -> None:
    check_layer(AlphaDropoutConfig(rate=rate), input_shape=shape)


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_mean_zero_and_variance_one_stay(rate: float) -> None:
    x = np.random.default_rng(0).standard_normal((CAPACITY, UNITS))
    y = dropout(rate).forward(x, training=True)
    assert y.mean() == pytest.approx(0, abs=0.02)
    assert y.std() == pytest.approx(1, rel=0.01)


@pytest.mark.parametrize(("rate", "dropped"), [(0.2, 51), (0.5, 128)])
def test_drops_the_fraction_rounded_to_bytes_to_the_limit_of_selu(
    rate: float, dropped: int
) -> None:
    y = dropout(rate).forward(np.ones((CAPACITY, UNITS)), training=True)
    fraction = dropped / 256
    scale = ((1 - fraction) * (1 + fraction * DROPPED**2)) ** -0.5
    expected = [scale * DROPPED - scale * fraction * DROPPED, scale - scale * fraction * DROPPED]
    values, counts = np.unique(y, return_counts=True)
    np.testing.assert_allclose(values, expected, rtol=1e-14)
    assert counts[0] / y.size == pytest.approx(fraction, abs=0.01)
    assert pytest.approx(-1.7580993408473766, abs=1e-15) == DROPPED


def test_the_gradient_passes_where_the_input_did_times_the_scale() -> None:
    layer = dropout(0.5)
    y = layer.forward(np.ones((CAPACITY, UNITS)), training=True).copy()
    dx = layer.backward(np.full((CAPACITY, UNITS), 3.0))
    assert dx is not None
    scale = (0.5 * (1 + 0.5 * DROPPED**2)) ** -0.5
    np.testing.assert_allclose(dx, np.where(y == y.max(), 3 * scale, 0), rtol=1e-14)


def test_a_rate_of_zero_changes_nothing_and_nor_does_evaluation() -> None:
    x = np.linspace(-1, 1, UNITS)[np.newaxis]
    np.testing.assert_array_equal(dropout(0.0).forward(x, training=True), x)
    assert dropout(0.5).forward(x, training=False) is x


@pytest.mark.parametrize("rate", [-0.1, 1.0, "half"])
def test_rate_is_a_fraction_below_one(rate: object) -> None:
    with pytest.raises(ValidationError, match="rate"):
        AlphaDropoutConfig.model_validate({"rate": rate})


def test_warnings_know_that_it_adds_noise() -> None:
    assert AlphaDropoutConfig().traits() == LayerTraits(adds_noise=True)
