from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_plan import LayerPlan
from layerkit.engine.data import load_data
from layerkit.engine.network import Network
from layerkit.engine.trainer import Trainer
from layerkit.plan.network import plan_network
from tests.helpers.specs import small_spec

SEEN: list[tuple[str, bool]] = []


class SpyConfig(LayerConfig):
    """Passes everything on; writes down whose backward is called, and for which gradient."""

    type: Literal["spy"] = "spy"

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x)


@final
class Spy(Layer[SpyConfig]):
    def __init__(self, config: SpyConfig, context: LayerContext) -> None:
        super().__init__(config, context)

    def forward(self, x: Array, *, training: bool) -> Array:
        return x

    def backward(self, dy: Array) -> Array | None:
        SEEN.append((self.context.path, self.context.input_grad is not None))
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        np.copyto(dx, dy)
        return dx


def trained(*overrides: str) -> tuple[Network, dict[str, Array]]:
    """Return a network of spies and dense layers after an epoch, and what it started from."""
    SEEN.clear()
    spec = small_spec(*overrides, "training.epochs=1", "layers.2.rate=0")
    dense_1, tanh, _, dense_2 = spec.layers
    layers = (SpyConfig(), dense_1, tanh, SpyConfig(), dense_2, SpyConfig())
    network = Network(plan_network(spec.model_copy(update={"layers": layers})))
    before = {path: value.copy() for path, value in network.parameters.items()}
    Trainer(network, load_data(network.plan)).train()
    return network, before


def frozen(*patterns: str) -> str:
    listed = ", ".join(f'"{pattern}"' for pattern in patterns)
    return f"optimizer.groups=[{{parameters=[{listed}], rate=0}}]"


def test_frozen_parameters_keep_their_bits_and_the_others_learn() -> None:
    network, before = trained(frozen("dense_1.*"))
    for path, value in network.parameters.items():
        assert np.array_equal(value, before[path]) == path.startswith("dense_1.")


def test_nothing_below_the_last_layer_that_learns_computes_a_gradient() -> None:
    trained(frozen("dense_1.*"))
    assert set(SEEN) == {("spy_3", True)}


def test_without_groups_gradients_go_down_to_the_first_layer_that_learns() -> None:
    trained()
    assert set(SEEN) == {("spy_3", True), ("spy_2", True)}


def test_a_frozen_layer_passes_on_what_those_below_it_need() -> None:
    network, before = trained(frozen("dense_2.*"))
    assert set(SEEN) == {("spy_3", True), ("spy_2", True)}
    for path, value in network.parameters.items():
        assert np.array_equal(value, before[path]) == path.startswith("dense_2.")


def test_a_network_that_is_frozen_altogether_stays_as_it_is() -> None:
    network, before = trained(frozen("*"))
    assert set(SEEN) == {("spy_3", False)}
    for path, value in network.parameters.items():
        np.testing.assert_array_equal(value, before[path])


@pytest.mark.parametrize("pattern", ["*.bias", "dense_?.bias", "dense_[12].bias"])
def test_biases_alone_can_be_frozen(pattern: str) -> None:
    network, before = trained(frozen(pattern))
    for path, value in network.parameters.items():
        assert np.array_equal(value, before[path]) == path.endswith(".bias")
