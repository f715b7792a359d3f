from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape
from layerkit.builtin.zeros import ZerosConfig
from layerkit.contracts.initializer import Fan
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_plan import LayerPlan, ParameterPlan, StatePlan
from layerkit.testing.layer import check_layer

from .right_layers import Doubling, DoublingConfig


class RightConfig(DoublingConfig):
    type: Literal["right"] = "right"


@final
class Right(Doubling[RightConfig]):
    pass


class WritesInputConfig(DoublingConfig):
    type: Literal["writes_input"] = "writes_input"


@final
class WritesInput(Doubling[WritesInputConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        if training:
            np.multiply(x, 2, out=x)
            return x
        return super().forward(x, training=training)


class WritesInputInEvaluationConfig(DoublingConfig):
    type: Literal["writes_input_in_evaluation"] = "writes_input_in_evaluation"


@final
class WritesInputInEvaluation(Doubling[WritesInputInEvaluationConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        y = super().forward(x, training=training)
        if not training:
            x.fill(0)
        return y


class WritesInputInBackwardConfig(DoublingConfig):
    type: Literal["writes_input_in_backward"] = "writes_input_in_backward"


@final
class WritesInputInBackward(Doubling[WritesInputInBackwardConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        self._x = x
        return super().forward(x, training=training)

    def backward(self, dy: Array) -> Array | None:
        np.multiply(dy, 2, out=self._x)
        return None if self.context.input_grad is None else self._x


class WidensConfig(DoublingConfig):
    type: Literal["widens"] = "widens"


@final
class Widens(Doubling[WidensConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        return super().forward(x, training=training).astype(np.float64)


class PlansAnAxisTooManyConfig(DoublingConfig):
    type: Literal["plans_an_axis_too_many"] = "plans_an_axis_too_many"

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan((*x, 1))


@final
class PlansAnAxisTooMany(Doubling[PlansAnAxisTooManyConfig]):
    pass


class SqueezesConfig(DoublingConfig):
    type: Literal["squeezes"] = "squeezes"


@final
class Squeezes(Doubling[SqueezesConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        return np.squeeze(super().forward(x, training=training))


class DrawsInEvaluationConfig(DoublingConfig):
    type: Literal["draws_in_evaluation"] = "draws_in_evaluation"


@final
class DrawsInEvaluation(Doubling[DrawsInEvaluationConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        self.context.rng.random()
        return super().forward(x, training=training)


class CountsCallsConfig(DoublingConfig):
    type: Literal["counts_calls"] = "counts_calls"


@final
class CountsCalls(Doubling[CountsCallsConfig]):
    def __init__(self, config: CountsCallsConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._calls = 0

    def forward(self, x: Array, *, training: bool) -> Array:
        self._calls += 1
        y = super().forward(x, training=training)
        np.divide(y, self._calls, out=y)
        return y


class WritesParametersConfig(DoublingConfig):
    type: Literal["writes_parameters"] = "writes_parameters"

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x, {"weight": ParameterPlan((3,), ZerosConfig(), Fan(1, 1))})


@final
class WritesParameters(Doubling[WritesParametersConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        weight = self.context.params["weight"].value
        np.divide(weight, np.linalg.norm(weight), out=weight)
        return super().forward(x, training=training)


class WritesStateInEvaluationConfig(DoublingConfig):
    type: Literal["writes_state_in_evaluation"] = "writes_state_in_evaluation"

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x, state={"mean": StatePlan(x)})


@final
class WritesStateInEvaluation(Doubling[WritesStateInEvaluationConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        np.mean(x, axis=0, out=self.context.state["mean"])
        return super().forward(x, training=training)


class LeavesTheNumbersConfig(DoublingConfig):
    type: Literal["leaves_the_numbers"] = "leaves_the_numbers"


@final
class LeavesTheNumbers(Doubling[LeavesTheNumbersConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        y = super().forward(x, training=training)
        y[0] = np.inf
        return y


class RoundsConfig(DoublingConfig):
    type: Literal["rounds"] = "rounds"


@final
class Rounds(Doubling[RoundsConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        y = super().forward(x, training=training)
        if y.dtype == np.float32:
            np.round(y, 2, out=y)
        return y


@pytest.mark.right_component(RightConfig())
def test_a_right_layer_passes() -> None:
    check_layer(RightConfig(), input_shape=(7,))


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (WritesInputConfig(), "input_untouched"),
        (WritesInputInEvaluationConfig(), "input_untouched"),
        (WritesInputInBackwardConfig(), "input_untouched"),
        (WidensConfig(), "output_dtype"),
        (PlansAnAxisTooManyConfig(), "output_shape"),
        (SqueezesConfig(), "output_shape"),
        (DrawsInEvaluationConfig(), "evaluation_is_repeatable"),
        (CountsCallsConfig(), "evaluation_is_repeatable"),
        (WritesParametersConfig(), "parameters_untouched"),
        (WritesStateInEvaluationConfig(), "evaluation_keeps_state"),
        (LeavesTheNumbersConfig(), "outputs_finite"),
        (RoundsConfig(), "float32_agrees_with_float64"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LayerConfig) else None,
)
def test_a_wrong_forward_pass_is_caught_by_name(config: LayerConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: layer '{config.type_name()}'"):
        check_layer(config, input_shape=(7,))


def test_a_failure_says_what_was_expected_and_found_where() -> None:
    with pytest.raises(AssertionError) as failure:
        check_layer(PlansAnAxisTooManyConfig(), input_shape=(7,))
    assert str(failure.value) == (
        "output_shape: layer 'plans_an_axis_too_many' on (7,): "
        "outputs in training: expected (1, 7, 1), found (1, 7)"
    )
