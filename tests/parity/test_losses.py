"""Losses against PyTorch: the mean over a batch, and its gradient, as the engine makes them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from sklearn.linear_model import Perceptron as SklearnPerceptron
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
from layerkit.builtin.perceptron import PerceptronConfig
from layerkit.builtin.poisson import PoissonConfig
from layerkit.builtin.quantile_loss import QuantileLossConfig
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
from layerkit.builtin.squared_hinge import SquaredHingeConfig
from layerkit.contracts.dataset import ClassTarget, Target, VectorTarget
from layerkit.contracts.loss import LossConfig
from layerkit.engine.item_weights import ItemWeights
from layerkit.testing.build import build_loss
from tests.parity.one_layer import DTYPES, TOLERANCES, floats

BATCH = 33
EXACT = TOLERANCES["float64"]
CLASS_WEIGHTS = (0.5, 2.0, 0.0, 1.25)
POSITIVE_WEIGHTS = (0.5, 3.0, 1.0)
Theirs = Callable[[Tensor, Tensor], Tensor]


def drawn(
    shape: Shape, target: Target, scale: float, dtype: str = "float64"
) -> tuple[Array, Targets]:
    rng = np.random.default_rng(7)
    outputs: Array = (scale * rng.normal(size=(BATCH, *shape))).astype(dtype)
    if isinstance(target, ClassTarget):
        return outputs, rng.integers(0, target.classes, (BATCH, *target.shape))
    return outputs, rng.integers(0, 2, (BATCH, *target.shape)).astype(dtype)


def expect_parity(
    config: LossConfig,
    shape: Shape,
    target: Target,
    theirs: Theirs,
    scale: float = 2.0,
    *,
    dtype: str,
) -> None:
    outputs, targets = drawn(shape, target, scale, dtype)
    expect_parity_of(config, outputs, targets, target, theirs)


def expect_parity_of(
    config: LossConfig, outputs: Array, targets: Targets, target: Target, theirs: Theirs
) -> None:
    shape, dtype = outputs.shape[1:], floats(str(outputs.dtype))
    loss = build_loss(config, output_shape=shape, target=target, batch_size=BATCH, dtype=dtype)
    weights = ItemWeights(loss, loss.context).mean(targets, None, None)
    found = np.full_like(outputs, np.nan)
    value = loss.gradient(outputs, targets, weights, found)
    leaf = torch.tensor(outputs, requires_grad=True)
    expected = theirs(leaf, torch.tensor(targets))
    expected.backward()
    assert leaf.grad is not None
    exact = TOLERANCES[str(dtype)]
    assert value == pytest.approx(expected.item(), rel=exact)
    assert loss.value(outputs, targets, weights) == pytest.approx(expected.item(), rel=exact)
    grad = leaf.grad.numpy()
    least = 1e-16 if dtype == np.float64 else exact * np.abs(grad).max()
    np.testing.assert_allclose(found, grad, rtol=exact, atol=least)


@DTYPES
@pytest.mark.parametrize("scale", [0.1, 2.0, 300.0])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_softmax_cross_entropy(smoothing: float, scale: float, dtype: str) -> None:
    expect_parity(
        SoftmaxCrossEntropyConfig(label_smoothing=smoothing),
        (4,),
        ClassTarget(4),
        lambda z, y: functional.cross_entropy(z, y, label_smoothing=smoothing),
        scale,
        dtype=dtype,
    )


@DTYPES
def test_softmax_cross_entropy_with_class_weights(dtype: str) -> None:
    expect_parity(
        SoftmaxCrossEntropyConfig(class_weights=CLASS_WEIGHTS),
        (4,),
        ClassTarget(4),
        lambda z, y: functional.cross_entropy(z, y, weight=tensor(CLASS_WEIGHTS, dtype)),
        dtype=dtype,
    )


@DTYPES
def test_softmax_cross_entropy_with_class_weights_and_smoothing(dtype: str) -> None:
    """PyTorch weighs every term by its own class; the same is written out with its losses."""
    weights = tensor(CLASS_WEIGHTS, dtype)

    def theirs(z: Tensor, y: Tensor) -> Tensor:
        losses = functional.cross_entropy(z, y, label_smoothing=0.1, reduction="none")
        return (weights[y] * losses).sum() / weights[y].sum()

    config = SoftmaxCrossEntropyConfig(class_weights=CLASS_WEIGHTS, label_smoothing=0.1)
    expect_parity(config, (4,), ClassTarget(4), theirs, dtype=dtype)


@DTYPES
def test_softmax_cross_entropy_of_steps(dtype: str) -> None:
    expect_parity(
        SoftmaxCrossEntropyConfig(class_weights=CLASS_WEIGHTS),
        (5, 4),
        ClassTarget(4, shape=(5,)),
        lambda z, y: functional.cross_entropy(
            z.transpose(1, 2), y, weight=tensor(CLASS_WEIGHTS, dtype)
        ),
        dtype=dtype,
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


@DTYPES
@pytest.mark.parametrize("scale", [0.1, 2.0, 300.0])
def test_binary_cross_entropy_of_two_classes(scale: float, dtype: str) -> None:
    expect_parity(
        BinaryCrossEntropyConfig(),
        (1,),
        ClassTarget(2),
        lambda z, y: functional.binary_cross_entropy_with_logits(z[:, 0], y.to(z.dtype)),
        scale,
        dtype=dtype,
    )


@DTYPES
def test_binary_cross_entropy_with_class_weights(dtype: str) -> None:
    weights = tensor((0.5, 3.0), dtype)
    expect_parity(
        BinaryCrossEntropyConfig(class_weights=(0.5, 3.0)),
        (1,),
        ClassTarget(2),
        lambda z, y: (
            functional.binary_cross_entropy_with_logits(
                z[:, 0], y.to(z.dtype), weight=weights[y], reduction="sum"
            )
            / weights[y].sum()
        ),
        dtype=dtype,
    )


@DTYPES
@pytest.mark.parametrize("shape", [(3,), (5, 3)])
@pytest.mark.parametrize("positive", [None, POSITIVE_WEIGHTS])
def test_binary_cross_entropy_of_labels(
    shape: Shape, positive: tuple[float, ...] | None, dtype: str
) -> None:
    factors = None if positive is None else tensor(positive, dtype)
    expect_parity(
        BinaryCrossEntropyConfig(positive_weights=positive),
        shape,
        VectorTarget(shape),
        lambda z, y: functional.binary_cross_entropy_with_logits(z, y, pos_weight=factors),
        dtype=dtype,
    )


@DTYPES
def test_binary_cross_entropy_with_smoothing(dtype: str) -> None:
    expect_parity(
        BinaryCrossEntropyConfig(label_smoothing=0.2),
        (3,),
        VectorTarget((3,)),
        lambda z, y: functional.binary_cross_entropy_with_logits(z, 0.8 * y + 0.1),
        dtype=dtype,
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


@DTYPES
@pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 5, 3)])
def test_mean_squared_error(shape: Shape, dtype: str) -> None:
    expect_parity(
        MeanSquaredErrorConfig(), shape, VectorTarget(shape), functional.mse_loss, dtype=dtype
    )


@DTYPES
def test_mean_squared_error_of_single_numbers(dtype: str) -> None:
    expect_parity(
        MeanSquaredErrorConfig(),
        (1,),
        VectorTarget(()),
        lambda z, y: functional.mse_loss(z[:, 0], y),
        dtype=dtype,
    )


def tensor(numbers: tuple[float, ...], dtype: str) -> Tensor:
    return torch.from_numpy(np.array(numbers, dtype))


def distributions(outputs: Array) -> Array:
    raw = np.exp(np.random.default_rng(3).normal(size=outputs.shape))
    return (raw / raw.sum(axis=-1, keepdims=True)).astype(outputs.dtype)


SHAPES = pytest.mark.parametrize("shape", [(3,), (5, 3)])
SCALES = pytest.mark.parametrize("scale", [0.1, 2.0, 50.0])


@DTYPES
@SHAPES
@SCALES
def test_mean_absolute_error(shape: Shape, scale: float, dtype: str) -> None:
    target = VectorTarget(shape)
    expect_parity(AbsoluteErrorConfig(), shape, target, functional.l1_loss, scale, dtype=dtype)


@DTYPES
@SHAPES
@SCALES
@pytest.mark.parametrize("delta", [0.5, 1.0, 3.0])
def test_huber(shape: Shape, scale: float, delta: float, dtype: str) -> None:
    expect_parity(
        HuberConfig(delta=delta),
        shape,
        VectorTarget(shape),
        lambda z, y: functional.huber_loss(z, y, delta=delta),
        scale,
        dtype=dtype,
    )


@DTYPES
@SHAPES
def test_log_cosh(shape: Shape, dtype: str) -> None:
    """PyTorch has none."""
    expect_parity(
        LogCoshConfig(),
        shape,
        VectorTarget(shape),
        lambda z, y: torch.log(torch.cosh(z - y)).mean(),
        dtype=dtype,
    )


@DTYPES
@SHAPES
@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.95])
def test_quantile(shape: Shape, quantile: float, dtype: str) -> None:
    """PyTorch has none; the value is scikit-learn's."""
    expect_parity(
        QuantileLossConfig(quantile=quantile),
        shape,
        VectorTarget(shape),
        lambda z, y: torch.maximum(quantile * (y - z), (quantile - 1) * (y - z)).mean(),
        dtype=dtype,
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


@DTYPES
@SHAPES
def test_poisson(shape: Shape, dtype: str) -> None:
    expect_parity(
        PoissonConfig(), shape, VectorTarget(shape), functional.poisson_nll_loss, dtype=dtype
    )


@DTYPES
@pytest.mark.parametrize("steps", [(), (5,)])
def test_gaussian_nll(steps: Shape, dtype: str) -> None:
    def theirs(z: Tensor, y: Tensor) -> Tensor:
        mean, log_variance = z.tensor_split(2, dim=-1)
        variance = torch.exp(log_variance) + 1e-6
        return functional.gaussian_nll_loss(mean, y, variance, eps=1e-30)

    expect_parity(GaussianNllConfig(), (*steps, 6), VectorTarget((*steps, 3)), theirs, dtype=dtype)


@DTYPES
@SHAPES
def test_cosine_similarity(shape: Shape, dtype: str) -> None:
    outputs = np.random.default_rng(1).normal(size=(BATCH, *shape)).astype(dtype)
    targets = np.random.default_rng(2).normal(size=(BATCH, *shape)).astype(dtype)
    expect_parity_of(
        CosineSimilarityConfig(),
        outputs,
        targets,
        VectorTarget(shape),
        lambda z, y: (1 - functional.cosine_similarity(z, y, dim=-1)).mean(),
    )


@DTYPES
@SCALES
def test_kl_divergence(scale: float, dtype: str) -> None:
    outputs, _ = drawn((4,), VectorTarget((4,)), scale, dtype)
    expect_parity_of(
        KlDivergenceConfig(),
        outputs,
        distributions(outputs),
        VectorTarget((4,)),
        lambda z, y: functional.kl_div(z.log_softmax(dim=1), y, reduction="batchmean"),
    )


@DTYPES
@SCALES
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_softmax_cross_entropy_of_soft_targets(scale: float, smoothing: float, dtype: str) -> None:
    outputs, _ = drawn((4,), VectorTarget((4,)), scale, dtype)
    expect_parity_of(
        SoftmaxCrossEntropyConfig(label_smoothing=smoothing),
        outputs,
        distributions(outputs),
        VectorTarget((4,)),
        lambda z, y: functional.cross_entropy(z, y, label_smoothing=smoothing),
    )


@DTYPES
@SCALES
@pytest.mark.parametrize(("config", "power"), [(HingeConfig(), 1), (SquaredHingeConfig(), 2)])
def test_hinge_of_more_classes(config: LossConfig, power: int, scale: float, dtype: str) -> None:
    expect_parity(
        config,
        (4,),
        ClassTarget(4),
        lambda z, y: functional.multi_margin_loss(z, y, p=power),
        scale,
        dtype=dtype,
    )


@DTYPES
@pytest.mark.parametrize(("config", "power"), [(HingeConfig(), 1), (SquaredHingeConfig(), 2)])
def test_hinge_of_two_classes(config: LossConfig, power: int, dtype: str) -> None:
    """PyTorch has none for one output; the plain hinge loss is scikit-learn's."""
    expect_parity(
        config,
        (1,),
        ClassTarget(2),
        lambda z, y: torch.relu(1 - (2 * y - 1) * z[:, 0]).pow(power).mean(),
        dtype=dtype,
    )
    if power == 1:
        outputs, targets = drawn((1,), ClassTarget(2), 2.0)
        loss = build_loss(config, output_shape=(1,), target=ClassTarget(2), batch_size=BATCH)
        found = loss.value(outputs, targets, np.full(BATCH, 1 / BATCH))
        assert found == pytest.approx(hinge_loss(targets, outputs[:, 0]), rel=EXACT)


@DTYPES
@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.0])
def test_focal(gamma: float, dtype: str) -> None:
    """PyTorch has none; the paper's formula."""

    def of_two(z: Tensor, y: Tensor) -> Tensor:
        losses = functional.binary_cross_entropy_with_logits(
            z[:, 0], y.to(z.dtype), reduction="none"
        )
        return ((1 - torch.exp(-losses)) ** gamma * losses).mean()

    def of_more(z: Tensor, y: Tensor) -> Tensor:
        losses = functional.cross_entropy(z, y, reduction="none")
        return ((1 - torch.exp(-losses)) ** gamma * losses).mean()

    expect_parity(FocalConfig(gamma=gamma), (1,), ClassTarget(2), of_two, dtype=dtype)
    expect_parity(FocalConfig(gamma=gamma), (4,), ClassTarget(4), of_more, dtype=dtype)


@DTYPES
@pytest.mark.parametrize("shape", [(1,), (5, 1)])
def test_perceptron(shape: Shape, dtype: str) -> None:
    """PyTorch has none, and Rosenblatt's rule has no kink but at 0."""
    expect_parity(
        PerceptronConfig(),
        shape,
        ClassTarget(2, shape=shape[:-1]),
        lambda z, y: torch.relu((1 - 2 * y) * z[..., 0]).mean(),
        dtype=dtype,
    )


def test_perceptron_takes_the_steps_of_scikit_learn() -> None:
    """From a weight of 0, where the output is 0, one example at a time."""
    rng = np.random.default_rng(4)
    x, labels = rng.normal(size=(BATCH, 3)), rng.integers(0, 2, BATCH)
    theirs = SklearnPerceptron(max_iter=1, tol=None, shuffle=False, fit_intercept=False)
    theirs.fit(x, labels)
    loss = build_loss(PerceptronConfig(), output_shape=(1,), target=ClassTarget(2), batch_size=1)
    weight, grad = np.zeros((3, 1)), np.zeros((1, 1))
    for row, label in zip(x[:, np.newaxis], labels[:, np.newaxis], strict=True):
        loss.gradient(row @ weight, label, np.ones(1), grad)
        weight -= row.T @ grad
    np.testing.assert_allclose(weight.T, theirs.coef_, rtol=EXACT)
