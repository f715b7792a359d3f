from __future__ import annotations

import math

import numpy as np
import pytest

from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropy, SoftmaxCrossEntropyConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.contracts.output import OutputContext
from layerkit.errors import DataError, ShapeError
from layerkit.testing.loss import check_loss

LOGITS = np.log(np.array([[1.0, 2.0, 5.0], [3.0, 3.0, 2.0]]))
LABELS = np.array([2, 0])


def loss_of_three_classes() -> SoftmaxCrossEntropy:
    context = OutputContext((3,), ClassTarget(3), 4, np.dtype(np.float64))
    return SoftmaxCrossEntropy(SoftmaxCrossEntropyConfig(), context)


@pytest.mark.parametrize("classes", [2, 10])
def test_keeps_the_contract_of_losses(classes: int) -> None:
    check_loss("softmax_cross_entropy", output_shape=(classes,), target=ClassTarget(classes))


def test_value_is_the_mean_negative_log_probability_of_the_labels() -> None:
    value = loss_of_three_classes().value(LOGITS, LABELS)
    assert value == pytest.approx(-(math.log(5 / 8) + math.log(3 / 8)) / 2, rel=1e-14)


def test_gradient_is_probabilities_less_one_at_the_label_over_the_batch() -> None:
    out = np.zeros((2, 3))
    loss_of_three_classes().gradient(LOGITS, LABELS, out)
    expected = np.array([[1 / 8, 2 / 8, -3 / 8], [-5 / 8, 3 / 8, 2 / 8]]) / 2
    assert out == pytest.approx(expected, rel=1e-14)


def test_predicts_probabilities() -> None:
    out = np.zeros((2, 3))
    loss_of_three_classes().predict(LOGITS, out)
    expected = np.array([[1 / 8, 2 / 8, 5 / 8], [3 / 8, 3 / 8, 2 / 8]])
    assert out == pytest.approx(expected, rel=1e-14)


def test_a_constant_added_to_all_logits_changes_nothing() -> None:
    loss = loss_of_three_classes()
    assert loss.value(LOGITS + 1e3, LABELS) == pytest.approx(loss.value(LOGITS, LABELS), rel=1e-12)


def test_a_hopeless_example_costs_its_distance_in_logits() -> None:
    logits = np.array([[1e4, 0.0, 0.0]])
    assert loss_of_three_classes().value(logits, np.array([1])) == pytest.approx(1e4)


def test_refuses_a_network_that_does_not_end_in_one_number_per_class() -> None:
    with pytest.raises(ShapeError, match=r"\(10,\), one number per class .* units = 10"):
        SoftmaxCrossEntropyConfig().check((7,), ClassTarget(10))


def test_refuses_targets_that_are_not_classes() -> None:
    with pytest.raises(ShapeError, match=r"expects class indices as targets, found arrays of"):
        SoftmaxCrossEntropyConfig().check((3,), VectorTarget((3,)))
    with pytest.raises(DataError, match=r"expected class indices \(int64\)"):
        loss_of_three_classes().value(LOGITS, np.zeros(2))
