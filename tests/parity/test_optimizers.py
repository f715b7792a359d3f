"""Optimizers train a smooth network as PyTorch's do, and as their papers say."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from layerkit.arrays import Array, Labels
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.batches import Batch
from layerkit.engine.network import Network
from layerkit.engine.step import TrainingStep
from layerkit.plan.network import plan_network
from layerkit.randomness import generator
from tests.helpers.specs import small_spec

STEPS = 200
SPEC = """
dtype = "float64"
layers = [{type = "dense", units = 6}, "tanh", {type = "dense", units = 3}]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 20, test_per_class = 5}
optimizer = {type = "sgd", learning_rate = 0.1}
training = {epochs = 1, batch_size = "full"}
"""

MakeOptimizer = Callable[[list[torch.Tensor], list[torch.Tensor]], torch.optim.Optimizer]


class Twins:
    """The same network twice, with the same data: Layerkit's, and PyTorch's of four tensors."""

    def __init__(self, *overrides: str) -> None:
        rng = generator(0, "parity")
        self.network = Network(plan_network(small_spec(*overrides, text=SPEC)))
        for value in self.network.parameters.values():
            np.add(value, 0.1 * rng.normal(size=value.shape), out=value)  # biases too
        self.x: Array = rng.normal(size=(12, 2))
        self.labels: Labels = rng.integers(0, 3, 12)
        self.weights = [self._tensor("dense_1.weight"), self._tensor("dense_2.weight")]
        self.biases = [self._tensor("dense_1.bias"), self._tensor("dense_2.bias")]

    def _tensor(self, path: str) -> torch.Tensor:
        return torch.from_numpy(self.network.parameters[path].copy()).requires_grad_()

    def loss(self) -> torch.Tensor:
        hidden = torch.tanh(torch.from_numpy(self.x) @ self.weights[0] + self.biases[0])
        logits = hidden @ self.weights[1] + self.biases[1]
        return torch.nn.functional.cross_entropy(logits, torch.from_numpy(self.labels))

    def train(self, steps: int) -> None:
        """Train Layerkit's."""
        config = self.network.spec.optimizer
        run = ScheduleContext(config.learning_rate, 1, steps)
        step, schedule = TrainingStep(self.network, 12, run), config.schedule.build(run)
        batch = Batch(self.x, self.labels, None)
        for number in range(1, steps + 1):
            step(batch, schedule(number - 1), number)

    def expect_equal(self, tolerance: float = 1e-10) -> None:
        parameters = self.network.parameters
        for index in (0, 1):
            for name, tensors in (("weight", self.weights), ("bias", self.biases)):
                expected = tensors[index].detach().numpy()
                found = parameters[f"dense_{index + 1}.{name}"]
                np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


def sgd(momentum: float = 0.0, bias_rate: float = 1.0, *, nesterov: bool = False) -> MakeOptimizer:
    def make(weights: list[torch.Tensor], biases: list[torch.Tensor]) -> torch.optim.Optimizer:
        groups = [{"params": weights}, {"params": biases, "lr": 0.1 * bias_rate}]
        return torch.optim.SGD(groups, lr=0.1, momentum=momentum, nesterov=nesterov)

    return make


def adam(weights: list[torch.Tensor], biases: list[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.Adam([*weights, *biases], lr=0.01)


def adamw(weights: list[torch.Tensor], biases: list[torch.Tensor]) -> torch.optim.Optimizer:
    groups = [{"params": weights}, {"params": biases, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.01, weight_decay=0.1)


BIASES = 'optimizer.groups=[{parameters=["*.bias"], rate=0.5}]'


@pytest.mark.parametrize(
    ("overrides", "make"),
    [
        (("optimizer.momentum=0.0",), sgd()),
        (("optimizer.momentum=0.9",), sgd(0.9)),
        (("optimizer.momentum=0.9", "optimizer.nesterov=true"), sgd(0.9, nesterov=True)),
        (("optimizer.momentum=0.9", BIASES), sgd(0.9, 0.5)),
        (('optimizer={type="adam", learning_rate=0.01}',), adam),
        (('optimizer={type="adamw", learning_rate=0.01, weight_decay=0.1}',), adamw),
    ],
    ids=["sgd", "momentum", "nesterov", "groups", "adam", "adamw"],
)
def test_trains_a_network_as_torch_does(overrides: tuple[str, ...], make: MakeOptimizer) -> None:
    twins = Twins(*overrides)
    optimizer = make(twins.weights, twins.biases)
    for _ in range(STEPS):
        optimizer.zero_grad()
        twins.loss().backward()
        optimizer.step()
    twins.train(STEPS)
    twins.expect_equal()


def test_clipping_before_momentum_is_that_of_torch() -> None:
    clip = 'gradient_transforms=[{type="clip_by_norm", max_norm=0.05}]'
    twins = Twins("optimizer.momentum=0.9", clip)
    tensors = [*twins.weights, *twins.biases]
    optimizer = torch.optim.SGD(tensors, lr=0.1, momentum=0.9)
    clipped = 0
    for _ in range(STEPS):
        optimizer.zero_grad()
        twins.loss().backward()
        grads = [tensor.grad for tensor in tensors if tensor.grad is not None]
        norm = float(torch.nn.utils.clip_grad_norm_(tensors, 0.05))
        if norm > 0.05:
            clipped += 1
            for grad in grads:  # PyTorch divides by norm + 1e-6
                grad.mul_((norm + 1e-6) / norm)
        elif norm + 1e-6 > 0.05:
            pytest.fail("a gradient is too near the limit to compare")
        optimizer.step()
    assert clipped > 10
    twins.train(STEPS)
    twins.expect_equal()


@pytest.mark.parametrize("history", [1, 3, 10])
def test_lbfgs_iterates_as_torch_does(history: int) -> None:
    for steps in (1, 2, 5, 10):  # later on, they interpolate differently
        twins = Twins(f'optimizer={{type="lbfgs", history={history}}}')
        optimizer = torch.optim.LBFGS(
            [*twins.weights, *twins.biases],
            max_iter=steps,
            max_eval=10_000,
            history_size=history,
            tolerance_grad=0,
            tolerance_change=0,
            line_search_fn="strong_wolfe",
        )

        def closure(twins: Twins = twins, optimizer: torch.optim.Optimizer = optimizer) -> float:
            optimizer.zero_grad()
            loss = twins.loss()
            loss.backward()
            return float(loss.detach())

        optimizer.step(closure)
        twins.train(steps)
        twins.expect_equal()


def test_lars_is_what_the_paper_says() -> None:
    """Algorithm 1 of You, Gitman and Ginsburg, line by line; no decay of biases."""
    options = 'type="lars", learning_rate=0.1, trust=0.02, momentum=0.9, weight_decay=0.01'
    twins = Twins(f"optimizer={{{options}}}")
    tensors = [*twins.weights, *twins.biases]
    velocities = [torch.zeros_like(tensor) for tensor in tensors]
    for _ in range(STEPS):
        grads = torch.autograd.grad(twins.loss(), tensors)
        with torch.no_grad():
            for index, (w, g, v) in enumerate(zip(tensors, grads, velocities, strict=True)):
                beta = 0.01 if index < 2 else 0.0
                local = 0.02 * w.norm() / (g.norm() + beta * w.norm())
                v.mul_(0.9).add_(0.1 * local * (g + beta * w))
                w.sub_(v)
    twins.train(STEPS)
    twins.expect_equal()


def test_max_norm_is_what_the_paper_says() -> None:
    """The incoming weights of every hidden unit, projected onto a ball after every step."""
    constraint = 'constraints=[{type="max_norm", limit=0.9}]'
    twins = Twins("optimizer.momentum=0.9", constraint)
    optimizer = torch.optim.SGD([*twins.weights, *twins.biases], lr=0.1, momentum=0.9)
    projected = 0
    for _ in range(STEPS):
        optimizer.zero_grad()
        twins.loss().backward()
        optimizer.step()
        with torch.no_grad():
            for weight in twins.weights:
                for unit in range(weight.shape[1]):
                    norm = float(weight[:, unit].norm())
                    if norm > 0.9:
                        projected += 1
                        weight[:, unit] *= 0.9 / norm
    assert projected > 100
    twins.train(STEPS)
    twins.expect_equal()


def test_momentum_and_rate_cycle_as_torchs_do() -> None:
    """OneCycleLR with its momentum, through 200 steps of a network."""
    rate = 'optimizer.schedule={type="one_cycle"}'
    momentum = (
        f'optimizer.momentum_schedule={{type="one_cycle", first=1, peak={0.85 / 0.95!r}, last=1}}'
    )
    twins = Twins("optimizer.momentum=0.95", rate, momentum)
    optimizer = torch.optim.SGD([*twins.weights, *twins.biases], lr=0.1, momentum=0.95)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=STEPS)
    for step in range(STEPS):
        optimizer.zero_grad()
        twins.loss().backward()
        optimizer.step()
        if step < STEPS - 1:
            schedule.step()
    assert math.isclose(optimizer.param_groups[0]["lr"], 0.1 * 0.04 * 1e-4)
    twins.train(STEPS)
    twins.expect_equal()
