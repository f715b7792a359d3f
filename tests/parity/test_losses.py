"""Losses against PyTorch: the mean over a batch, and its gradient, as the engine makes them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from layerkit.arrays import Array, Shape, Targets
from layerkit.builtin.binary_cross_entropy import BinaryCrossEntropyConfig
from layerkit.builtin.mean_squared_error import MeanSquaredErrorConfig
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
from layerkit.contracts.dataset import ClassTarget, Target, VectorTarget
from layerkit.contracts.loss import LossConfig
from layerkit.engine.item_weights import ItemWeights
from layerkit.testing.build import build_loss

BATCH = 33
EXACT = 1e-12
CLASS_WEIGHTS = (0.5, 2.0, 0.0, 1.25)
POSITIVE_WEIGHTS = (0.5, 3.0, 1.0)
Theirs = Callable[[Tensor, Tensor], Tensor]


def drawn(shape: Shape, target: Target, scale: float) -> tuple[Array, Targets]:
    rng = np.random.default_rng(7)
    outputs: Array = scale * rng.normal(size=(BATCH, *shape))
    if isinstance(target, ClassTarget):
        return outputs, rng.integers(0, target.classes, (BATCH, *target.shape))
    return outputs, rng.integers(0, 2, (BATCH, *target.shape)).astype(np.float64)


def expect_parity(
    config: LossConfig, shape: Shape, target: Target, theirs: Theirs, scale: float = 2.0
) -> None:
    outputs, targets = drawn(shape, target, scale)
    loss = build_loss(config, output_shape=shape, target=target, batch_size=BATCH)
    weights = ItemWeights(loss, loss.context).mean(targets, None, None)
    found = np.full_like(outputs, np.nan)
    value = loss.gradient(outputs, targets, weights, found)
    leaf = torch.tensor(outputs, requires_grad=True)
    expected = theirs(leaf, torch.tensor(targets))
    expected.backward()
    assert leaf.grad is not None
    assert value == pytest.approx(expected.item(), rel=EXACT)
    assert loss.value(outputs, targets, weights) == pytest.approx(expected.item(), rel=EXACT)
    np.testing.assert_allclose(found, leaf.grad.numpy(), rtol=EXACT, atol=1e-16)


@pytest.mark.parametrize("scale", [0.1, 2.0, 300.0])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_softmax_cross_entropy(smoothing: float, scale: float) -> None:
    expect_parity(
        SoftmaxCrossEntropyConfig(label_smoothing=smoothing),
        (4,),
        ClassTarget(4),
        lambda z, y: functional.cross_entropy(z, y, label_smoothing=smoothing),
        scale,
    )


def test_softmax_cross_entropy_with_class_weights() -> None:
    expect_parity(
        SoftmaxCrossEntropyConfig(class_weights=CLASS_WEIGHTS),
        (4,),
        ClassTarget(4),
        lambda z, y: functional.cross_entropy(
            z, y, weight=torch.tensor(CLASS_WEIGHTS, dtype=torch.float64)
        ),
    )


def test_softmax_cross_entropy_with_class_weights_and_smoothing() -> None:
    """PyTorch weighs every term by its own class; the same is written out with its losses."""
    weights = torch.tensor(CLASS_WEIGHTS, dtype=torch.float64)

    def theirs(z: Tensor, y: Tensor) -> Tensor:
        losses = functional.cross_entropy(z, y, label_smoothing=0.1, reduction="none")
        return (weights[y] * losses).sum() / weights[y].sum()

    config = SoftmaxCrossEntropyConfig(class_weights=CLASS_WEIGHTS, label_smoothing=0.1)
    expect_parity(config, (4,), ClassTarget(4), theirs)


def test_softmax_cross_entropy_of_steps() -> None:
    expect_parity(
        SoftmaxCrossEntropyConfig(class_weights=CLASS_WEIGHTS),
        (5, 4),
        ClassTarget(4, shape=(5,)),
        lambda z, y: functional.cross_entropy(
            z.transpose(1, 2), y, weight=torch.tensor(CLASS_WEIGHTS, dtype=torch.float64)
        ),
    )


def test_softmax_predicts_as_pytorch_does() -> None:
    outputs, _ = drawn((4,), ClassTarget(4), 3.0)
    loss = build_loss(
        SoftmaxCrossEntropyConfig(), output_shape=(4,), target=ClassTarget(4), batch_size=BATCH
    )
    found = np.zeros_like(outputs)
    loss.predict(outputs, found)
    expected = torch.softmax(torch.tensor(outputs), dim=1).numpy()
    np.testing.assert_allclose(found, expected, rtol=EXACT)


@pytest.mark.parametrize("scale", [0.1, 2.0, 300.0])
def test_binary_cross_entropy_of_two_classes(scale: float) -> None:
    expect_parity(
        BinaryCrossEntropyConfig(),
        (1,),
        ClassTarget(2),
        lambda z, y: functional.binary_cross_entropy_with_logits(z[:, 0], y.double()),
        scale,
    )


def test_binary_cross_entropy_with_class_weights() -> None:
    weights = torch.tensor([0.5, 3.0], dtype=torch.float64)
    expect_parity(
        BinaryCrossEntropyConfig(class_weights=(0.5, 3.0)),
        (1,),
        ClassTarget(2),
        lambda z, y: (
            functional.binary_cross_entropy_with_logits(
                z[:, 0], y.double(), weight=weights[y], reduction="sum"
            )
            / weights[y].sum()
        ),
    )


@pytest.mark.parametrize("shape", [(3,), (5, 3)])
@pytest.mark.parametrize("positive", [None, POSITIVE_WEIGHTS])
def test_binary_cross_entropy_of_labels(shape: Shape, positive: tuple[float, ...] | None) -> None:
    factors = None if positive is None else torch.tensor(positive, dtype=torch.float64)
    expect_parity(
        BinaryCrossEntropyConfig(positive_weights=positive),
        shape,
        VectorTarget(shape),
        lambda z, y: functional.binary_cross_entropy_with_logits(z, y, pos_weight=factors),
    )


def test_binary_cross_entropy_with_smoothing() -> None:
    expect_parity(
        BinaryCrossEntropyConfig(label_smoothing=0.2),
        (3,),
        VectorTarget((3,)),
        lambda z, y: functional.binary_cross_entropy_with_logits(z, 0.8 * y + 0.1),
    )


def test_sigmoid_predicts_as_pytorch_does() -> None:
    outputs, _ = drawn((1,), ClassTarget(2), 10.0)
    loss = build_loss(
        BinaryCrossEntropyConfig(), output_shape=(1,), target=ClassTarget(2), batch_size=BATCH
    )
    found = np.zeros((BATCH, 2))
    loss.predict(outputs, found)
    z = torch.tensor(outputs)
    expected = torch.cat([torch.sigmoid(-z), torch.sigmoid(z)], dim=1).numpy()
    np.testing.assert_allclose(found, expected, rtol=EXACT)


@pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 5, 3)])
def test_mean_squared_error(shape: Shape) -> None:
    expect_parity(MeanSquaredErrorConfig(), shape, VectorTarget(shape), functional.mse_loss)


def test_mean_squared_error_of_single_numbers() -> None:
    expect_parity(
        MeanSquaredErrorConfig(),
        (1,),
        VectorTarget(()),
        lambda z, y: functional.mse_loss(z[:, 0], y),
    )
