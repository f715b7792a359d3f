"""Losses against PyTorch: the mean over a batch, and its gradient, as the engine makes them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from sklearn.metrics import hinge_loss, mean_pinball_loss
from torch import Tensor
from torch.nn import functional

from layerkit.arrays import Array, Shape, Targets
from layerkit.builtin.absolute_error import AbsoluteErrorConfig
from layerkit.builtin.binary_cross_entropy import BinaryCrossEntropyConfig
from layerkit.builtin.cosine_similarity import CosineSimilarityConfig
from layerkit.builtin.focal import FocalConfig
from layerkit.builtin.gaussian_nll import GaussianNllConfig
from layerkit.builtin.hinge import HingeConfig
from layerkit.builtin.huber import HuberConfig
from layerkit.builtin.kl_divergence import KlDivergenceConfig
from layerkit.builtin.log_cosh import LogCoshConfig
from layerkit.builtin.mean_squared_error import MeanSquaredErrorConfig
from layerkit.builtin.poisson import PoissonConfig
from layerkit.builtin.quantile_loss import QuantileLossConfig
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
from layerkit.builtin.squared_hinge import SquaredHingeConfig
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
    expect_parity_of(config, outputs, targets, target, theirs)


def expect_parity_of(
    config: LossConfig, outputs: Array, targets: Targets, target: Target, theirs: Theirs
) -> None:
    shape = outputs.shape[1:]
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


def distributions(outputs: Array) -> Array:
    raw = np.exp(np.random.default_rng(3).normal(size=outputs.shape))
    return raw / raw.sum(axis=-1, keepdims=True)


SHAPES = pytest.mark.parametrize("shape", [(3,), (5, 3)])
SCALES = pytest.mark.parametrize("scale", [0.1, 2.0, 50.0])


@SHAPES
@SCALES
def test_mean_absolute_error(shape: Shape, scale: float) -> None:
    target = VectorTarget(shape)
    expect_parity(AbsoluteErrorConfig(), shape, target, functional.l1_loss, scale)


@SHAPES
@SCALES
@pytest.mark.parametrize("delta", [0.5, 1.0, 3.0])
def test_huber(shape: Shape, scale: float, delta: float) -> None:
    expect_parity(
        HuberConfig(delta=delta),
        shape,
        VectorTarget(shape),
        lambda z, y: functional.huber_loss(z, y, delta=delta),
        scale,
    )


@SHAPES
def test_log_cosh(shape: Shape) -> None:
    """PyTorch has none."""
    expect_parity(
        LogCoshConfig(),
        shape,
        VectorTarget(shape),
        lambda z, y: torch.log(torch.cosh(z - y)).mean(),
    )


@SHAPES
@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.95])
def test_quantile(shape: Shape, quantile: float) -> None:
    """PyTorch has none; the value is scikit-learn's."""
    expect_parity(
        QuantileLossConfig(quantile=quantile),
        shape,
        VectorTarget(shape),
        lambda z, y: torch.maximum(quantile * (y - z), (quantile - 1) * (y - z)).mean(),
    )
    outputs, targets = drawn((3,), VectorTarget((3,)), 2.0)
    loss = build_loss(
        QuantileLossConfig(quantile=quantile),
        output_shape=(3,),
        target=VectorTarget((3,)),
        batch_size=BATCH,
    )
    expected = mean_pinball_loss(targets, outputs, alpha=quantile)
    found = loss.value(outputs, targets, np.full(BATCH, 1 / BATCH))
    assert found == pytest.approx(expected, rel=EXACT)


@SHAPES
def test_poisson(shape: Shape) -> None:
    expect_parity(PoissonConfig(), shape, VectorTarget(shape), functional.poisson_nll_loss)


@pytest.mark.parametrize("steps", [(), (5,)])
def test_gaussian_nll(steps: Shape) -> None:
    def theirs(z: Tensor, y: Tensor) -> Tensor:
        mean, log_variance = z.tensor_split(2, dim=-1)
        variance = torch.exp(log_variance) + 1e-6
        return functional.gaussian_nll_loss(mean, y, variance, eps=1e-30)

    expect_parity(GaussianNllConfig(), (*steps, 6), VectorTarget((*steps, 3)), theirs)


@SHAPES
def test_cosine_similarity(shape: Shape) -> None:
    outputs = np.random.default_rng(1).normal(size=(BATCH, *shape))
    targets = np.random.default_rng(2).normal(size=(BATCH, *shape))
    expect_parity_of(
        CosineSimilarityConfig(),
        outputs,
        targets,
        VectorTarget(shape),
        lambda z, y: (1 - functional.cosine_similarity(z, y, dim=-1)).mean(),
    )


@SCALES
def test_kl_divergence(scale: float) -> None:
    outputs, _ = drawn((4,), VectorTarget((4,)), scale)
    expect_parity_of(
        KlDivergenceConfig(),
        outputs,
        distributions(outputs),
        VectorTarget((4,)),
        lambda z, y: functional.kl_div(z.log_softmax(dim=1), y, reduction="batchmean"),
    )


@SCALES
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_softmax_cross_entropy_of_soft_targets(scale: float, smoothing: float) -> None:
    outputs, _ = drawn((4,), VectorTarget((4,)), scale)
    expect_parity_of(
        SoftmaxCrossEntropyConfig(label_smoothing=smoothing),
        outputs,
        distributions(outputs),
        VectorTarget((4,)),
        lambda z, y: functional.cross_entropy(z, y, label_smoothing=smoothing),
    )


@SCALES
@pytest.mark.parametrize(("config", "power"), [(HingeConfig(), 1), (SquaredHingeConfig(), 2)])
def test_hinge_of_more_classes(config: LossConfig, power: int, scale: float) -> None:
    expect_parity(
        config,
        (4,),
        ClassTarget(4),
        lambda z, y: functional.multi_margin_loss(z, y, p=power),
        scale,
    )


@pytest.mark.parametrize(("config", "power"), [(HingeConfig(), 1), (SquaredHingeConfig(), 2)])
def test_hinge_of_two_classes(config: LossConfig, power: int) -> None:
    """PyTorch has none for one output; the plain hinge loss is scikit-learn's."""
    expect_parity(
        config,
        (1,),
        ClassTarget(2),
        lambda z, y: torch.relu(1 - (2 * y - 1) * z[:, 0]).pow(power).mean(),
    )
    if power == 1:
        outputs, targets = drawn((1,), ClassTarget(2), 2.0)
        loss = build_loss(config, output_shape=(1,), target=ClassTarget(2), batch_size=BATCH)
        found = loss.value(outputs, targets, np.full(BATCH, 1 / BATCH))
        assert found == pytest.approx(hinge_loss(targets, outputs[:, 0]), rel=EXACT)


@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.0])
def test_focal(gamma: float) -> None:
    """PyTorch has none; the paper's formula."""

    def of_two(z: Tensor, y: Tensor) -> Tensor:
        losses = functional.binary_cross_entropy_with_logits(z[:, 0], y.double(), reduction="none")
        return ((1 - torch.exp(-losses)) ** gamma * losses).mean()

    def of_more(z: Tensor, y: Tensor) -> Tensor:
        losses = functional.cross_entropy(z, y, reduction="none")
        return ((1 - torch.exp(-losses)) ** gamma * losses).mean()

    expect_parity(FocalConfig(gamma=gamma), (1,), ClassTarget(2), of_two)
    expect_parity(FocalConfig(gamma=gamma), (4,), ClassTarget(4), of_more)
