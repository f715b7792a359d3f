from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.gaussian_dropout import GaussianDropoutConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.traits import LayerTraits
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer

UNITS, CAPACITY = 1000, 100


def dropout(rate: float) -> Layer[LayerConfig]:
    return build_layer(GaussianDropoutConfig(rate=rate), input_shape=(UNITS,), batch_size=CAPACITY)


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.99])
@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...], rate: float) -> None:
    check_layer(GaussianDropoutConfig(rate=rate), input_shape=shape)


@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_factors_have_the_mean_and_variance_of_those_of_dropout(rate: float) -> None:
    factors = dropout(rate).forward(np.ones((CAPACITY, UNITS)), training=True)
    deviation = np.sqrt(rate / (1 - rate))
    assert factors.mean() == pytest.approx(1, abs=0.02)
    assert factors.std() == pytest.approx(deviation, rel=0.02)
    assert np.mean(np.abs(factors - 1) < deviation) == pytest.approx(0.6827, abs=0.01)


def test_the_gradient_is_multiplied_as_the_input_was() -> None:
    layer = dropout(0.5)
    y = layer.forward(np.ones((CAPACITY, UNITS)), training=True).copy()
    dx = layer.backward(np.full((CAPACITY, UNITS), 3.0))
    assert dx is not None
    np.testing.assert_array_equal(dx, 3 * y)


def test_a_rate_of_zero_changes_nothing_and_nor_does_evaluation() -> None:
    x = np.linspace(-1, 1, UNITS)[np.newaxis]
    np.testing.assert_array_equal(dropout(0.0).forward(x, training=True), x)
    assert dropout(0.5).forward(x, training=False) is x


@pytest.mark.parametrize("rate", [-0.1, 1.0, "half"])
def test_rate_is_a_fraction_below_one(rate: object) -> None:
    with pytest.raises(ValidationError, match="rate"):
        GaussianDropoutConfig.model_validate({"rate": rate})


def test_warnings_know_that_it_adds_noise() -> None:
    assert GaussianDropoutConfig().traits() == LayerTraits(adds_noise=True)
