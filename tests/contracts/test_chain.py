from __future__ import annotations

import numpy as np

from layerkit.engine.chains import build_chain
from layerkit.engine.storage import Storage
from layerkit.randomness import StepRandom
from tests.helpers.specs import small_plan


def test_only_layers_with_parameters_upstream_get_memory_for_an_input_gradient() -> None:
    plan = small_plan(
        'layers=["dropout", {type="dense", units=4}, "tanh", {type="dense", units=3}]'
    )
    chain = build_chain(plan, Storage.allocate(plan), 5, StepRandom(0))
    wants = [layer.context.input_grad is not None for layer in chain.layers]
    assert wants == [False, False, True, True]


def test_an_evaluating_chain_has_no_memory_for_gradients() -> None:
    plan = small_plan()
    chain = build_chain(plan, Storage.allocate(plan), 5)
    assert all(layer.context.input_grad is None for layer in chain.layers)


def test_two_chains_on_one_storage_are_one_network() -> None:
    plan = small_plan("dtype=float64")
    storage = Storage.allocate(plan)
    storage.initialize(plan)
    x = np.random.default_rng(0).normal(size=(4, 2))
    small, large = (build_chain(plan, storage, capacity) for capacity in (4, 100))
    np.testing.assert_allclose(
        small.forward(x, training=False), large.forward(x, training=False), rtol=1e-13
    )


def test_the_gradient_of_the_whole_network_is_that_of_central_differences() -> None:
    plan = small_plan("dtype=float64", "layers.2.rate=0.0")
    storage = Storage.allocate(plan)
    storage.initialize(plan)
    chain = build_chain(plan, storage, 6, StepRandom(0))
    rng = np.random.default_rng(0)
    x, weights = rng.normal(size=(6, 2)), rng.normal(size=(6, 3))

    def value() -> float:
        return float(np.sum(weights * chain.forward(x, training=True)))

    value()
    chain.backward(weights.copy())
    found = storage.vector.grad.copy()
    theta = storage.vector.value
    for i in range(theta.size):
        start, differences = float(theta[i]), 0.0
        for step, factor in ((1e-3, 8), (-1e-3, -8), (2e-3, -1), (-2e-3, 1)):
            theta[i] = start + step
            differences += factor * value()
        theta[i] = start
        assert abs(found[i] - differences / 12e-3) < 1e-8 * max(1, abs(found[i]))
