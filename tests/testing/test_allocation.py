from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.builtin.tanh import TanhConfig
from layerkit.contracts.activation import Activation, ActivationConfig
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig, Span
from layerkit.testing import check_layer_allocation, check_optimizer_allocation


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


def test_a_layer_that_works_in_its_buffers_passes() -> None:
    check_layer_allocation(TanhConfig(), input_shape=(7,))


def test_a_layer_that_allocates_is_caught() -> None:
    with pytest.raises(AssertionError, match=r"^allocates_nothing: layer 'allocating_tanh'"):
        check_layer_allocation(AllocatingTanhConfig(), input_shape=(7,))


def test_an_optimizer_that_allocates_is_caught() -> None:
    with pytest.raises(AssertionError, match=r"^allocates_nothing: optimizer 'allocating_desc"):
        check_optimizer_allocation(AllocatingDescentConfig(learning_rate=0.1))
