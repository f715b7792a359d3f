from __future__ import annotations

import re
from typing import Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.testing.layer import check_layer

from .right_layers import Square, SquareConfig

AddsT_co = TypeVar("AddsT_co", bound=SquareConfig, covariant=True)


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


class AddsLossConfig(SquareConfig):
    """Right: adds the mean square of its outputs to the loss."""

    type: Literal["adds_loss"] = "adds_loss"


class AddsSquares(Square[AddsT_co]):
    def added(self, y: Array) -> float:
        return float(np.vdot(y, y)) / self.context.batch_size

    def add_gradient(self, y: Array, dy: Array) -> None:
        np.multiply(y, 2 / self.context.batch_size, out=self.slope[: len(y)])
        np.add(dy, self.slope[: len(y)], out=dy)

    def forward(self, x: Array, *, training: bool) -> Array:
        y = super().forward(x, training=training)
        if training:
            self.context.add_loss(self.added(y))
        return y

    def backward(self, dy: Array) -> Array | None:
        self.add_gradient(self.y[: len(dy)], dy)
        return super().backward(dy)


@final
class AddsLoss(AddsSquares[AddsLossConfig]):
    pass


class AddsWithoutGradientConfig(SquareConfig):
    type: Literal["adds_without_gradient"] = "adds_without_gradient"


@final
class AddsWithoutGradient(AddsSquares[AddsWithoutGradientConfig]):
    def add_gradient(self, y: Array, dy: Array) -> None:
        pass


class AddsSumConfig(SquareConfig):
    type: Literal["adds_sum"] = "adds_sum"


@final
class AddsSum(AddsSquares[AddsSumConfig]):
    def added(self, y: Array) -> float:
        return float(np.vdot(y, y))

    def add_gradient(self, y: Array, dy: Array) -> None:
        np.add(dy, 2 * y, out=dy)


class AddsMeanOfPartConfig(SquareConfig):
    type: Literal["adds_mean_of_part"] = "adds_mean_of_part"


@final
class AddsMeanOfPart(AddsSquares[AddsMeanOfPartConfig]):
    """Divides by the examples that it gets, of which there may be more elsewhere."""

    def added(self, y: Array) -> float:
        return float(np.vdot(y, y)) / len(y)

    def add_gradient(self, y: Array, dy: Array) -> None:
        np.add(dy, 2 * y / len(y), out=dy)


class AddsInEvaluationConfig(SquareConfig):
    type: Literal["adds_in_evaluation"] = "adds_in_evaluation"


@final
class AddsInEvaluation(AddsSquares[AddsInEvaluationConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        return super().forward(x, training=True)


class AddsTwiceConfig(SquareConfig):
    """Adds once more in its backward pass, where it has the gradient at hand."""

    type: Literal["adds_twice"] = "adds_twice"


@final
class AddsTwice(AddsSquares[AddsTwiceConfig]):
    def backward(self, dy: Array) -> Array | None:
        self.context.add_loss(self.added(self.y[: len(dy)]))
        return super().backward(dy)


class AddsNotANumberConfig(SquareConfig):
    type: Literal["adds_not_a_number"] = "adds_not_a_number"


@final
class AddsNotANumber(AddsSquares[AddsNotANumberConfig]):
    def added(self, y: Array) -> float:
        return super().added(y) * float("nan")


class AddsHalfItsGradientConfig(SquareConfig):
    """Forgets the 2 of the derivative of a square."""

    type: Literal["adds_half_its_gradient"] = "adds_half_its_gradient"


@final
class AddsHalfItsGradient(AddsSquares[AddsHalfItsGradientConfig]):
    def add_gradient(self, y: Array, dy: Array) -> None:
        np.add(dy, y / self.context.batch_size, out=dy)


class AddsAllSoFarConfig(SquareConfig):
    """Keeps a sum over steps, and adds that."""

    type: Literal["adds_all_so_far"] = "adds_all_so_far"


@final
class AddsAllSoFar(AddsSquares[AddsAllSoFarConfig]):
    so_far = 0.0

    def added(self, y: Array) -> float:
        self.so_far += super().added(y)
        return self.so_far


class AddsRowsOfOtherBatchesConfig(SquareConfig):
    """Adds what is left in its buffer of larger batches too."""

    type: Literal["adds_rows_of_other_batches"] = "adds_rows_of_other_batches"


@final
class AddsRowsOfOtherBatches(AddsSquares[AddsRowsOfOtherBatchesConfig]):
    def added(self, y: Array) -> float:
        return super().added(self.y)


@pytest.mark.right_component(AddsLossConfig())
def test_a_layer_that_adds_to_the_loss_passes() -> None:
    check_layer(AddsLossConfig(), input_shape=(3,))


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (AddsWithoutGradientConfig(), "input_gradient"),
        (AddsSumConfig(), "added_loss_is_a_mean"),
        (AddsMeanOfPartConfig(), "added_loss_is_a_mean"),
        (AddsInEvaluationConfig(), "added_loss_is_a_mean"),
        (AddsTwiceConfig(), "added_loss_is_a_mean"),
        (AddsNotANumberConfig(), "outputs_finite"),
        (AddsHalfItsGradientConfig(), "input_gradient"),
        (AddsAllSoFarConfig(), "training_is_repeatable"),
        (AddsRowsOfOtherBatchesConfig(), "short_batch"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, SquareConfig) else "",
)
def test_a_layer_that_adds_wrongly_to_the_loss_is_caught(config: SquareConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: layer '{config.type_name()}'"):
        check_layer(config, input_shape=(3,))


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


@pytest.mark.wrong_component
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
