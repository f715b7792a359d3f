from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.testing.output_case import (
    Arguments,
    OutputCase,
    accepts_outputs,
    refuses_other_outputs,
)


def test_outputs_keep_away_from_targets_of_their_shape() -> None:
    case = OutputCase(SoftmaxCrossEntropyConfig(), (3,), VectorTarget((3,)), (50,), seed=0)
    assert np.abs(case.outputs(50) - case.targets(50)).min() >= 0.0499


def test_a_fitting_case_is_accepted_and_one_class_more_refused() -> None:
    case = OutputCase(SoftmaxCrossEntropyConfig(), (3,), ClassTarget(3), (5,), seed=0)
    accepts_outputs(case)
    refuses_other_outputs(case)


def test_a_written_target_is_noticed() -> None:
    case = OutputCase(SoftmaxCrossEntropyConfig(), (3,), ClassTarget(3), (5,), seed=0)
    given = Arguments.of(case)
    given.expect_untouched("nothing")
    given.targets[...] = 7
    with pytest.raises(AssertionError, match=r"targets after value: .*found 7; 5 values differ"):
        given.expect_untouched("value")
