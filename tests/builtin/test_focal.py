from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Shape
from layerkit.builtin.focal import FocalConfig
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
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
    check_loss(FocalConfig(class_weights=class_weights), output_shape=output, target=target)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_keeps_the_contract_whatever_its_options(gamma: float, smoothing: float) -> None:
    config = FocalConfig(gamma=gamma, label_smoothing=smoothing)
    check_loss(config, output_shape=(4,), target=ClassTarget(4))
    check_loss(config, output_shape=(1,), target=ClassTarget(2))


def test_an_example_counts_less_the_better_it_is_predicted() -> None:
    loss = build_loss(FocalConfig(gamma=2.0), output_shape=(1,), target=ClassTarget(2))
    logits = np.array([[math.log(3)], [math.log(3)]])
    value = loss.value(logits, np.array([1, 0]), np.array([1.0, 10.0]))
    expected = -(0.25**2) * math.log(0.75) - 10 * 0.75**2 * math.log(0.25)
    assert value == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_a_gamma_of_zero_is_the_cross_entropy(smoothing: float) -> None:
    logits, labels = np.random.default_rng(0).normal(size=(4, 3)), np.array([0, 2, 1, 1])
    found, expected = np.zeros((4, 3)), np.zeros((4, 3))
    focal = build_loss(
        FocalConfig(gamma=0.0, label_smoothing=smoothing), output_shape=(3,), target=ClassTarget(3)
    )
    cross_entropy = build_loss(
        SoftmaxCrossEntropyConfig(label_smoothing=smoothing),
        output_shape=(3,),
        target=ClassTarget(3),
    )
    value = cross_entropy.gradient(logits, labels, np.ones(4), expected)
    assert focal.gradient(logits, labels, np.ones(4), found) == pytest.approx(value, rel=1e-14)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_one_logit_is_two_of_which_the_first_is_zero() -> None:
    loss = build_loss(FocalConfig(), output_shape=(1,), target=ClassTarget(2))
    predicted = np.zeros((2, 2))
    loss.predict(np.array([[math.log(3)], [-1e4]]), predicted)
    np.testing.assert_allclose(predicted, [[0.25, 0.75], [1.0, 0.0]], rtol=1e-14)
    assert loss.context.plan.probabilities


def test_extreme_logits_raise_no_floating_point_error() -> None:
    loss = build_loss(FocalConfig(gamma=0.5), output_shape=(3,), target=ClassTarget(3))
    logits, out = np.array([[1e4, -1e4, 0.0]] * 2), np.zeros((2, 3))
    with np.errstate(all="raise", under="ignore"):
        value = loss.gradient(logits, np.array([0, 1]), np.ones(2), out)
    assert value == pytest.approx(2e4)
    np.testing.assert_allclose(out, [[0, 0, 0], [1, -1, 0]])


def test_refuses_options_out_of_range() -> None:
    for options in ({"gamma": -1.0}, {"label_smoothing": 1.0}):
        with pytest.raises(ValidationError):
            FocalConfig.model_validate(options)


def test_refuses_outputs_and_targets_that_do_not_fit() -> None:
    config = FocalConfig()
    with pytest.raises(ShapeError, match=r"shape \(1,\), one number for two classes"):
        config.plan((2,), ClassTarget(2))
    with pytest.raises(ShapeError, match=r"shape \(3,\), one number per class"):
        config.plan((1,), ClassTarget(3))
    with pytest.raises(ShapeError, match="expects class indices as targets"):
        config.plan((3,), VectorTarget((3,)))
    with pytest.raises(ShapeError, match="expects 2 class weights"):
        FocalConfig(class_weights=(1.0, 1.0, 1.0)).plan((1,), ClassTarget(2))
