from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.accuracy import AccuracyConfig
from layerkit.builtin.mean_squared_error import MeanSquaredErrorConfig
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
from layerkit.contracts.dataset import ClassTarget, Target, VectorTarget
from layerkit.contracts.loss import LossConfig
from layerkit.contracts.output import LossPlan
from layerkit.testing.output_case import (
    Arguments,
    OutputCase,
    accepts_outputs,
    refuses_other_outputs,
    refuses_other_targets,
)


def case_of(target: Target, shape: Shape = (3,)) -> OutputCase[LossConfig]:
    return OutputCase(SoftmaxCrossEntropyConfig(), shape, target, (5,), seed=0)


def test_outputs_keep_away_from_targets_of_their_shape() -> None:
    case = OutputCase(MeanSquaredErrorConfig(), (3,), VectorTarget((3,)), (50,), seed=0)
    assert np.abs(case.outputs(50) - case.targets(50)).min() >= 0.0499


def test_a_metric_of_classes_is_checked_with_probabilities() -> None:
    case = OutputCase(AccuracyConfig(), (4, 3), ClassTarget(3, shape=(4,)), (5,), seed=0)
    assert case.outputs(5).min() > 0
    assert case.outputs(5).sum(axis=-1) == pytest.approx(np.ones((5, 4)))


def test_weights_have_the_shape_of_the_losses_and_nothing_is_equal_or_zero() -> None:
    assert case_of(ClassTarget(3)).weights(5).shape == (5,)
    weights = case_of(ClassTarget(3, shape=(4,)), (4, 3)).weights(5)
    assert weights.shape == (5, 4)
    assert np.unique(weights).size == 20
    assert weights.min() > 0
    of_metric = OutputCase(AccuracyConfig(), (4, 3), ClassTarget(3, shape=(4,)), (5,), seed=0)
    assert of_metric.context(5).plan == LossPlan((4, 3), (4,))


def test_a_fitting_case_is_accepted_and_one_class_more_refused() -> None:
    accepts_outputs(case_of(ClassTarget(3)))
    refuses_other_outputs(case_of(ClassTarget(3)))
    refuses_other_targets(case_of(ClassTarget(3)))


def test_targets_of_another_kind_may_be_taken() -> None:
    class AnyTargetConfig(LossConfig):
        type: Literal["any_target"] = "any_target"

        def plan(self, output: Shape, target: Target) -> LossPlan:
            return LossPlan(output)

    refuses_other_targets(OutputCase(AnyTargetConfig(), (3,), ClassTarget(3), (5,), seed=0))


def test_a_written_target_is_noticed() -> None:
    given = Arguments.of(case_of(ClassTarget(3)))
    given.expect_untouched("nothing")
    given.targets[...] = 7
    with pytest.raises(AssertionError, match=r"targets after value: .*found 7; 5 values differ"):
        given.expect_untouched("value")


def test_a_written_weight_is_noticed() -> None:
    given = Arguments.of(case_of(ClassTarget(3)))
    given.weights[2] = 0
    with pytest.raises(AssertionError, match=r"weights after value: .*at \(2,\); 1 of 5"):
        given.expect_untouched("value")
