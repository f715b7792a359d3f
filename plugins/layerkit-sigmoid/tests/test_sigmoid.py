from __future__ import annotations

import numpy as np
import pytest
from layerkit_sigmoid import SigmoidConfig

from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer


def sigmoid_of(x: list[float]) -> list[float]:
    sigmoid = build_layer(SigmoidConfig(), input_shape=(len(x),), batch_size=1)
    y = sigmoid.forward(np.array([x]), training=True)
    return [float(value) for value in y[0]]


@pytest.mark.parametrize("shape", [(7,), (3, 2, 2)])
def test_keeps_the_contract_of_layers(shape: tuple[int, ...]) -> None:
    check_layer("sigmoid", input_shape=shape)


def test_has_the_values_of_the_formula() -> None:
    found = sigmoid_of([0.0, 1.0, -1.0, 2.0])
    assert found == pytest.approx(
        [0.5, 0.7310585786300049, 0.2689414213699951, 0.8807970779778823], abs=1e-15
    )


def test_saturates_without_overflow_far_from_zero() -> None:
    assert sigmoid_of([-1e6, -800.0, 800.0, 1e6]) == [0.0, 0.0, 1.0, 1.0]
