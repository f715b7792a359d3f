"""JAX's worker: one jitted ``lax.scan`` over the batches of a turn.

Where there are convolutions, which XLA runs slowly inside of loops, one jitted step a batch.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from benchmarks.mnist import test_part, train_part
from benchmarks.order import Order
from benchmarks.turns import serve
from benchmarks.workloads import KERNEL, MOMENTUM, SIDE, Workload

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
ACTIVATIONS = {"tanh": jnp.tanh, "relu": jax.nn.relu}


def prepare(workload: Workload, steps: int) -> tuple[Callable[[], object], str]:
    """Return what does a turn of training, or of inference."""
    parameters = initial(workload)
    threads = f"XLA's default on {os.cpu_count()} cores"
    if workload.task == "predict":
        return _predicting(workload, parameters, steps), threads
    part = train_part()
    order = Order(len(part.labels), workload.batch)
    state = (parameters, initial_slots(workload, parameters), jax.random.key(7), 0)
    data = (jnp.asarray(part.scaled()), jnp.asarray(part.labels))
    one = jax.jit(partial(train_step, workload), donate_argnums=0)
    many = jax.jit(partial(train_steps, workload), donate_argnums=0)

    def turn() -> float:
        nonlocal state
        batches = [*order.batches(steps)]
        if not workload.filters:
            state, losses = many(state, *data, jnp.asarray(np.stack(batches)))
            return float(losses.sum())
        total = 0.0
        for rows in batches:
            state, loss = one(state, *data, jnp.asarray(rows))
            total += float(loss)
        return total

    return turn, threads


def initial(workload: Workload) -> list:
    """Return weights and biases, convolutions first."""
    rng = np.random.default_rng(7)
    parameters = []
    channels = 1
    for filters in workload.filters:
        limit = np.sqrt(6 / (KERNEL * KERNEL * channels))
        shape = (KERNEL, KERNEL, channels, filters)
        parameters.append(_pair(rng.uniform(-limit, limit, shape)))
        channels = filters
    for inputs, outputs in zip(workload.widths, workload.widths[1:], strict=False):
        limit = np.sqrt(6 / (inputs + outputs))
        parameters.append(_pair(rng.uniform(-limit, limit, (inputs, outputs))))
    return parameters


def initial_slots(workload: Workload, parameters: list) -> tuple:
    """Return the optimizer's state: one vector for momentum, two for Adam."""
    count = 1 if workload.optimizer == "sgd" else 2
    return tuple(jax.tree.map(jnp.zeros_like, parameters) for _ in range(count))


def outputs(workload: Workload, parameters: list, x: jax.Array, key: jax.Array | None) -> jax.Array:
    """Return the logits; without a key nothing is dropped."""
    activation = ACTIVATIONS[workload.activation]
    convolutions = len(workload.filters)
    if convolutions:
        x = x.reshape(-1, SIDE, SIDE, 1)
    for weight, bias in parameters[:convolutions]:
        x = lax.conv_general_dilated(
            x, weight, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
        )
        x = activation(x + bias)
        x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    x = x.reshape(len(x), -1)
    dense = parameters[convolutions:]
    keys = [None] * len(dense) if key is None else list(jax.random.split(key, len(dense)))
    for index, (weight, bias) in enumerate(dense):
        if workload.dropout is not None and keys[index] is not None:
            x = dropped(x, workload.dropout[min(index, 1)], keys[index])
        x = x @ weight + bias
        if index < len(dense) - 1:
            x = activation(x)
    return x


def dropped(x: jax.Array, rate: float, key: jax.Array) -> jax.Array:
    """Return ``x`` with a fraction dropped, the rest scaled up."""
    kept = jax.random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(kept, x / (1 - rate), 0)


def train_steps(
    workload: Workload, state: tuple, images: jax.Array, labels: jax.Array, rows: jax.Array
) -> tuple[tuple, jax.Array]:
    """Train on one batch for each row of ``rows``."""
    return lax.scan(
        lambda now, chosen: train_step(workload, now, images, labels, chosen), state, rows
    )


def train_step(
    workload: Workload, state: tuple, images: jax.Array, labels: jax.Array, chosen: jax.Array
) -> tuple[tuple, jax.Array]:
    """Train on one batch."""
    parameters, slots, key, count = state
    key, now = jax.random.split(key)

    def loss_of(parameters: list) -> jax.Array:
        logits = jax.nn.log_softmax(outputs(workload, parameters, images[chosen], now))
        loss = -jnp.take_along_axis(logits, labels[chosen][:, None], axis=1).mean()
        penalty = sum(jnp.sum(weight**2) for weight, _ in parameters) if workload.l2 else 0.0
        return loss + 0.5 * workload.l2 * penalty

    loss, grads = jax.value_and_grad(loss_of)(parameters)
    parameters, slots = updated(workload, parameters, grads, slots, count + 1)
    return (parameters, slots, key, count + 1), loss


def updated(
    workload: Workload, parameters: list, grads: list, slots: tuple, count: jax.Array
) -> tuple[list, tuple]:
    """Return parameters and optimizer state after one step."""
    rate = workload.learning_rate
    if workload.optimizer == "sgd":
        velocity = jax.tree.map(lambda v, g: MOMENTUM * v + g, slots[0], grads)
        return jax.tree.map(lambda p, v: p - rate * v, parameters, velocity), (velocity,)
    first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, slots[0], grads)
    second = jax.tree.map(lambda s, g: BETA2 * s + (1 - BETA2) * g * g, slots[1], grads)
    step = rate / (1 - BETA1**count)
    correction = 1 / (1 - BETA2**count)
    moved = jax.tree.map(
        lambda p, m, s: p - step * m / (jnp.sqrt(s * correction) + EPSILON),
        parameters,
        first,
        second,
    )
    return moved, (first, second)


def _pair(weight: np.ndarray) -> tuple[jax.Array, jax.Array]:
    return jnp.asarray(weight, jnp.float32), jnp.zeros(weight.shape[-1], jnp.float32)


def _predicting(workload: Workload, parameters: list, steps: int) -> Callable[[], object]:
    inputs = test_part().scaled()
    batch = workload.batch
    starts = [step * batch % len(inputs) for step in range(steps)]
    predict = jax.jit(lambda x: jax.nn.softmax(outputs(workload, parameters, x, None)))

    def turn() -> None:
        for start in starts:
            np.asarray(predict(inputs[start : start + batch]))

    return turn


if __name__ == "__main__":
    serve(prepare)
