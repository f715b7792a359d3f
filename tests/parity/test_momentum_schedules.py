"""Momentum that cycles against the learning rate, as PyTorch's OneCycleLR has it by default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest
import torch

from tests.parity.side_by_side import DTYPES, STEPS
from tests.parity.test_optimizers import Twins

CYCLE = '{type="one_cycle", first=1, peak=%r, last=1}' % (0.85 / 0.95)
RATE = 'optimizer={type="%s", learning_rate=0.01, schedule="one_cycle", %s}'
MakeOptimizer = Callable[[Iterable[torch.Tensor]], torch.optim.Optimizer]


@pytest.fixture(autouse=True)
def _float64_by_default() -> Iterator[None]:
    """NAdam keeps the product of its momenta in PyTorch's default dtype."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def adam(tensors: Iterable[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.Adam(tensors, lr=0.01)


def adamw(tensors: Iterable[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.AdamW(tensors, lr=0.01, weight_decay=0.0)


def amsgrad(tensors: Iterable[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.Adam(tensors, lr=0.01, amsgrad=True)


def nadam(tensors: Iterable[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.NAdam(tensors, lr=0.01)


def radam(tensors: Iterable[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.RAdam(tensors, lr=0.01)


def adamax(tensors: Iterable[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.Adamax(tensors, lr=0.01)


def rmsprop(tensors: Iterable[torch.Tensor]) -> torch.optim.Optimizer:
    return torch.optim.RMSprop(tensors, lr=0.01, momentum=0.95)


@DTYPES
@pytest.mark.parametrize(
    ("name", "options", "make"),
    [
        ("adam", f"beta1=0.95, beta1_schedule={CYCLE}", adam),
        ("adamw", f"beta1=0.95, beta1_schedule={CYCLE}, weight_decay=0.0", adamw),
        ("amsgrad", f"beta1=0.95, beta1_schedule={CYCLE}", amsgrad),
        ("nadam", f"beta1=0.95, beta1_schedule={CYCLE}", nadam),
        ("radam", f"beta1=0.95, beta1_schedule={CYCLE}", radam),
        ("adamax", f"beta1=0.95, beta1_schedule={CYCLE}", adamax),
        ("rmsprop", f"momentum=0.95, momentum_schedule={CYCLE}", rmsprop),
    ],
)
def test_momentum_and_rate_cycle_as_torchs_do(
    name: str, options: str, make: MakeOptimizer, dtype: str
) -> None:
    twins = Twins(dtype, RATE % (name, options))
    optimizer = make([*twins.weights, *twins.biases])
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=0.01, total_steps=STEPS, cycle_momentum=True
    )
    found = list[float]()
    for step in range(STEPS):
        group = optimizer.param_groups[0]
        found.append(group["betas"][0] if "betas" in group else group["momentum"])
        optimizer.zero_grad()
        twins.loss().backward()
        optimizer.step()
        if step < STEPS - 1:
            schedule.step()
    assert (max(found), min(found)) == pytest.approx((0.95, 0.85))
    twins.train(STEPS)
    twins.expect_equal()
