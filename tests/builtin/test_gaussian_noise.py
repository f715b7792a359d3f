from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array
from layerkit.builtin.gaussian_noise import GaussianNoiseConfig
from layerkit.contracts.traits import LayerTraits
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer
from layerkit.testing.sampling import DTYPES

UNITS, CAPACITY = 1000, 100


@pytest.mark.parametrize("deviation", [0.0, 0.1, 3.0])
@pytest.mark.parametrize("shape", [(7,), (3, 2, 2), ()])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...], deviation: float) -> None:
    check_layer(GaussianNoiseConfig(deviation=deviation), input_shape=shape)


@pytest.mark.parametrize("dtype", DTYPES)
def test_adds_normal_numbers_of_that_deviation(
    dtype: np.dtype[np.float32] | np.dtype[np.float64],
) -> None:
    layer = build_layer(
        GaussianNoiseConfig(deviation=0.5), input_shape=(UNITS,), batch_size=CAPACITY, dtype=dtype
    )
    x: Array = np.full((CAPACITY, UNITS), 2, dtype)
    noise = layer.forward(x, training=True) - x
    assert noise.mean() == pytest.approx(0, abs=0.01)
    assert noise.std() == pytest.approx(0.5, rel=0.02)
    assert np.mean(np.abs(noise) < 0.5) == pytest.approx(0.6827, abs=0.01)


def test_every_step_has_noise_of_its_own_and_the_gradient_passes_as_it_is() -> None:
    layer = build_layer(GaussianNoiseConfig(deviation=1), input_shape=(UNITS,), batch_size=1)
    x = np.zeros((1, UNITS))
    first = layer.forward(x, training=True).copy()
    assert not np.any(first == layer.forward(x, training=True))
    dx = layer.backward(np.full((1, UNITS), 3.0))
    assert dx is not None
    assert np.all(dx == 3)


def test_evaluation_passes_everything_through() -> None:
    x = np.ones((2, 3))
    layer = build_layer(GaussianNoiseConfig(deviation=1), input_shape=(3,))
    assert layer.forward(x, training=False) is x


@pytest.mark.parametrize("options", [{}, {"deviation": -0.1}, {"deviation": "small"}])
def test_the_deviation_is_a_number_from_zero(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="deviation"):
        GaussianNoiseConfig.model_validate(options)


def test_warnings_know_that_it_adds_noise() -> None:
    assert GaussianNoiseConfig(deviation=1).traits() == LayerTraits(adds_noise=True)
