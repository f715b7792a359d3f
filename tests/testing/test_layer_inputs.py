"""`check_layer` finds layers whose configs say of their inputs what is not so."""

from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_inputs import Missing, PassedInputs
from layerkit.contracts.layer_plan import LayerPlan
from layerkit.testing.layer import check_layer


class FillingConfig(LayerConfig):
    """Puts 1 in place of missing values."""

    type: Literal["filling"] = "filling"
    wrong: Literal["", "forward", "evaluation", "gradient", "passed", "fill"] = ""

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x)

    def missing_values(self) -> Missing:
        return "fills"

    def passed_inputs(self, x: Shape) -> PassedInputs:
        positions = list(range(int(np.prod(x))))
        if self.wrong == "passed":
            positions.reverse()
        return PassedInputs(positions, 2.0 if self.wrong == "fill" else 1.0)


@final
class Filling(Layer[FillingConfig]):
    def __init__(self, config: FillingConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.buffer(context.output_shape)
        self._missing = np.zeros(self._y.shape, np.bool_)

    def forward(self, x: Array, *, training: bool) -> Array:
        y, missing = self._y[: len(x)], self._missing[: len(x)]
        np.isnan(x, out=missing)
        np.copyto(y, x)
        if self.config.wrong != "forward" and (training or self.config.wrong != "evaluation"):
            np.copyto(y, 1, where=missing)
        return y

    def backward(self, dy: Array) -> Array | None:
        if self.context.input_grad is None:
            return None
        if self.config.wrong != "gradient":
            np.copyto(dy, 0, where=self._missing[: len(dy)])
        return dy


@pytest.mark.right_component(FillingConfig())
def test_a_layer_that_fills_missing_values_passes() -> None:
    check_layer(FillingConfig(), input_shape=(4,))


FILLED = "missing_values_filled: .*"


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (
            FillingConfig(wrong="forward"),
            f"{FILLED} outputs for inputs with nan, in evaluation",
        ),
        (
            FillingConfig(wrong="evaluation"),
            f"{FILLED} outputs for inputs with nan, in evaluation",
        ),
        (
            FillingConfig(wrong="gradient"),
            f"{FILLED} gradient with respect to inputs that are nan",
        ),
        (FillingConfig(wrong="passed"), "inputs_passed: .* inputs passed on in evaluation"),
        (FillingConfig(wrong="fill"), "inputs_passed: .* inputs passed on in evaluation"),
    ],
)
def test_a_layer_that_does_not_do_what_it_says_is_found(layer: FillingConfig, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_layer(layer, input_shape=(4,))
