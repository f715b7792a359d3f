from __future__ import annotations

import re
from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.layer import LayerConfig, LayerContext
from layerkit.testing.layer import check_layer

from .right_layers import Square, SquareConfig


class ForgetsToTransposeConfig(SquareConfig):
    type: Literal["forgets_to_transpose"] = "forgets_to_transpose"


@final
class ForgetsToTranspose(Square[ForgetsToTransposeConfig]):
    def backward(self, dy: Array) -> Array | None:
        dx = super().backward(dy)
        return None if dx is None else np.matmul(dy, self.weight.value, out=dx)


class WrongSignConfig(SquareConfig):
    type: Literal["wrong_sign"] = "wrong_sign"


@final
class WrongSign(Square[WrongSignConfig]):
    def backward(self, dy: Array) -> Array | None:
        dx = super().backward(dy)
        return None if dx is None else np.negative(dx, out=dx)


class DropsDerivativeConfig(SquareConfig):
    type: Literal["drops_derivative"] = "drops_derivative"


@final
class DropsDerivative(Square[DropsDerivativeConfig]):
    def backward(self, dy: Array) -> Array | None:
        self.y.fill(0)
        return super().backward(dy)


class SlightlyOffConfig(SquareConfig):
    type: Literal["slightly_off"] = "slightly_off"


@final
class SlightlyOff(Square[SlightlyOffConfig]):
    def backward(self, dy: Array) -> Array | None:
        np.multiply(dy, 1 + 1e-7, out=dy)
        return super().backward(dy)


class SinglePrecisionConfig(SquareConfig):
    type: Literal["single_precision"] = "single_precision"


@final
class SinglePrecision(Square[SinglePrecisionConfig]):
    def backward(self, dy: Array) -> Array | None:
        dy[...] = dy.astype(np.float32)
        return super().backward(dy)


class AveragesBiasConfig(SquareConfig):
    type: Literal["averages_bias"] = "averages_bias"


@final
class AveragesBias(Square[AveragesBiasConfig]):
    def backward(self, dy: Array) -> Array | None:
        dx = super().backward(dy)
        np.mean(dy, axis=0, out=self.bias.grad)
        return dx


class CopiesWeightConfig(SquareConfig):
    type: Literal["copies_weight"] = "copies_weight"


@final
class CopiesWeight(Square[CopiesWeightConfig]):
    def __init__(self, config: CopiesWeightConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self.weight = type(self.weight)(self.weight.value.copy(), self.weight.grad)


@pytest.mark.parametrize(
    ("config", "check"),
    [
        (ForgetsToTransposeConfig(), "input_gradient"),
        (WrongSignConfig(), "input_gradient"),
        (DropsDerivativeConfig(), "input_gradient"),
        (SlightlyOffConfig(), "input_gradient"),
        (SinglePrecisionConfig(), "input_gradient"),
        (AveragesBiasConfig(), "parameter_gradients"),
        (CopiesWeightConfig(), "parameter_gradients"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LayerConfig) else "",
)
def test_a_wrong_gradient_is_caught_by_name(config: LayerConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: layer '{config.type_name()}'"):
        check_layer(config, input_shape=(4,))


def test_a_wrong_gradient_is_reported_with_both_numbers_and_the_place() -> None:
    with pytest.raises(AssertionError) as failure:
        check_layer(WrongSignConfig(), input_shape=(1,), batch_sizes=(1,))
    found = re.search(
        r"gradient with respect to the inputs: expected (\S+) by central differences, "
        r"found (\S+) at \(0, 0\); 1 of 1 probed values",
        str(failure.value),
    )
    assert found is not None
    assert float(found[1]) == pytest.approx(-float(found[2]), rel=1e-8)
