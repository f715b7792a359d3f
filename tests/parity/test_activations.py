"""Activations against PyTorch: values and gradients, near 0, far from it and at the kinks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from layerkit_activations.celu import CeluConfig
from layerkit_activations.elu import EluConfig
from layerkit_activations.gelu import GeluConfig
from layerkit_activations.glu import GluConfig
from layerkit_activations.hard_sigmoid import HardSigmoidConfig
from layerkit_activations.hard_swish import HardSwishConfig
from layerkit_activations.hard_tanh import HardTanhConfig
from layerkit_activations.leaky_relu import LeakyReluConfig
from layerkit_activations.log_softmax import LogSoftmaxConfig
from layerkit_activations.maxout import MaxoutConfig
from layerkit_activations.mish import MishConfig
from layerkit_activations.prelu import PreluConfig
from layerkit_activations.relu6 import Relu6Config
from layerkit_activations.selu import SeluConfig
from layerkit_activations.silu import SiluConfig
from layerkit_activations.softmax import SoftmaxConfig
from layerkit_activations.softplus import SoftplusConfig
from layerkit_activations.softsign import SoftsignConfig
from layerkit_relu.relu import ReluConfig
from layerkit_sigmoid import SigmoidConfig
from torch import Tensor
from torch.nn import functional

from layerkit.arrays import Array, Shape
from layerkit.builtin.tanh import TanhConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.testing.build import build_layer
from tests.parity.one_layer import BATCH, DTYPES, TOLERANCES, build, draw

KINKS = [-6.0, -3.0, -1.0, -0.25, -0.0, 0.0, 0.5, 1.0, 3.0, 6.0]
Theirs = Callable[[Tensor], Tensor]

ELEMENTWISE: list[tuple[LayerConfig, Theirs]] = [
    (CeluConfig(), functional.celu),
    # Its gradient has 1 / alpha in single precision, which is exact for this one.
    (CeluConfig(alpha=0.25), lambda x: functional.celu(x, alpha=0.25)),
    (EluConfig(), functional.elu),
    (EluConfig(alpha=1.7), lambda x: functional.elu(x, alpha=1.7)),
    (GeluConfig(), functional.gelu),
    (GeluConfig(approximate="tanh"), lambda x: functional.gelu(x, approximate="tanh")),
    # The gradient of functional.hardsigmoid has 1 / 6 in single precision.
    (HardSigmoidConfig(), lambda x: functional.relu6(x + 3) / 6),
    (HardSwishConfig(), functional.hardswish),
    (HardTanhConfig(), functional.hardtanh),
    (HardTanhConfig(low=-0.25, high=0.5), lambda x: functional.hardtanh(x, -0.25, 0.5)),
    (LeakyReluConfig(), functional.leaky_relu),
    (LeakyReluConfig(negative_slope=0.3), lambda x: functional.leaky_relu(x, 0.3)),
    (MishConfig(), functional.mish),
    (ReluConfig(), functional.relu),
    (Relu6Config(), functional.relu6),
    (SeluConfig(), functional.selu),
    (SigmoidConfig(), torch.sigmoid),
    (SiluConfig(), functional.silu),
    (SoftplusConfig(), lambda x: functional.softplus(x, threshold=40)),
    (SoftplusConfig(beta=2.5), lambda x: functional.softplus(x, beta=2.5, threshold=40)),
    (SoftsignConfig(), functional.softsign),
    (TanhConfig(), torch.tanh),
]
OVER_FEATURES: list[tuple[LayerConfig, Theirs]] = [
    (GluConfig(), functional.glu),
    (LogSoftmaxConfig(), lambda x: functional.log_softmax(x, dim=-1)),
    (MaxoutConfig(pieces=4), lambda x: x.unflatten(-1, (-1, 4)).max(dim=-1).values),
    (SoftmaxConfig(), lambda x: functional.softmax(x, dim=-1)),
]


def label(value: object) -> str | None:
    return repr(value) if isinstance(value, LayerConfig) else None


def compare(layer: Layer[LayerConfig], theirs: Theirs, x: Array) -> None:
    """Check outputs and the input gradient of a step of training."""
    leaf = torch.tensor(x, requires_grad=True)
    outputs = theirs(leaf)
    dy = np.random.default_rng(1).normal(size=outputs.shape).astype(x.dtype)
    outputs.backward(torch.from_numpy(dy))
    assert leaf.grad is not None
    assert_equal(layer.forward(x, training=True), outputs.detach())
    assert_equal(layer.backward(dy.copy()), leaf.grad)


def assert_equal(found: Array | None, expected: Tensor | None) -> None:
    assert found is not None
    assert expected is not None
    exact = TOLERANCES[str(found.dtype)]
    np.testing.assert_allclose(found, expected.numpy(), rtol=exact, atol=exact)


@DTYPES
@pytest.mark.parametrize("scale", [0.5, 3.0, 30.0])
@pytest.mark.parametrize(("config", "theirs"), ELEMENTWISE + OVER_FEATURES, ids=label)
def test_values_and_gradients(
    config: LayerConfig, theirs: Theirs, scale: float, dtype: str
) -> None:
    shape = (5, 8)
    x = (scale * draw(dtype, BATCH, *shape)).astype(dtype)
    compare(build(config, shape, dtype), theirs, x)


@pytest.mark.parametrize(("config", "theirs"), ELEMENTWISE, ids=label)
def test_values_and_gradients_at_kinks_and_far_from_0(config: LayerConfig, theirs: Theirs) -> None:
    x = np.array([[*KINKS, -1e3, 1e3, -1e6, 1e6]])
    compare(build_layer(config, input_shape=x.shape[1:], batch_size=1), theirs, x)


@pytest.mark.parametrize(("config", "theirs"), OVER_FEATURES, ids=label)
def test_values_and_gradients_over_features_far_from_0(config: LayerConfig, theirs: Theirs) -> None:
    x = np.array([[1e3, -1e3, 0.5, 2.0, -1e6, 1e6, 3.0, 3.0]])
    compare(build_layer(config, input_shape=(8,), batch_size=1), theirs, x)


@DTYPES
@pytest.mark.parametrize("shape", [(7,), (5, 7)])
@pytest.mark.parametrize("shared", [True, False])
def test_prelu(shape: Shape, shared: bool, dtype: str) -> None:
    layer = build(PreluConfig(shared=shared), shape, dtype)
    slope = layer.context.params["slope"]
    module = torch.nn.PReLU(1 if shared else shape[-1])
    module = module.double() if dtype == "float64" else module
    with torch.no_grad():
        module.weight.copy_(torch.from_numpy(slope.value))
    x = draw(dtype, BATCH, *shape)
    x[0] = 0
    compare(layer, lambda inputs: module(inputs.movedim(-1, 1)).movedim(1, -1), x)
    assert_equal(slope.grad, module.weight.grad)
    fresh = PreluConfig().plan(shape).params["slope"].initializer.model_dump()
    assert fresh["value"] == torch.nn.PReLU().weight.item()


def test_hard_sigmoid_has_the_values_of_pytorch_and_its_gradient_in_single_precision() -> None:
    x = np.array([[*KINKS, -1e3, 1e3]])
    layer = build_layer(HardSigmoidConfig(), input_shape=x.shape[1:], batch_size=1)
    leaf = torch.tensor(x, requires_grad=True)
    outputs = functional.hardsigmoid(leaf)
    outputs.sum().backward()
    assert_equal(layer.forward(x, training=True), outputs.detach())
    dx = layer.backward(np.ones_like(x))
    assert dx is not None
    assert leaf.grad is not None
    np.testing.assert_allclose(dx, leaf.grad.numpy(), rtol=1e-7)
