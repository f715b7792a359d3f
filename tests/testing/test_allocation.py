from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.activation import Activation, ActivationConfig
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig, Span
from layerkit.testing import check_layer, check_optimizer
from layerkit.testing.allocation import least_peak


class AllocatingTanhConfig(ActivationConfig):
    type: Literal["allocating_tanh"] = "allocating_tanh"


@final
class AllocatingTanh(Activation[AllocatingTanhConfig]):
    def value(self, x: Array, out: Array) -> None:
        out[...] = np.tanh(x)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        out[...] = 1 - y * y


class AllocatingDescentConfig(OptimizerConfig):
    type: Literal["allocating_descent"] = "allocating_descent"


@final
class AllocatingDescent(Optimizer[AllocatingDescentConfig]):
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        span.value[...] -= learning_rate * span.grad


@pytest.mark.wrong_component(AllocatingTanhConfig())
def test_a_layer_that_allocates_is_caught() -> None:
    with pytest.raises(AssertionError, match=r"^steady_step_allocates_nothing: layer 'allocating"):
        check_layer(AllocatingTanhConfig(), input_shape=(7,))


@pytest.mark.wrong_component(AllocatingDescentConfig(learning_rate=0.1))
def test_an_optimizer_that_allocates_is_caught() -> None:
    with pytest.raises(AssertionError, match=r"^steady_update_allocates_nothing: optimizer 'alloc"):
        check_optimizer(AllocatingDescentConfig(learning_rate=0.1))


def test_the_step_that_takes_the_least_counts() -> None:
    sizes = iter([5_000_000, 5_000_000, 3_000_000, 1_000_000, 2_000_000])
    assert 1_000_000 <= least_peak(lambda: bytearray(next(sizes)).clear()) < 1_100_000
