"""Optimizers train a smooth network as PyTorch's do, and as their papers say, for 1,000 steps.

Those that go by signs, `lion` and `rprop`, take 20: whether a number that is 0 up to rounding is
above or below 0 sends them apart later. So do the line searches of L-BFGS near a minimum. Rates of
`lars` and `lamb`, whose steps never get short by themselves, are small: at larger ones training is
chaotic, so that rounding grows without bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

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
from tests.parity.side_by_side import DTYPES, STEPS, TOLERANCES

SPEC = """
layers = [{type = "dense", units = 6}, "tanh", {type = "dense", units = 3}]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 20, test_per_class = 5}
optimizer = {type = "sgd", learning_rate = 0.1}
training = {epochs = 1, batch_size = "full"}
"""

MakeOptimizer = Callable[[list[torch.Tensor], list[torch.Tensor]], torch.optim.Optimizer]


@pytest.fixture(autouse=True)
def _float64_by_default() -> Iterator[None]:
    """NAdam keeps the product of its momenta in PyTorch's default dtype."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


class Twins:
    """The same network twice, with the same data: Layerkit's, and PyTorch's of four tensors."""

    def __init__(self, dtype: str, *overrides: str) -> None:
        rng = generator(0, "parity")
        spec = small_spec(f"dtype={dtype}", *overrides, text=SPEC)
        self.network = Network(plan_network(spec))
        for value in self.network.parameters.values():
            np.add(value, 0.1 * rng.normal(size=value.shape), out=value)  # biases too
        self.x: Array = rng.normal(size=(12, 2)).astype(dtype)
        self.labels: Labels = rng.integers(0, 3, 12)
        self._tolerance = TOLERANCES[dtype]
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

    def expect_equal(self, tolerance: float | None = None) -> None:
        parameters, tolerance = self.network.parameters, tolerance or self._tolerance
        for index in (0, 1):
            for name, tensors in (("weight", self.weights), ("bias", self.biases)):
                expected = tensors[index].detach().numpy()
                found = parameters[f"dense_{index + 1}.{name}"]
                np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance)


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


def dampened(weights: list[torch.Tensor], biases: list[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.SGD([*weights, *biases], lr=0.05, momentum=0.9, dampening=0.5)


def amsgrad(weights: list[torch.Tensor], biases: list[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.Adam([*weights, *biases], lr=0.01, amsgrad=True)


def rmsprop(rate: float = 0.01, momentum: float = 0.0, *, centered: bool = False) -> MakeOptimizer:
    def make(weights: list[torch.Tensor], biases: list[torch.Tensor]) -> torch.optim.Optimizer:
        tensors = [*weights, *biases]
        # Centred, a small epsilon would divide by what rounding leaves of a difference.
        epsilon = 1e-4 if centered else 1e-8
        return torch.optim.RMSprop(
            tensors, lr=rate, momentum=momentum, centered=centered, eps=epsilon
        )

    return make


def adagrad(weights: list[torch.Tensor], biases: list[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.Adagrad([*weights, *biases], lr=0.01, initial_accumulator_value=0.1)


def adadelta(weights: list[torch.Tensor], biases: list[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.Adadelta([*weights, *biases], lr=1.0)


def adamax(weights: list[torch.Tensor], biases: list[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.Adamax([*weights, *biases], lr=0.01)


def nadam(weights: list[torch.Tensor], biases: list[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.NAdam([*weights, *biases], lr=0.01)


def radam(weights: list[torch.Tensor], biases: list[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.RAdam([*weights, *biases], lr=0.01)


BIASES = 'optimizer.groups=[{parameters=["*.bias"], rate=0.5}]'


@DTYPES
@pytest.mark.parametrize(
    ("overrides", "make"),
    [
        (("optimizer.momentum=0.0",), sgd()),
        (("optimizer.momentum=0.9",), sgd(0.9)),
        (("optimizer.momentum=0.9", "optimizer.nesterov=true"), sgd(0.9, nesterov=True)),
        (("optimizer.momentum=0.9", BIASES), sgd(0.9, 0.5)),
        (('optimizer={type="adam", learning_rate=0.01}',), adam),
        (('optimizer={type="adamw", learning_rate=0.01, weight_decay=0.1}',), adamw),
        (('optimizer={type="sgd", learning_rate=0.05, momentum=0.9, dampening=0.5}',), dampened),
        (('optimizer={type="amsgrad", learning_rate=0.01}',), amsgrad),
        (('optimizer={type="rmsprop"}',), rmsprop()),
        (
            ('optimizer={type="rmsprop", learning_rate=0.002, momentum=0.9}',),
            rmsprop(0.002, 0.9),
        ),
        (('optimizer={type="rmsprop", centered=true, epsilon=1e-4}',), rmsprop(centered=True)),
        (('optimizer={type="adagrad", initial=0.1}',), adagrad),
        (('optimizer={type="adadelta"}',), adadelta),
        (('optimizer={type="adamax", learning_rate=0.01}',), adamax),
        (('optimizer={type="nadam", learning_rate=0.01}',), nadam),
        (('optimizer={type="radam", learning_rate=0.01}',), radam),
    ],
    ids=[
        "sgd",
        "momentum",
        "nesterov",
        "groups",
        "adam",
        "adamw",
        "dampening",
        "amsgrad",
        "rmsprop",
        "rmsprop with momentum",
        "rmsprop, centred",
        "adagrad",
        "adadelta",
        "adamax",
        "nadam",
        "radam",
    ],
)
def test_trains_a_network_as_torch_does(
    overrides: tuple[str, ...], make: MakeOptimizer, dtype: str
) -> None:
    twins = Twins(dtype, *overrides)
    optimizer = make(twins.weights, twins.biases)
    for _ in range(STEPS):
        optimizer.zero_grad()
        twins.loss().backward()
        optimizer.step()
    twins.train(STEPS)
    twins.expect_equal()


@DTYPES
def test_clipping_before_momentum_is_that_of_torch(dtype: str) -> None:
    clip = 'gradient_transforms=[{type="clip_by_norm", max_norm=0.05}]'
    twins = Twins(dtype, "optimizer.momentum=0.9", clip)
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


def lbfgs_of_torch(twins: Twins, steps: int, history: int, decay: float = 0.0) -> None:
    optimizer = torch.optim.LBFGS(
        [*twins.weights, *twins.biases],
        max_iter=steps,
        max_eval=10_000,
        history_size=history,
        tolerance_grad=0,
        tolerance_change=0,
        line_search_fn="strong_wolfe",
    )

    def closure() -> float:
        optimizer.zero_grad()
        loss = twins.loss()
        for weight in twins.weights:
            loss = loss + decay / 2 * weight.square().sum()
        loss.backward()
        return float(loss.detach())

    optimizer.step(closure)


@DTYPES
@pytest.mark.parametrize("history", [1, 3, 10])
def test_lbfgs_iterates_as_torch_does(history: int, dtype: str) -> None:
    for steps in (1, 2, 5, 10):  # later on, they interpolate differently
        twins = Twins(dtype, f'optimizer={{type="lbfgs", history={history}}}')
        lbfgs_of_torch(twins, steps, history)
        twins.train(steps)
        twins.expect_equal()


@DTYPES
def test_lbfgs_goes_to_the_minimum_of_torch(dtype: str) -> None:
    """Penalized, the loss has one. Close to it, values of the loss differ by rounding alone.

    So the line searches of both choose steps by rounding, and in float64 parameters end closer
    than the root of the smallest difference of losses; in float32 PyTorch's stops on the way.
    """
    decay, options = 0.1, 'optimizer={type="lbfgs", history=10}'
    penalty = f'regularizers=[{{type="l2", strength={decay}}}]'
    for steps in (5, 20, 50) if dtype == "float64" else (5, 20):
        twins = Twins(dtype, options, penalty)
        lbfgs_of_torch(twins, steps, 10, decay)
        twins.train(steps)
        twins.expect_equal()
    if dtype == "float64":
        twins = Twins(dtype, options, penalty)
        lbfgs_of_torch(twins, STEPS, 10, decay)
        twins.train(STEPS)
        twins.expect_equal(1e-6)


@DTYPES
def test_lars_is_what_the_paper_says(dtype: str) -> None:
    """Algorithm 1 of You, Gitman and Ginsburg, line by line; no decay of biases."""
    options = 'type="lars", learning_rate=0.002, trust=0.02, momentum=0.9, weight_decay=0.01'
    twins = Twins(dtype, f"optimizer={{{options}}}")
    tensors = [*twins.weights, *twins.biases]
    velocities = [torch.zeros_like(tensor) for tensor in tensors]
    for _ in range(STEPS):
        grads = torch.autograd.grad(twins.loss(), tensors)
        with torch.no_grad():
            for index, (w, g, v) in enumerate(zip(tensors, grads, velocities, strict=True)):
                beta = 0.01 if index < 2 else 0.0
                local = 0.02 * w.norm() / (g.norm() + beta * w.norm())
                v.mul_(0.9).add_(0.002 * local * (g + beta * w))
                w.sub_(v)
    twins.train(STEPS)
    twins.expect_equal()


@DTYPES
def test_rprop_steps_as_torchs_does(dtype: str) -> None:
    for steps in (1, 5, 20):  # a sign that is 0 or not by rounding sends them apart later
        twins = Twins(dtype, 'optimizer={type="rprop", learning_rate=0.01, max_step=0.1}')
        tensors = [*twins.weights, *twins.biases]
        optimizer = torch.optim.Rprop(tensors, lr=0.01, step_sizes=(1e-6, 0.1))
        for _ in range(steps):
            optimizer.zero_grad()
            twins.loss().backward()
            optimizer.step()
        twins.train(steps)
        twins.expect_equal()


Step = Callable[[torch.Tensor, torch.Tensor, dict[str, torch.Tensor], int, float], None]


def lion(
    w: torch.Tensor, g: torch.Tensor, state: dict[str, torch.Tensor], t: int, decay: float
) -> None:
    """Algorithm 2 of Chen et al., line by line."""
    del t
    m = state.get("m", torch.zeros_like(w))
    c = 0.9 * m + 0.1 * g
    w -= 0.01 * (c.sign() + decay * w)
    state["m"] = 0.99 * m + 0.01 * g


def lamb(
    w: torch.Tensor, g: torch.Tensor, state: dict[str, torch.Tensor], t: int, decay: float
) -> None:
    """Algorithm 2 of You et al., line by line."""
    state["m"] = m = 0.9 * state.get("m", torch.zeros_like(w)) + 0.1 * g
    state["v"] = v = 0.999 * state.get("v", torch.zeros_like(w)) + 0.001 * g**2
    m, v = m / (1 - 0.9**t), v / (1 - 0.999**t)
    u = m / (v.sqrt() + 1e-6) + decay * w
    w -= 0.0005 * w.norm() / u.norm() * u


def adabelief(
    w: torch.Tensor, g: torch.Tensor, state: dict[str, torch.Tensor], t: int, decay: float
) -> None:
    """Algorithm 2 of Zhuang et al., line by line."""
    del decay
    state["m"] = m = 0.9 * state.get("m", torch.zeros_like(w)) + 0.1 * g
    state["s"] = s = 0.999 * state.get("s", torch.zeros_like(w)) + 0.001 * (g - m) ** 2 + 1e-8
    m, s = m / (1 - 0.9**t), s / (1 - 0.999**t)
    w -= 0.01 * m / (s.sqrt() + 1e-8)


@DTYPES
@pytest.mark.parametrize(
    ("options", "algorithm", "steps"),
    [
        ('type="lion", learning_rate=0.01, weight_decay=0.1', lion, 20),
        ('type="lamb", learning_rate=0.0005, weight_decay=0.1', lamb, STEPS),
        ('type="adabelief", learning_rate=0.01, epsilon=1e-8', adabelief, STEPS),
    ],
    ids=["lion", "lamb", "adabelief"],
)
def test_what_torch_lacks_is_what_the_paper_says(
    options: str, algorithm: Step, steps: int, dtype: str
) -> None:
    twins = Twins(dtype, f"optimizer={{{options}}}")
    tensors = [*twins.weights, *twins.biases]
    states: list[dict[str, torch.Tensor]] = [{} for _ in tensors]
    for t in range(1, steps + 1):
        grads = torch.autograd.grad(twins.loss(), tensors)
        with torch.no_grad():
            for index, (w, g, state) in enumerate(zip(tensors, grads, states, strict=True)):
                algorithm(w, g, state, t, 0.1 if index < 2 else 0.0)
    twins.train(steps)
    twins.expect_equal()


@DTYPES
@pytest.mark.parametrize(
    ("inner", "make"),
    [
        ('{type="sgd", momentum=0.9}', lambda tensors: torch.optim.SGD(tensors, 0.01, 0.9)),
        ('"adam"', lambda tensors: torch.optim.Adam(tensors, 0.01)),
    ],
    ids=["sgd", "adam"],
)
def test_lookahead_is_what_the_paper_says(
    inner: str, make: Callable[[list[torch.Tensor]], torch.optim.Optimizer], dtype: str
) -> None:
    """Algorithm 1 of Zhang et al., around optimizers of PyTorch."""
    options = f'type="lookahead", learning_rate=0.01, optimizer={inner}, steps=6, alpha=0.3'
    twins = Twins(dtype, f"optimizer={{{options}}}")
    tensors = [*twins.weights, *twins.biases]
    slow = [tensor.detach().clone() for tensor in tensors]
    optimizer = make(tensors)
    for t in range(1, STEPS + 1):
        optimizer.zero_grad()
        twins.loss().backward()
        optimizer.step()
        if t % 6 == 0:
            with torch.no_grad():
                for phi, theta in zip(slow, tensors, strict=True):
                    phi.add_(0.3 * (theta - phi))
                    theta.copy_(phi)
    twins.train(STEPS)
    twins.expect_equal()


@DTYPES
def test_max_norm_is_what_the_paper_says(dtype: str) -> None:
    """The incoming weights of every hidden unit, projected onto a ball after every step."""
    constraint = 'constraints=[{type="max_norm", limit=0.9}]'
    twins = Twins(dtype, "optimizer.momentum=0.9", constraint)
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


@DTYPES
def test_momentum_and_rate_cycle_as_torchs_do(dtype: str) -> None:
    """OneCycleLR with its momentum, through the steps of a network."""
    rate = 'optimizer.schedule={type="one_cycle"}'
    momentum = (
        f'optimizer.momentum_schedule={{type="one_cycle", first=1, peak={0.85 / 0.95!r}, last=1}}'
    )
    twins = Twins(dtype, "optimizer.momentum=0.95", rate, momentum)
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
