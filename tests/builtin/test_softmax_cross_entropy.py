from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropy, SoftmaxCrossEntropyConfig
from layerkit.contracts.dataset import ClassTarget, Target, VectorTarget
from layerkit.contracts.output import LossPlan
from layerkit.errors import DataError, ShapeError
from layerkit.testing.build import build_loss
from layerkit.testing.loss import check_loss

LOGITS = np.log(np.array([[1.0, 2.0, 5.0], [3.0, 3.0, 2.0]]))
P = np.array([[1 / 8, 2 / 8, 5 / 8], [3 / 8, 3 / 8, 2 / 8]])
LABELS = np.array([2, 0])
WEIGHTS = np.array([0.5, 0.25])


def loss_of_three_classes(
    config: SoftmaxCrossEntropyConfig | None = None, target: Target | None = None
) -> SoftmaxCrossEntropy:
    target = target or ClassTarget(3)
    loss = build_loss(
        config or SoftmaxCrossEntropyConfig(), output_shape=(*target.shape, 3), target=target
    )
    assert isinstance(loss, SoftmaxCrossEntropy)
    return loss


@pytest.mark.parametrize("classes", [1, 2, 10])
def test_keeps_the_contract_of_losses(classes: int) -> None:
    check_loss("softmax_cross_entropy", output_shape=(classes,), target=ClassTarget(classes))


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1])
@pytest.mark.parametrize("class_weights", [None, (0.5, 2.0, 0.0)])
@pytest.mark.parametrize("steps", [(), (4,), (2, 3)])
def test_keeps_the_contract_of_losses_whatever_its_options(
    label_smoothing: float, class_weights: tuple[float, ...] | None, steps: tuple[int, ...]
) -> None:
    config = SoftmaxCrossEntropyConfig(label_smoothing=label_smoothing, class_weights=class_weights)
    check_loss(config, output_shape=(*steps, 3), target=ClassTarget(3, shape=steps))


def test_value_is_the_weighted_sum_of_negative_log_probabilities_of_the_labels() -> None:
    value = loss_of_three_classes().value(LOGITS, LABELS, WEIGHTS)
    assert value == pytest.approx(-(math.log(5 / 8) / 2 + math.log(3 / 8) / 4), rel=1e-14)


def test_gradient_is_probabilities_less_one_at_the_label_times_the_weight() -> None:
    out = np.zeros((2, 3))
    loss_of_three_classes().gradient(LOGITS, LABELS, WEIGHTS, out)
    expected = np.array([[1 / 16, 2 / 16, -3 / 16], [-5 / 32, 3 / 32, 2 / 32]])
    assert out == pytest.approx(expected, rel=1e-14)


def test_predicts_probabilities() -> None:
    out = np.zeros((2, 3))
    loss_of_three_classes().predict(LOGITS, out)
    assert out == pytest.approx(P, rel=1e-14)


def test_smoothing_spreads_a_part_of_the_label_over_all_classes() -> None:
    loss = loss_of_three_classes(SoftmaxCrossEntropyConfig(label_smoothing=0.3))
    q = np.array([[0.1, 0.1, 0.8], [0.8, 0.1, 0.1]])
    out = np.zeros((2, 3))
    value = loss.gradient(LOGITS, LABELS, WEIGHTS, out)
    assert value == pytest.approx(-np.sum(WEIGHTS * np.sum(q * np.log(P), axis=1)), rel=1e-14)
    assert out == pytest.approx(WEIGHTS[:, np.newaxis] * (P - q), rel=1e-13)


def test_classes_weigh_what_the_spec_says() -> None:
    loss = loss_of_three_classes(SoftmaxCrossEntropyConfig(class_weights=(2.0, 0.0, 0.5)))
    weights = WEIGHTS.copy()
    loss.weigh(LABELS, weights)
    np.testing.assert_array_equal(weights, [0.25, 0.5])
    assert loss.weighs
    assert not loss_of_three_classes().weighs


def test_there_is_a_loss_for_every_step_where_there_is_a_class_for_every_step() -> None:
    target = ClassTarget(3, shape=(2,))
    assert SoftmaxCrossEntropyConfig().plan((2, 3), target) == LossPlan(
        (2, 3), (2,), probabilities=True
    )
    loss, plain = loss_of_three_classes(target=target), loss_of_three_classes()
    outputs, labels = np.stack([LOGITS, LOGITS[::-1]]), np.array([[2, 0], [1, 2]])
    weights = np.array([[0.1, 0.2], [0.3, 0.4]])
    out, expected = np.zeros((2, 2, 3)), np.zeros((4, 3))
    value = loss.gradient(outputs, labels, weights, out)
    rows = outputs.reshape(4, 3)
    of_rows = plain.gradient(rows, labels.reshape(4), weights.reshape(4), expected)
    assert value == pytest.approx(of_rows, rel=1e-14)
    np.testing.assert_array_equal(out, expected.reshape(2, 2, 3))
    predicted = np.zeros((2, 2, 3))
    loss.predict(outputs, predicted)
    assert predicted == pytest.approx(np.stack([P, P[::-1]]), rel=1e-14)


def test_a_constant_added_to_all_logits_changes_nothing() -> None:
    loss = loss_of_three_classes()
    value = loss.value(LOGITS, LABELS, WEIGHTS)
    assert loss.value(LOGITS + 1e3, LABELS, WEIGHTS) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_a_hopeless_example_costs_its_distance_in_logits(smoothing: float) -> None:
    logits, one = np.array([[1e4, 0.0, 0.0]]), np.ones(1)
    loss = loss_of_three_classes(SoftmaxCrossEntropyConfig(label_smoothing=smoothing))
    expected = 1e4 * (1 - smoothing / 3)
    assert loss.value(logits, np.array([1]), one) == pytest.approx(expected)


def test_extreme_logits_raise_no_floating_point_error() -> None:
    loss = loss_of_three_classes()
    logits = np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4]])
    with np.errstate(all="raise", under="ignore"):
        value = loss.gradient(logits, np.array([1, 0]), WEIGHTS, np.zeros((2, 3)))
        loss.predict(logits, np.zeros((2, 3)))
    assert value == pytest.approx(0.5 * 2e4 + 0.25 * math.log(3))


def test_refuses_a_network_that_does_not_end_in_one_number_per_class() -> None:
    with pytest.raises(ShapeError, match=r"\(10,\), one number per class"):
        SoftmaxCrossEntropyConfig().plan((7,), ClassTarget(10))
    with pytest.raises(ShapeError, match=r"\(4, 10\), one number per class"):
        SoftmaxCrossEntropyConfig().plan((10,), ClassTarget(10, shape=(4,)))


def test_refuses_targets_that_are_neither_classes_nor_distributions() -> None:
    with pytest.raises(ShapeError, match=r"expects targets of at least two probabilities"):
        SoftmaxCrossEntropyConfig().plan((1,), VectorTarget(()))
    with pytest.raises(DataError, match=r"expected class indices \(int64\)"):
        loss_of_three_classes().value(LOGITS, np.zeros(2), WEIGHTS)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 4, 3)])
def test_keeps_the_contract_on_soft_targets(shape: tuple[int, ...], smoothing: float) -> None:
    config = SoftmaxCrossEntropyConfig(label_smoothing=smoothing)
    check_loss(config, output_shape=shape, target=VectorTarget(shape))


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_one_hot_targets_are_those_of_the_labels(smoothing: float) -> None:
    config = SoftmaxCrossEntropyConfig(label_smoothing=smoothing)
    soft = build_loss(config, output_shape=(3,), target=VectorTarget((3,)))
    hard = build_loss(config, output_shape=(3,), target=ClassTarget(3))
    labels, found, expected = np.array([2, 0]), np.zeros((2, 3)), np.zeros((2, 3))
    value = hard.gradient(LOGITS, labels, WEIGHTS, expected)
    assert soft.gradient(LOGITS, np.eye(3)[labels], WEIGHTS, found) == pytest.approx(value)
    assert soft.value(LOGITS, np.eye(3)[labels], WEIGHTS) == pytest.approx(value)
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-16)


def test_soft_targets_are_probabilities_and_have_no_class_weights() -> None:
    target = VectorTarget((3,))
    loss = build_loss(SoftmaxCrossEntropyConfig(), output_shape=(3,), target=target)
    with pytest.raises(DataError, match="probabilities from 0 to 1 as targets, found -2"):
        loss.value(LOGITS, np.array([[1.0, 0, 0], [3.0, -2.0, 0]]), WEIGHTS)
    with pytest.raises(ShapeError, match="class_weights only for class indices"):
        SoftmaxCrossEntropyConfig(class_weights=(1.0, 1.0, 2.0)).plan((3,), target)


@pytest.mark.parametrize("weights", [(1.0, 2.0), (0.0, 0.0, 0.0), ()])
def test_refuses_class_weights_that_do_not_fit_or_are_all_zero(weights: tuple[float, ...]) -> None:
    config = SoftmaxCrossEntropyConfig(class_weights=weights)
    with pytest.raises(ShapeError, match=r"expects 3 class weights, .* found \[") as caught:
        config.plan((3,), ClassTarget(3))
    assert caught.value.at == ("class_weights",)


def test_refuses_options_out_of_range() -> None:
    for options in ({"label_smoothing": 1.0}, {"label_smoothing": -0.1}, {"class_weights": [-1.0]}):
        with pytest.raises(ValidationError):
            SoftmaxCrossEntropyConfig.model_validate(options)
