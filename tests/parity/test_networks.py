"""Whole smooth networks, 200 steps, beside PyTorch with the same weights and batches."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from layerkit.arrays import Array
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.batches import Batch
from layerkit.engine.network import Network
from layerkit.engine.step import TrainingStep
from layerkit.plan.network import plan_network
from layerkit.randomness import generator
from tests.helpers.specs import small_spec

STEPS, BATCH, FEATURES, CLASSES = 200, 16, 5, 3
FIXED = ("dtype=float64", "regularizers=[]", f"data.features={FEATURES}")


def batches(shape: tuple[int, ...]) -> tuple[Array, Array]:
    rng = generator(0, "batches")
    x: Array = rng.normal(size=(STEPS, BATCH, *shape))
    y = rng.integers(0, CLASSES, (STEPS, BATCH))
    return x, y.astype(np.float64)


def train_ours(network: Network, x: Array, y: Array, rate: float) -> None:
    step = TrainingStep(network, BATCH, ScheduleContext(rate, STEPS, 1))
    for number in range(STEPS):
        step(Batch(x[number], y[number].astype(np.int64), None), rate, number + 1)


def train_theirs(model: nn.Module, optimizer: torch.optim.Optimizer, x: Array, y: Array) -> None:
    model.train()
    for number in range(STEPS):
        optimizer.zero_grad()
        logits = model(torch.from_numpy(x[number]))
        nn.functional.cross_entropy(logits, torch.from_numpy(y[number]).long()).backward()
        optimizer.step()


def copy_dense(network: Network, path: str, linear: nn.Linear) -> None:
    with torch.no_grad():
        linear.weight.copy_(torch.from_numpy(network.parameters[f"{path}.weight"].T.copy()))
        linear.bias.copy_(torch.from_numpy(network.parameters[f"{path}.bias"].copy()))


def expect_dense(network: Network, path: str, linear: nn.Linear) -> None:
    weight = linear.weight.detach().numpy().T
    np.testing.assert_allclose(network.parameters[f"{path}.weight"], weight, rtol=0, atol=1e-10)
    bias = linear.bias.detach().numpy()
    np.testing.assert_allclose(network.parameters[f"{path}.bias"], bias, rtol=0, atol=1e-10)


def test_a_tanh_network_with_momentum() -> None:
    layers = 'layers=[{type="dense", units=8}, "tanh", {type="dense", units=3}]'
    spec = small_spec(*FIXED, layers, 'optimizer={type="sgd", learning_rate=0.1, momentum=0.9}')
    network = Network(plan_network(spec))
    first, second = nn.Linear(FEATURES, 8).double(), nn.Linear(8, CLASSES).double()
    copy_dense(network, "dense_1", first)
    copy_dense(network, "dense_2", second)
    model = nn.Sequential(first, nn.Tanh(), second)
    x, y = batches((FEATURES,))
    train_ours(network, x, y, 0.1)
    train_theirs(model, torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9), x, y)
    expect_dense(network, "dense_1", first)
    expect_dense(network, "dense_2", second)


def test_batch_norm_in_a_residual_with_adamw() -> None:
    layers = (
        'layers=[{type="dense", units=8}, '
        '{type="residual", layers=["batch_norm", "tanh", {type="dense", units=8}]}, '
        '{type="dense", units=3}]'
    )
    spec = small_spec(
        *FIXED, layers, 'optimizer={type="adamw", learning_rate=0.01, weight_decay=0.1}'
    )
    network = Network(plan_network(spec))
    first, inner, last = (
        nn.Linear(FEATURES, 8).double(),
        nn.Linear(8, 8).double(),
        nn.Linear(8, CLASSES).double(),
    )
    norm = nn.BatchNorm1d(8).double()
    for path, linear in (
        ("dense_1", first),
        ("residual_1.dense_1", inner),
        ("dense_2", last),
    ):
        copy_dense(network, path, linear)

    class Theirs(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.parts = nn.ModuleList([first, norm, inner, last])

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = first(x)
            return last(h + inner(torch.tanh(norm(h))))

    model = Theirs()
    decays = [first.weight, inner.weight, last.weight]
    others = [first.bias, inner.bias, last.bias, norm.weight, norm.bias]
    groups = [{"params": decays, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
    x, y = batches((FEATURES,))
    train_ours(network, x, y, 0.01)
    train_theirs(model, torch.optim.AdamW(groups, lr=0.01), x, y)
    expect_dense(network, "dense_1", first)
    expect_dense(network, "residual_1.dense_1", inner)
    expect_dense(network, "dense_2", last)
    scale = network.parameters["residual_1.batch_norm_1.scale"]
    np.testing.assert_allclose(scale, norm.weight.detach().numpy(), rtol=0, atol=1e-10)
    mean = network.arrays["residual_1.batch_norm_1.mean"]
    assert norm.running_mean is not None
    np.testing.assert_allclose(mean, norm.running_mean.numpy(), rtol=0, atol=1e-10)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_layer_norm_with_adam_and_label_smoothing(smoothing: float) -> None:
    layers = 'layers=[{type="dense", units=8}, "layer_norm", "tanh", {type="dense", units=3}]'
    loss = f'loss={{type="softmax_cross_entropy", label_smoothing={smoothing}}}'
    network = Network(plan_network(small_spec(*FIXED, layers, loss, "optimizer=adam")))
    first, second = nn.Linear(FEATURES, 8).double(), nn.Linear(8, CLASSES).double()
    copy_dense(network, "dense_1", first)
    copy_dense(network, "dense_2", second)
    model = nn.Sequential(first, nn.LayerNorm(8).double(), nn.Tanh(), second)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    x, y = batches((FEATURES,))
    train_ours(network, x, y, 0.001)
    for number in range(STEPS):
        optimizer.zero_grad()
        logits, labels = model(torch.from_numpy(x[number])), torch.from_numpy(y[number]).long()
        nn.functional.cross_entropy(logits, labels, label_smoothing=smoothing).backward()
        optimizer.step()
    expect_dense(network, "dense_1", first)
    expect_dense(network, "dense_2", second)
