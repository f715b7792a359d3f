from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.builtin.adamw import AdamWConfig
from layerkit.builtin.clip_by_norm import ClipByNormConfig
from layerkit.builtin.l1 import L1Config
from layerkit.builtin.l2 import L2Config
from layerkit.builtin.max_norm import MaxNormConfig
from layerkit.builtin.sgd import SgdConfig
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig, ParameterGroup, Span
from layerkit.contracts.regularizer import Regularizer, RegularizerConfig
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.network import Network
from layerkit.engine.update import BLOCK, FLUSH_EVERY, TINY, ParameterUpdate
from layerkit.plan.network import plan_network
from layerkit.randomness import generator
from layerkit.spec.models import ModelSpec
from tests.helpers.specs import problems, small_spec

SEVERAL_BLOCKS = ("dtype=float64", f"layers.0.units={BLOCK}")


class WholeConfig(OptimizerConfig):
    """Gradient descent that scales the gradient by its largest element, so it needs all of it."""

    type: Literal["whole"] = "whole"
    learning_rate: float = 0.1


@final
class Whole(Optimizer[WholeConfig]):
    scope = "network"

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


RUN = ScheduleContext(0.1, steps_per_epoch=10, epochs=2)


def update_of(network: Network, added: Sequence[Array] = ()) -> ParameterUpdate:
    return ParameterUpdate(network, RUN, lambda: 0.0, added)


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
    penalty = update_of(network)(0.1, 1)
    expected, expected_penalty = by_hand(spec, 0.1)
    assert penalty == pytest.approx(expected_penalty, rel=1e-12)
    np.testing.assert_allclose(network.storage.vector.value, expected, rtol=1e-12)


def test_gradients_of_other_shards_are_added_first() -> None:
    spec = small_spec(*SEVERAL_BLOCKS)
    network, grad = start(spec)
    network.storage.vector.grad[...] = grad / 4
    update_of(network, [grad / 4, grad / 2])(0.1, 1)
    np.testing.assert_allclose(network.storage.vector.value, by_hand(spec, 0.1)[0], rtol=1e-12)


def test_optimizer_state_on_its_way_to_denormals_is_flushed() -> None:
    network = Network(plan_network(small_spec("regularizers=[]")))
    update = update_of(network)
    velocity = update.slots["velocity"]
    velocity[:3] = TINY / 2, -TINY / 2, 1
    update(0.0, FLUSH_EVERY - 1)
    assert np.count_nonzero(velocity) == 3
    update(0.0, FLUSH_EVERY)
    assert np.flatnonzero(velocity).tolist() == [2]


GROUPS = (
    ParameterGroup(parameters=("dense_1.weight",), rate=0.5),
    ParameterGroup(parameters=("*.bias",), rate=2.0),
)
FROZEN = (ParameterGroup(parameters=("dense_1.*",), rate=0),)


def grouped(spec: ModelSpec, groups: tuple[ParameterGroup, ...]) -> ModelSpec:
    return changed(spec, optimizer=spec.optimizer.model_copy(update={"groups": groups}))


def rates_of(network: Network, rates: dict[str, float]) -> Array:
    factors: Array = np.ones(network.storage.vector.value.shape)
    for path, rate in rates.items():
        factors[network.storage.extents[path]] = rate
    return factors


def test_every_group_has_its_own_rate() -> None:
    spec = grouped(small_spec(*SEVERAL_BLOCKS, "regularizers=[]"), GROUPS)
    network, grad = start(spec)
    before = network.storage.vector.value.copy()
    update_of(network)(0.1, 1)
    rates = {"dense_1.weight": 0.5, "dense_1.bias": 2.0, "dense_2.bias": 2.0}
    expected = before - 0.1 * rates_of(network, rates) * grad
    np.testing.assert_allclose(network.storage.vector.value, expected, rtol=1e-12)


def test_the_first_group_that_matches_decides() -> None:
    groups = (
        ParameterGroup(parameters=("dense_1.*",), rate=0.5),
        ParameterGroup(parameters=("*.bias",), rate=2.0),
    )
    network = Network(plan_network(grouped(small_spec(), groups)))
    found = {path: group.rate for path, group in network.plan.groups.items()}
    assert found == {
        "dense_1.weight": 0.5,
        "dense_1.bias": 0.5,
        "dense_2.weight": 1.0,
        "dense_2.bias": 2.0,
    }


def test_only_what_decays_is_drawn_to_zero_and_a_group_may_say_otherwise() -> None:
    groups = (ParameterGroup(parameters=("dense_2.*",), decay=0.5),)
    optimizer = AdamWConfig(learning_rate=0.1, weight_decay=0.2, groups=groups)
    spec = changed(small_spec("dtype=float64", "regularizers=[]"), optimizer=optimizer)
    network = Network(plan_network(spec))
    network.storage.vector.value.fill(1)
    update_of(network)(0.1, 1)
    found = {path: float(value.flat[0]) for path, value in network.parameters.items()}
    assert found == pytest.approx(
        {
            "dense_1.weight": 0.98,
            "dense_1.bias": 1.0,
            "dense_2.weight": 0.99,
            "dense_2.bias": 0.99,
        }
    )


@pytest.mark.parametrize("change", [plain, with_a_norm, with_a_whole_optimizer])
def test_what_is_frozen_keeps_its_bits(change: Callable[[ModelSpec], ModelSpec]) -> None:
    base = change(small_spec(*SEVERAL_BLOCKS))
    spec = grouped(changed(base, constraints=(MaxNormConfig(limit=1e-3),)), FROZEN)
    network, _ = start(spec)
    before = {path: value.copy() for path, value in network.parameters.items()}
    update = update_of(network)
    for step in (1, 2, 3):
        update(0.1, step)
    for path, value in network.parameters.items():
        assert np.array_equal(value, before[path]) == path.startswith("dense_1.")
    assert all(slot.size == network.storage.trained.stop for slot in update.slots.values())


def test_what_is_frozen_is_neither_penalized_nor_part_of_a_norm() -> None:
    spec = changed(
        grouped(small_spec("dtype=float64"), FROZEN),
        regularizers=(L2Config(strength=0.5), NormConfig()),
        gradient_transforms=(ClipByNormConfig(max_norm=1.0),),
    )
    network, _ = start(spec)
    for path in ("dense_1.weight", "dense_1.bias"):
        network.storage.params[path].grad.fill(1e6)
    weight = network.parameters["dense_2.weight"].copy()
    penalty = update_of(network).complete_gradient(1)
    norm = float(np.linalg.norm(weight))
    assert penalty == pytest.approx(0.25 * norm**2 + norm, rel=1e-12)
    trained = network.storage.vector.grad[network.storage.trained]
    assert np.linalg.norm(trained) == pytest.approx(1, rel=1e-12)


def test_penalties_then_clipping_then_groups_then_constraints() -> None:
    spec = changed(
        grouped(small_spec(*SEVERAL_BLOCKS), GROUPS),
        regularizers=(L2Config(strength=0.1), NormConfig()),
        gradient_transforms=(ClipByNormConfig(max_norm=0.5),),
        constraints=(MaxNormConfig(limit=0.2, parameters=("dense_2.weight",)),),
    )
    network, grad = start(spec)
    before = {path: value.copy() for path, value in network.parameters.items()}
    whole = {path: grad[extent].copy() for path, extent in network.storage.extents.items()}
    penalty = 0.0
    for path, value in before.items():
        if path.endswith("weight"):
            norm = float(np.linalg.norm(value))
            whole[path] += (0.1 * value + value / norm).reshape(-1)
            penalty += 0.05 * norm**2 + norm
    total = np.sqrt(sum(float(each @ each) for each in whole.values()))
    rates = {"dense_1.weight": 0.5, "dense_1.bias": 2.0, "dense_2.bias": 2.0}
    assert update_of(network)(0.1, 1) == pytest.approx(penalty, rel=1e-12)
    for path, value in before.items():
        step = (0.1 * rates.get(path, 1.0) * 0.5 / total * whole[path]).reshape(value.shape)
        expected = value - step
        if path == "dense_2.weight":
            expected *= 0.2 / np.maximum(np.linalg.norm(expected, axis=0), 0.2)
        np.testing.assert_allclose(network.parameters[path], expected, rtol=1e-10)


def test_a_weight_decay_of_an_optimizer_without_is_refused() -> None:
    group = 'optimizer.groups=[{parameters=["*"], decay=0.5}]'
    assert problems(group) == [
        "optimizer.groups.0.decay: expected none, found 0.5 (sgd has no weight decay by groups)"
    ]
