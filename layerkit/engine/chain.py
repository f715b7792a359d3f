"""The layers of a network, built for batches of one capacity."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.layer import Layer, LayerConfig, LayerContext
from layerkit.engine.storage import Storage
from layerkit.plan.network import NetworkPlan
from layerkit.randomness import generator


class Chain:
    """Layers one after another, with the buffers that they work in.

    Several stacks can share one storage: one trains, another evaluates in larger batches.

    Parameters
    ----------
    plan, storage
        The network.
    capacity
        The most examples that a batch will have.
    train
        Whether gradients will be asked for; without, no memory is set aside for them.
    shard
        Its number among stacks that share a batch; each draws other random numbers.
    """

    def __init__(
        self, plan: NetworkPlan, storage: Storage, capacity: int, *, train: bool, shard: int = 0
    ) -> None:
        self.capacity = capacity
        self.layers: list[Layer[LayerConfig]] = []
        has_params_upstream = False
        for planned in plan.layers:
            prefix = f"{planned.name}."
            shape = (capacity, *planned.input_shape)
            context = LayerContext(
                input_shape=planned.input_shape,
                output_shape=planned.plan.output,
                capacity=capacity,
                dtype=plan.dtype,
                params={name: storage.params[prefix + name] for name in planned.plan.params},
                state={name: storage.state[prefix + name] for name in planned.plan.state},
                rng=generator(plan.spec.seed, "layer", planned.name, str(shard)),
                input_grad=np.zeros(shape, plan.dtype) if train and has_params_upstream else None,
            )
            self.layers.append(planned.config.build(context))
            has_params_upstream = has_params_upstream or bool(planned.plan.params)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Return the network's outputs for a batch; the next call overwrites them."""
        for layer in self.layers:
            x = layer.forward(x, training=training)
        return x

    def backward(self, dy: Array) -> None:
        """Work out the gradient of every parameter, given that of the outputs."""
        for layer in reversed(self.layers):
            dx = layer.backward(dy)
            if dx is None:
                return
            dy = dx
