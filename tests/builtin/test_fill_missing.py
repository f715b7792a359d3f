from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Shape
from layerkit.builtin.fill_missing import FillMissingConfig
from layerkit.contracts.layer_inputs import PassedInputs
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer
from tests.helpers.fitting import fitted, slopes

NAN = float("nan")
X = np.array([[1.0, NAN], [NAN, 8.0], [2.0, 8.0], [6.0, NAN], [NAN, 2.0]])
NEW = np.array([[NAN, NAN], [5.0, NAN], [NAN, 7.0]])


@pytest.mark.parametrize("shape", [(7,), (1,), (3, 5), (2, 3, 2)])
@pytest.mark.parametrize("indicator", [False, True])
@pytest.mark.parametrize("strategy", ["mean", "median", "constant"])
def test_keeps_the_contract_of_layers(shape: Shape, strategy: str, indicator: bool) -> None:
    value = {"value": -2.0} if strategy == "constant" else {}
    layer = {"type": "fill_missing", "strategy": strategy, "indicator": indicator, **value}
    check_layer(layer, input_shape=shape)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("size", [1, 2, 10])
@pytest.mark.parametrize(
    ("layer", "fill"),
    [
        (FillMissingConfig(), [3.0, 6.0]),
        (FillMissingConfig(strategy="median"), [2.0, 8.0]),
        (FillMissingConfig(strategy="constant", value=-1), [-1.0, -1.0]),
        (FillMissingConfig(strategy="constant", value=0), [0.0, 0.0]),
    ],
)
def test_fills_with_a_number_of_the_training_examples(
    layer: FillMissingConfig, fill: list[float], size: int, training: bool
) -> None:
    first, second = fill
    y = fitted(layer, X, size).forward(NEW, training=training)
    assert y.tolist() == [[first, second], [5.0, second], [first, 7.0]]


def test_an_indicator_says_what_was_missing() -> None:
    y = fitted(FillMissingConfig(indicator=True), X).forward(NEW, training=True)
    assert y.tolist() == [[3.0, 6.0, 1.0, 1.0], [5.0, 6.0, 0.0, 1.0], [3.0, 7.0, 1.0, 0.0]]


@pytest.mark.parametrize("indicator", [False, True])
def test_what_is_missing_has_no_gradient(indicator: bool) -> None:
    layer = fitted(FillMissingConfig(indicator=indicator), X)
    assert slopes(layer, NEW).tolist() == [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize("strategy", ["mean", "median"])
@pytest.mark.filterwarnings("error")
def test_a_feature_without_any_value_is_filled_with_0(strategy: str) -> None:
    layer = fitted({"type": "fill_missing", "strategy": strategy}, np.full((4, 1), NAN))
    assert layer.forward(np.array([[NAN], [3.0]]), training=False).tolist() == [[0.0], [3.0]]


def test_steps_that_are_padding_do_not_count() -> None:
    x = np.array([[[1.0], [99.0]], [[5.0], [NAN]]])
    layer = fitted("fill_missing", x, 2, mask=np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert layer.context.state["fill"].tolist() == [3.0]


def test_fills_with_0_before_it_has_adapted() -> None:
    layer = build_layer(FillMissingConfig(), input_shape=(2,))
    assert layer.forward(np.array([[3.0, NAN]]), training=False).tolist() == [[3.0, 0.0]]


def test_ids_stay_ids_with_a_constant_and_without_an_indicator() -> None:
    constant = FillMissingConfig(strategy="constant", value=2)
    assert constant.passed_inputs((3,)) == PassedInputs((0, 1, 2), 2.0)
    for other in (FillMissingConfig(), FillMissingConfig(strategy="median")):
        assert other.passed_inputs((3,)) is None
    assert constant.model_copy(update={"indicator": True}).passed_inputs((3,)) is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"strategy": "constant"}, "expected a value for the strategy 'constant'"),
        ({"value": 3.0}, "expected no value for the strategy 'mean', found 3"),
        ({"strategy": "constant", "value": NAN}, "value"),
    ],
)
def test_a_value_goes_with_a_constant_alone(options: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        FillMissingConfig.model_validate(options)


def test_refuses_a_single_number() -> None:
    with pytest.raises(ShapeError, match=r"expects an axis of features.* found \(\)"):
        FillMissingConfig().plan(())
