from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array, FloatType, Shape
from layerkit.builtin.binary_cross_entropy import BinaryCrossEntropyConfig
from layerkit.contracts.dataset import ClassTarget, Target, VectorTarget
from layerkit.contracts.loss import Loss, LossConfig
from layerkit.contracts.output import LossPlan
from layerkit.errors import ShapeError
from layerkit.testing.build import build_loss
from layerkit.testing.loss import check_loss

P = np.array([0.2, 0.75])
LOGITS = np.log(P / (1 - P))[:, np.newaxis]
LABELS = np.array([0, 1])
WEIGHTS = np.array([0.5, 2.0])
TWO = ClassTarget(2)


def of_two_classes(config: BinaryCrossEntropyConfig | None = None) -> Loss[LossConfig]:
    return build_loss(config or BinaryCrossEntropyConfig(), output_shape=(1,), target=TWO)


@pytest.mark.parametrize(
    ("output", "target"),
    [
        ((1,), TWO),
        ((), TWO),
        ((4, 1), ClassTarget(2, shape=(4,))),
        ((4,), ClassTarget(2, shape=(4,))),
        ((3,), VectorTarget((3,))),
        ((1,), VectorTarget(())),
        ((4, 3), VectorTarget((4, 3))),
    ],
)
@pytest.mark.parametrize("label_smoothing", [0.0, 0.2])
def test_keeps_the_contract_of_losses(
    output: Shape, target: Target, label_smoothing: float
) -> None:
    config = BinaryCrossEntropyConfig(label_smoothing=label_smoothing)
    check_loss(config, output_shape=output, target=target)


def test_keeps_the_contract_of_losses_with_weights_of_classes_and_labels() -> None:
    config = BinaryCrossEntropyConfig(class_weights=(0.5, 3.0))
    check_loss(config, output_shape=(1,), target=TWO)
    config = BinaryCrossEntropyConfig(positive_weights=(0.5, 3.0, 1.0), label_smoothing=0.1)
    check_loss(config, output_shape=(4, 3), target=VectorTarget((4, 3)))


def test_value_and_gradient_of_one_logit_for_two_classes() -> None:
    out = np.zeros((2, 1))
    value = of_two_classes().gradient(LOGITS, LABELS, WEIGHTS, out)
    assert value == pytest.approx(-0.5 * math.log(0.8) - 2 * math.log(0.75), rel=1e-14)
    assert out == pytest.approx(np.array([[0.5 * 0.2], [2 * -0.25]]), rel=1e-14)


def test_predicts_one_probability_per_class() -> None:
    assert BinaryCrossEntropyConfig().plan((1,), TWO) == LossPlan((2,), probabilities=True)
    predicted = np.zeros((2, 2))
    of_two_classes().predict(LOGITS, predicted)
    assert predicted == pytest.approx(np.array([[0.8, 0.2], [0.25, 0.75]]), rel=1e-14)


def test_both_probabilities_are_exact_however_small() -> None:
    predicted = np.zeros((2, 2))
    of_two_classes().predict(np.array([[50.0], [-50.0]]), predicted)
    tiny = math.exp(-50)
    assert predicted == pytest.approx(np.array([[tiny, 1], [1, tiny]]), rel=1e-14)


def test_the_loss_of_several_labels_is_their_mean() -> None:
    config, target = BinaryCrossEntropyConfig(), VectorTarget((2,))
    assert config.plan((2,), target) == LossPlan((2,), probabilities=True)
    loss = build_loss(config, output_shape=(2,), target=target)
    out, predicted = np.zeros((1, 2)), np.zeros((1, 2))
    value = loss.gradient(LOGITS.T, np.array([[0.0, 1.0]]), np.array([3.0]), out)
    assert value == pytest.approx(-3 * (math.log(0.8) + math.log(0.75)) / 2, rel=1e-14)
    assert out == pytest.approx(np.array([[3 * 0.2 / 2, 3 * -0.25 / 2]]), rel=1e-14)
    loss.predict(LOGITS.T, predicted)
    assert predicted == pytest.approx(P[np.newaxis], rel=1e-14)


def test_smoothing_moves_targets_towards_one_half() -> None:
    loss = of_two_classes(BinaryCrossEntropyConfig(label_smoothing=0.2))
    q, out = np.array([0.1, 0.9]), np.zeros((2, 1))
    value = loss.gradient(LOGITS, LABELS, WEIGHTS, out)
    losses = -q * np.log(P) - (1 - q) * np.log(1 - P)
    assert value == pytest.approx(float(WEIGHTS @ losses), rel=1e-14)
    assert out[:, 0] == pytest.approx(WEIGHTS * (P - q), rel=1e-13)


def test_the_two_classes_weigh_what_the_spec_says() -> None:
    loss, weights = of_two_classes(BinaryCrossEntropyConfig(class_weights=(3.0, 0.5))), WEIGHTS + 0
    loss.weigh(LABELS, weights)
    np.testing.assert_array_equal(weights, [1.5, 1.0])
    assert loss.weighs
    assert not of_two_classes().weighs


def test_a_positive_weight_is_a_factor_of_the_term_of_the_positive_label() -> None:
    config = BinaryCrossEntropyConfig(positive_weights=(3.0, 0.5))
    loss = build_loss(config, output_shape=(2,), target=VectorTarget((2,)))
    one = np.ones(1)
    positive = loss.value(LOGITS.T, np.array([[1.0, 1.0]]), one)
    assert positive == pytest.approx(-(3 * math.log(0.2) + 0.5 * math.log(0.75)) / 2, rel=1e-14)
    negative = loss.value(LOGITS.T, np.array([[0.0, 0.0]]), one)
    assert negative == pytest.approx(-(math.log(0.8) + math.log(0.25)) / 2, rel=1e-14)


@pytest.mark.parametrize("dtype", [np.dtype(np.float32), np.dtype(np.float64)], ids=str)
def test_extreme_logits_cost_their_distance_and_raise_no_floating_point_error(
    dtype: FloatType,
) -> None:
    loss = build_loss(BinaryCrossEntropyConfig(), output_shape=(1,), target=TWO, dtype=dtype)
    logits: Array = np.zeros((4, 1), dtype)
    logits[:, 0] = 1e4, -1e4, 1e4, -1e4
    weights: Array = np.array([1.0, 2.0, 4.0, 8.0]).astype(dtype)
    labels = np.array([0, 0, 1, 1])
    out, predicted = np.zeros_like(logits), np.zeros((4, 2), dtype)
    with np.errstate(all="raise", under="ignore"):
        value = loss.gradient(logits, labels, weights, out)
        loss.predict(logits, predicted)
    assert value == 9e4
    np.testing.assert_array_equal(out[:, 0], [1, 0, 0, -8])
    np.testing.assert_array_equal(predicted, [[0, 1], [1, 0], [0, 1], [1, 0]])


def test_a_small_loss_is_exact_on_either_side() -> None:
    loss, one, tiny = of_two_classes(), np.ones(1), math.exp(-40)
    for logit, label in ((40.0, 1), (-40.0, 0)):
        found = loss.value(np.array([[logit]]), np.array([label]), one)
        assert found == pytest.approx(tiny, rel=1e-14)


def test_refuses_what_is_neither_two_classes_nor_labels() -> None:
    config = BinaryCrossEntropyConfig()
    with pytest.raises(ShapeError, match=r"expects two classes, found 10$") as raised:
        config.plan((10,), ClassTarget(10))
    assert raised.value.hint == "use softmax_cross_entropy"
    with pytest.raises(ShapeError, match=r"shape \(1,\), one logit .* found \(2,\): .* units = 1"):
        config.plan((2,), TWO)
    with pytest.raises(ShapeError, match=r"shape \(3,\), one number per value .* found \(4,\)"):
        config.plan((4,), VectorTarget((3,)))


def test_refuses_weights_that_do_not_fit() -> None:
    labels = VectorTarget((3,))
    with pytest.raises(ShapeError, match="expects 2 class weights") as caught:
        BinaryCrossEntropyConfig(class_weights=(1.0, 2.0, 3.0)).plan((1,), TWO)
    assert caught.value.at == ("class_weights",)
    with pytest.raises(ShapeError, match="use positive_weights"):
        BinaryCrossEntropyConfig(class_weights=(1.0, 2.0)).plan((3,), labels)
    with pytest.raises(ShapeError, match="use class_weights"):
        BinaryCrossEntropyConfig(positive_weights=(1.0,)).plan((1,), TWO)
    with pytest.raises(ShapeError, match=r"expects 3 positive weights, .* found 2") as caught:
        BinaryCrossEntropyConfig(positive_weights=(1.0, 2.0)).plan((3,), labels)
    assert caught.value.at == ("positive_weights",)


@pytest.mark.parametrize(
    "options",
    [{"label_smoothing": 1.0}, {"class_weights": [-1.0, 1.0]}, {"positive_weights": [0.0]}],
)
def test_refuses_options_out_of_range(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        BinaryCrossEntropyConfig.model_validate(options)
