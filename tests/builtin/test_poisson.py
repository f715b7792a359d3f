from __future__ import annotations

import math

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.poisson import PoissonConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_loss
from layerkit.testing.loss import check_loss


@pytest.mark.parametrize(
    ("output", "target"), [((3,), (3,)), ((1,), ()), ((), ()), ((4, 3), (4, 3))]
)
def test_keeps_the_contract_of_losses(output: Shape, target: Shape) -> None:
    check_loss("poisson", output_shape=output, target=VectorTarget(target))


def test_value_and_gradient_are_those_of_the_negative_log_likelihood() -> None:
    loss = build_loss(PoissonConfig(), output_shape=(2,), target=VectorTarget((2,)))
    outputs, targets = np.array([[0.0, 1.0], [-1.0, 2.0]]), np.array([[3.0, 0.0], [1.0, 4.0]])
    out = np.zeros((2, 2))
    value = loss.gradient(outputs, targets, np.array([0.5, 2.0]), out)
    assert value == pytest.approx(
        0.5 * (1 + math.e) / 2 + (1 / math.e + 1 + math.exp(2) - 8), rel=1e-15
    )
    np.testing.assert_allclose(
        out, [[-0.5, 0.25 * math.e], [1 / math.e - 1, math.exp(2) - 4]], rtol=1e-15
    )


def test_predicts_rates() -> None:
    loss = build_loss(PoissonConfig(), output_shape=(1,), target=VectorTarget(()))
    predicted = np.zeros(2)
    loss.predict(np.array([[0.0], [math.log(7)]]), predicted)
    np.testing.assert_allclose(predicted, [1, 7], rtol=1e-15)


def test_goes_on_as_a_line_where_float32_would_overflow() -> None:
    dtype = np.dtype(np.float32)
    loss = build_loss(PoissonConfig(), output_shape=(1,), target=VectorTarget(()), dtype=dtype)
    outputs, out = np.array([[100.0]], dtype), np.zeros((1, 1), dtype)
    with np.errstate(all="raise", under="ignore"):
        value = loss.gradient(outputs, np.zeros(1, dtype), np.ones(1, dtype), out)
    assert value == pytest.approx(math.exp(60) * 41, rel=1e-6)
    assert out[0, 0] == pytest.approx(math.exp(60), rel=1e-6)


def test_refuses_classes() -> None:
    with pytest.raises(ShapeError, match="poisson expects numbers as targets"):
        PoissonConfig().plan((3,), ClassTarget(3))
