from __future__ import annotations

from collections.abc import Callable
from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.builtin.l1 import L1Config
from layerkit.builtin.l2 import L2Config
from layerkit.builtin.sgd import SgdConfig
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig, Span
from layerkit.contracts.regularizer import Regularizer, RegularizerConfig
from layerkit.engine.network import Network
from layerkit.engine.update import BLOCK, FLUSH_EVERY, TINY, ParameterUpdate
from layerkit.plan.network import plan_network
from layerkit.randomness import generator
from layerkit.spec.models import ModelSpec
from tests.helpers.specs import small_spec

SEVERAL_BLOCKS = ("dtype=float64", f"layers.0.units={BLOCK}")


class WholeConfig(OptimizerConfig):
    """Gradient descent that scales the gradient by its largest element, so it needs all of it."""

    type: Literal["whole"] = "whole"
    learning_rate: float = 0.1


@final
class Whole(Optimizer[WholeConfig]):
    elementwise = False

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        span.value[...] -= learning_rate * span.grad / np.abs(span.grad).max()


class NormConfig(RegularizerConfig):
    """The norm of each parameter, which is no sum over its values."""

    type: Literal["norm"] = "norm"


@final
class Norm(Regularizer[NormConfig]):
    elementwise = False

    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        assert value.ndim > 1
        norm = float(np.linalg.norm(value))
        grad[...] += value / norm
        return norm


def changed(spec: ModelSpec, **update: object) -> ModelSpec:
    return spec.model_copy(update=update)


def plain(spec: ModelSpec) -> ModelSpec:
    return spec


def with_a_norm(spec: ModelSpec) -> ModelSpec:
    return changed(spec, regularizers=(L2Config(strength=1e-3), NormConfig()))


def with_a_whole_optimizer(spec: ModelSpec) -> ModelSpec:
    return changed(spec, optimizer=WholeConfig())


def start(spec: ModelSpec) -> tuple[Network, Array]:
    """Return a network with a gradient, and a copy of that."""
    network = Network(plan_network(spec))
    grad = network.storage.vector.grad
    grad[...] = generator(0, "gradient").normal(size=grad.shape)
    return network, grad.copy()


def by_hand(spec: ModelSpec, rate: float) -> tuple[Array, float]:
    """Return the parameters after a step from a velocity of 0, and the penalty, as formulas say."""
    network, grad = start(spec)
    value, penalty = network.storage.vector.value, 0.0
    weights = np.zeros(value.shape, np.bool_)
    for path, extent in network.storage.extents.items():
        weights[extent] = path.endswith("weight")
    kept = np.where(weights, value, 0)
    norms = np.ones(value.shape)
    for path, extent in network.storage.extents.items():
        norms[extent] = np.linalg.norm(network.storage.params[path].value) or 1.0
    for config in spec.regularizers:
        if isinstance(config, L2Config):
            grad = grad + config.strength * kept
            penalty += config.strength / 2 * float(kept @ kept)
        elif isinstance(config, L1Config):
            grad = grad + config.strength * np.sign(kept)
            penalty += config.strength * float(np.abs(kept).sum())
        else:
            grad = grad + kept / norms
            penalty += float(np.unique(norms[weights]).sum())
    scale = 1.0 if isinstance(spec.optimizer, SgdConfig) else float(np.abs(grad).max())
    return value - rate * grad / scale, penalty


@pytest.mark.parametrize("change", [plain, with_a_norm, with_a_whole_optimizer])
def test_penalties_and_optimizer_do_what_their_formulas_say(
    change: Callable[[ModelSpec], ModelSpec],
) -> None:
    spec = change(small_spec(*SEVERAL_BLOCKS))
    network, _ = start(spec)
    penalty = ParameterUpdate(network)(0.1, 1)
    expected, expected_penalty = by_hand(spec, 0.1)
    assert penalty == pytest.approx(expected_penalty, rel=1e-12)
    np.testing.assert_allclose(network.storage.vector.value, expected, rtol=1e-12)


def test_gradients_of_other_shards_are_added_first() -> None:
    spec = small_spec(*SEVERAL_BLOCKS)
    network, grad = start(spec)
    network.storage.vector.grad[...] = grad / 4
    ParameterUpdate(network, [grad / 4, grad / 2])(0.1, 1)
    np.testing.assert_allclose(network.storage.vector.value, by_hand(spec, 0.1)[0], rtol=1e-12)


def test_optimizer_state_on_its_way_to_denormals_is_flushed() -> None:
    network = Network(plan_network(small_spec("regularizers=[]")))
    update = ParameterUpdate(network)
    velocity = update.slots["velocity"]
    velocity[:3] = TINY / 2, -TINY / 2, 1
    update(0.0, FLUSH_EVERY - 1)
    assert np.count_nonzero(velocity) == 3
    update(0.0, FLUSH_EVERY)
    assert np.flatnonzero(velocity).tolist() == [2]
