from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.squared_hinge import SquaredHingeConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_loss
from layerkit.testing.loss import check_loss


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("output", "target"),
    [
        ((1,), ClassTarget(2)),
        ((), ClassTarget(2)),
        ((4,), ClassTarget(4)),
        ((5, 1), ClassTarget(2, shape=(5,))),
        ((5, 3), ClassTarget(3, shape=(5,))),
    ],
)
def test_keeps_the_contract_of_losses(
    output: Shape, target: ClassTarget, *, weighted: bool
) -> None:
    class_weights = (0.5, *[2.0] * (target.classes - 1)) if weighted else None
    check_loss(SquaredHingeConfig(class_weights=class_weights), output_shape=output, target=target)


def test_of_two_classes_the_output_is_to_be_beyond_one_on_the_side_of_the_class() -> None:
    loss = build_loss(SquaredHingeConfig(), output_shape=(1,), target=ClassTarget(2))
    outputs, labels, out = np.array([[0.5], [2.0], [1.5]]), np.array([1, 0, 1]), np.zeros((3, 1))
    value = loss.gradient(outputs, labels, np.array([4.0, 3.0, 2.0]), out)
    assert value == 4 * 0.25 + 3 * 9
    np.testing.assert_array_equal(out, [[-4 * 2 * 0.5], [3 * 2 * 3], [0]])


def test_of_more_classes_the_label_is_to_be_ahead_of_every_other_by_one() -> None:
    loss = build_loss(SquaredHingeConfig(), output_shape=(4,), target=ClassTarget(4))
    outputs, out = np.array([[0.5, 1.0, 2.5, -3.0]]), np.zeros((1, 4))
    value = loss.gradient(outputs, np.array([1]), np.array([8.0]), out)
    assert value == 8 * (0.25 + 6.25) / 4
    np.testing.assert_array_equal(out, [[2 * 2 * 0.5, -2 * 2 * 3, 2 * 2 * 2.5, 0]])


def test_predicts_scores_for_each_class() -> None:
    loss = build_loss(SquaredHingeConfig(), output_shape=(1,), target=ClassTarget(2))
    predicted = np.zeros((2, 2))
    loss.predict(np.array([[0.5], [-2.0]]), predicted)
    np.testing.assert_array_equal(predicted, [[-0.5, 0.5], [2, -2]])
    assert not loss.context.plan.probabilities


def test_refuses_outputs_and_targets_that_do_not_fit() -> None:
    config = SquaredHingeConfig()
    with pytest.raises(ShapeError, match=r"shape \(1,\), one number for two classes"):
        config.plan((2,), ClassTarget(2))
    with pytest.raises(ShapeError, match=r"shape \(3,\), one number per class"):
        config.plan((1,), ClassTarget(3))
    with pytest.raises(ShapeError, match="expects class indices as targets"):
        config.plan((3,), VectorTarget((3,)))
    with pytest.raises(ShapeError, match="expects 2 class weights"):
        SquaredHingeConfig(class_weights=(1.0, 1.0, 1.0)).plan((1,), ClassTarget(2))
