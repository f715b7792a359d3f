from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.mean_squared_error import MeanSquaredErrorConfig
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
from layerkit.contracts.dataset import ClassTarget, Target, VectorTarget
from layerkit.contracts.loss import LossConfig
from layerkit.contracts.output import OutputContext
from layerkit.engine.item_weights import ItemWeights


def item_weights(config: LossConfig, output: Shape, target: Target) -> ItemWeights:
    plan = config.plan(output, target)
    context = OutputContext(output, target, plan, 4, np.dtype(np.float64))
    return ItemWeights(config.build(context), context)


def test_without_any_weights_every_example_counts_the_same_whatever_came_before() -> None:
    weights = item_weights(SoftmaxCrossEntropyConfig(), (2,), ClassTarget(2))
    labels = np.zeros(4, np.int64)
    for n in (4, 2, 4):
        np.testing.assert_array_equal(weights.mean(labels[:n], None, None), np.full(n, 1 / n))
    weights.plain(4, None, None)
    np.testing.assert_array_equal(weights.mean(labels, None, None), np.full(4, 1 / 4))
    weights.mean(labels[:2], np.array([1.0, 3.0]), None)
    np.testing.assert_array_equal(weights.mean(labels[:2], None, None), np.full(2, 1 / 2))


def test_examples_and_classes_are_multiplied_and_add_up_to_one() -> None:
    config = SoftmaxCrossEntropyConfig(class_weights=(1.0, 3.0))
    weights = item_weights(config, (2,), ClassTarget(2))
    found = weights.mean(np.array([0, 1, 1]), np.array([2.0, 1.0, 0.0]), None)
    assert found == pytest.approx(np.array([2, 3, 0]) / 5)


def test_a_batch_that_weighs_nothing_stays_at_nothing() -> None:
    weights = item_weights(SoftmaxCrossEntropyConfig(), (2,), ClassTarget(2))
    found = weights.mean(np.array([0, 1]), np.zeros(2), None)
    np.testing.assert_array_equal(found, np.zeros(2))


def test_a_mask_leaves_the_steps_that_count() -> None:
    weights = item_weights(SoftmaxCrossEntropyConfig(), (3, 2), ClassTarget(2, shape=(3,)))
    mask = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
    found = weights.mean(np.zeros((2, 3), np.int64), np.array([1.0, 2.0]), mask)
    assert found == pytest.approx(np.array([[1, 1, 0], [2, 0, 0]]) / 4)


def test_a_mask_reaches_every_loss_of_a_step() -> None:
    shape = (3, 2, 5)  # time, rows, columns: a loss for every row of every step
    weights = item_weights(MeanSquaredErrorConfig(), shape, VectorTarget(shape))
    mask = np.array([[1.0, 0.0, 1.0]] * 4)
    found = weights.mean(np.zeros((2, *shape)), None, mask)
    assert found == pytest.approx(np.repeat(mask[:2, :, np.newaxis], 2, axis=2) / 8)


def test_a_mask_of_other_steps_than_those_of_the_loss_is_left_alone() -> None:
    weights = item_weights(SoftmaxCrossEntropyConfig(), (2,), ClassTarget(2))
    mask = np.zeros((4, 3))
    assert not weights.takes_mask(mask)
    np.testing.assert_array_equal(weights.mean(np.array([0, 1]), None, mask), [0.5, 0.5])
