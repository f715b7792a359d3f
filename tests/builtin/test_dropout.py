from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.dropout import DropoutConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer

UNITS, CAPACITY = 1000, 100


def dropout(rate: float) -> Layer[LayerConfig]:
    return build_layer(DropoutConfig(rate=rate), input_shape=(UNITS,), batch_size=CAPACITY)


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.999])
@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...], rate: float) -> None:
    check_layer(DropoutConfig(rate=rate), input_shape=shape)


@pytest.mark.parametrize(("rate", "dropped"), [(0.2, 51), (0.3, 77), (0.5, 128)])
def test_drops_the_fraction_rounded_to_bytes_and_rescales_by_it(rate: float, dropped: int) -> None:
    y = dropout(rate).forward(np.ones((CAPACITY, UNITS)), training=True)
    assert sorted(set(y.reshape(-1).tolist())) == [0.0, 256 / (256 - dropped)]
    fraction = dropped / 256
    deviation = np.sqrt(fraction * (1 - fraction) / y.size)
    assert np.mean(y == 0) == pytest.approx(fraction, abs=4 * deviation)


def test_expectation_is_the_input() -> None:
    layer, steps = dropout(0.3), 400
    x = np.linspace(-1, 1, UNITS)[np.newaxis]
    mean = sum(layer.forward(x, training=True) for _ in range(steps)) / steps
    deviation = np.abs(x) * np.sqrt(77 / 179 / steps)
    assert np.all(np.abs(mean - x) <= 5 * deviation)


def test_every_step_and_every_example_has_a_mask_of_its_own() -> None:
    layer, x = dropout(0.5), np.ones((CAPACITY, UNITS))
    first = layer.forward(x, training=True).copy()
    second = layer.forward(x, training=True).copy()
    assert np.mean(first == second) == pytest.approx(0.5, abs=0.01)
    assert np.mean(first[0] == first[1]) == pytest.approx(0.5, abs=0.08)


def test_gradient_passes_where_the_input_did() -> None:
    layer = dropout(0.5)
    y = layer.forward(np.ones((CAPACITY, UNITS)), training=True)
    dx = layer.backward(np.full((CAPACITY, UNITS), 3.0))
    assert dx is not None
    assert np.array_equal(dx, 3 * y)


def test_evaluation_passes_everything_through() -> None:
    x = np.ones((CAPACITY, UNITS))
    assert dropout(0.5).forward(x, training=False) is x


def test_a_rate_of_zero_drops_nothing_and_the_largest_not_quite_everything() -> None:
    x = np.ones((CAPACITY, UNITS))
    assert np.array_equal(dropout(0.0).forward(x, training=True), x)
    kept = np.count_nonzero(dropout(0.9999).forward(x, training=True))
    assert kept / x.size == pytest.approx(1 / 256, rel=0.2)


@pytest.mark.parametrize("rate", [-0.1, 1.0, 2, float("nan"), "half"])
def test_rate_is_a_fraction_below_one(rate: object) -> None:
    with pytest.raises(ValidationError, match="rate"):
        DropoutConfig.model_validate({"rate": rate})
