"""Rows about optimizers, penalties, gradients, constraints and schedules."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sqrt
from typing import TypeAlias

import numpy as np

from layerkit.arrays import Array
from layerkit.constraints import MaxNorm
from layerkit.contracts.events import EpochEnded
from layerkit.contracts.schedule import ScheduleConfig, ScheduleContext
from layerkit.gradient_transforms import ClipByNorm
from layerkit.optimizers import AdamW
from layerkit.plan.network import plan_network
from layerkit.regularizers import L2, ElasticNet
from layerkit.schedules import Cosine, Polynomial, ReduceOnPlateau
from layerkit.testing.build import build_gradient_transform
from tests.conventions.numbers import Numbers, Rows, drawn, layer, steps
from tests.helpers.specs import small_spec

TINY = drawn(4, 3, scale=1e-7)
"""Gradients so small that epsilon counts."""
GRADIENTS = drawn(4, 3)
ALIKE = np.full(4, 0.1)
FALLING = np.array([0.1, 0.1, 0.01, 0.01])


Step: TypeAlias = Callable[[int, float, Array, Array], Array]


def by_steps(step: Step, gradients: Array, rates: Array) -> Array:
    """Return the parameters after every step ``w = step(t, lr, w, g)``, from 0."""
    w: Array = np.zeros(gradients.shape[1])
    found = np.zeros_like(gradients)
    for t, (rate, g) in enumerate(zip(rates.tolist(), gradients, strict=True), 1):
        w = found[t - 1] = step(t, rate, w, g)
    return found


def adam_path(gradients: Array, epsilon: float, *, corrected_first: bool) -> Array:
    m, v = np.zeros(3), np.zeros(3)

    def step(t: int, rate: float, w: Array, g: Array) -> Array:
        m[...] = 0.9 * m + 0.1 * g
        v[...] = 0.999 * v + 0.001 * g**2
        first, second = 1 - 0.9**t, 1 - 0.999**t
        if corrected_first:
            return w - rate * (m / first) / (np.sqrt(v / second) + epsilon)
        return w - rate * sqrt(second) / first * m / (np.sqrt(v) + epsilon)

    return by_steps(step, gradients, ALIKE)


def adam_epsilon() -> Numbers:
    return Numbers(
        steps({"type": "adam"}, TINY, ALIKE),
        adam_path(TINY, 1e-8, corrected_first=True),
        adam_path(TINY, 1e-7, corrected_first=False),
    )


def adagrad_epsilon() -> Numbers:
    def path(initial: float, root: Callable[[Array], Array]) -> Array:
        s = np.full(3, initial)

        def step(_: int, rate: float, w: Array, g: Array) -> Array:
            s[...] = s + g**2
            return w - rate * g / root(s)

        return by_steps(step, TINY, ALIKE)

    return Numbers(
        steps({"type": "adagrad"}, TINY, ALIKE),
        path(0.0, lambda s: np.sqrt(s) + 1e-10),
        path(0.1, lambda s: np.sqrt(s + 1e-7)),
    )


def rmsprop_path(
    gradients: Array, rates: Array, root: Callable[[Array], Array], momentum: float, *, inside: bool
) -> Array:
    v, b = np.zeros(3), np.zeros(3)

    def step(_: int, rate: float, w: Array, g: Array) -> Array:
        v[...] = 0.99 * v + 0.01 * g**2
        b[...] = momentum * b + (rate if inside else 1) * g / root(v)
        return w - (1 if inside else rate) * b

    return by_steps(step, gradients, rates)


def outside(v: Array) -> Array:
    root: Array = np.sqrt(v) + 1e-8
    return root


def within(v: Array) -> Array:
    root: Array = np.sqrt(v + 1e-7)
    return root


def rmsprop_epsilon() -> Numbers:
    return Numbers(
        steps({"type": "rmsprop"}, TINY, ALIKE),
        rmsprop_path(TINY, ALIKE, outside, 0.0, inside=False),
        rmsprop_path(TINY, ALIKE, within, 0.0, inside=True),
    )


def rmsprop_momentum() -> Numbers:
    return Numbers(
        steps({"type": "rmsprop", "momentum": 0.9}, GRADIENTS, FALLING),
        rmsprop_path(GRADIENTS, FALLING, outside, 0.9, inside=False),
        rmsprop_path(GRADIENTS, FALLING, outside, 0.9, inside=True),
    )


def sgd_momentum() -> Numbers:
    def path(*, inside: bool) -> Array:
        v = np.zeros(3)

        def step(_: int, rate: float, w: Array, g: Array) -> Array:
            v[...] = 0.9 * v - (rate if inside else 1) * g
            return w + (1 if inside else rate) * v

        return by_steps(step, GRADIENTS, FALLING)

    table = {"type": "sgd", "momentum": 0.9}
    return Numbers(steps(table, GRADIENTS, FALLING), path(inside=False), path(inside=True))


def sgd_dampening() -> Numbers:
    v = np.zeros(3)

    def step(t: int, rate: float, w: Array, g: Array) -> Array:
        v[...] = g if t == 1 else 0.9 * v + (1 - 0.4) * g
        return w - rate * v

    table = {"type": "sgd", "momentum": 0.9, "dampening": 0.4}
    return Numbers(steps(table, GRADIENTS, ALIKE), by_steps(step, GRADIENTS, ALIKE), None)


def penalty_gradient(config: L2 | ElasticNet, w: Array) -> Array:
    grad = np.zeros_like(w)
    config.build().penalize(w, grad, np.zeros_like(w))
    return grad


def l2_factor() -> Numbers:
    w = drawn(5)
    return Numbers(penalty_gradient(L2(strength=0.3), w), 0.3 * w, 2 * 0.3 * w)


def elastic_net_factor() -> Numbers:
    w = drawn(5)
    return Numbers(penalty_gradient(ElasticNet(l1=0.0, l2=0.3), w), None, 2 * 0.3 * w)


def l2_with_adam() -> Numbers:
    start = drawn(3)

    def path(*, decoupled: bool) -> Array:
        m, v, w = np.zeros(3), np.zeros(3), start.copy()
        found = np.zeros_like(GRADIENTS)
        for t, g in enumerate(GRADIENTS, 1):
            whole = g if decoupled else g + 0.3 * w
            m = 0.9 * m + 0.1 * whole
            v = 0.999 * v + 0.001 * whole**2
            w = w - (0.1 * 0.3 * w if decoupled else 0)
            w = w - 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
            found[t - 1] = w
        return found

    w, gradients, own = start, GRADIENTS.copy(), np.zeros_like(GRADIENTS)
    for index in range(4):
        gradients[index] += penalty_gradient(L2(strength=0.3), w)
        so_far = slice(index + 1)
        own[so_far] = steps({"type": "adam"}, gradients[so_far], ALIKE[so_far], start)
        w = own[index]
    return Numbers(own, path(decoupled=False), path(decoupled=True))


def adamw_decays() -> Numbers:
    spec = small_spec("layers.1='batch_norm'").model_copy(update={"optimizer": AdamW()})
    groups = plan_network(spec).groups
    paths = ("dense_1.weight", "dense_1.bias", "batch_norm_1.scale", "batch_norm_1.shift")
    factors = np.array([groups[path].decay for path in paths])
    np.testing.assert_array_equal(factors, [1, 0, 0, 0])
    return Numbers(factors, np.ones(4), np.ones(4))


def activity_size() -> Numbers:
    x = drawn(5, 3)
    built = layer({"type": "activity_regularization", "l2": 0.3}, x)
    built.context.memory.added_loss.start(len(x))
    built.forward(x, training=True)
    total = built.context.memory.added_loss.total
    return Numbers(np.array(total), None, 0.3 * np.square(x).sum())


def clip_factor() -> Numbers:
    g = drawn(4, scale=1e-2)
    own = g.copy()
    build_gradient_transform(ClipByNorm(max_norm=1e-3)).apply([own], 1)
    norm = np.linalg.norm(g)
    return Numbers(own, g * 1e-3 / (norm + 1e-6), g * 1e-3 / norm)


def max_norm_axes() -> Numbers:
    filters = 3 * drawn(3, 3, 2, 4)
    own = filters.copy()
    MaxNorm(limit=1.0).build(own).apply()
    norms = np.sqrt(np.square(filters).sum(axis=(0, 1, 2), keepdims=True))
    np.testing.assert_allclose(own, filters / np.maximum(norms, 1))
    columns = np.sqrt(np.square(filters).sum(axis=0, keepdims=True))
    return Numbers(own, None, filters * np.clip(columns, 0, 1) / (1e-7 + columns))


def plateau_patience() -> Numbers:
    def reduced_after(waits: int) -> Array:
        return np.array([1.0 if epoch <= waits + 1 else 0.1 for epoch in range(1, 8)])

    schedule = ReduceOnPlateau(patience=3).build(ScheduleContext(1.0, 1, 7, {"loss": False}))
    own: list[float] = []
    for epoch in range(1, 8):
        own.append(schedule(epoch - 1))
        schedule.observe(EpochEnded(epoch, epoch, 1.0, {}, {"loss": 0.5}, 1.0, 1.0))
    return Numbers(np.array(own), reduced_after(4), reduced_after(3))


def last_rate(config: ScheduleConfig, step: int) -> Array:
    return np.array(config.build(ScheduleContext(0.5, 1, 11))(step))


def cosine_end() -> Numbers:
    half = (1 + cos(pi * 10 / 11)) / 2
    of_share = 0.5 * (0.1 + (1 - 0.1) * half)
    of_rate = 0.1 + (0.5 - 0.1) * half
    return Numbers(last_rate(Cosine(last=0.1), 10), np.array(of_rate), np.array(of_share))


def polynomial_end() -> Numbers:
    left = 1 - 10 / 11
    ends = {"share": 0.5 * 0.1, "rate": 0.1}
    own = ends["share"] + (0.5 - ends["share"]) * left
    np.testing.assert_allclose(last_rate(Polynomial(last=0.1), 10), own)
    keras = ends["rate"] + (0.5 - ends["rate"]) * left
    return Numbers(last_rate(Polynomial(last=0.1), 10), np.array(0.5 * left), np.array(keras))


ROWS: Rows = {
    ("adam", "epsilon"): adam_epsilon,
    ("adagrad", "epsilon"): adagrad_epsilon,
    ("rmsprop", "epsilon"): rmsprop_epsilon,
    ("rmsprop", "momentum where the rate changes"): rmsprop_momentum,
    ("sgd", "momentum where the rate changes"): sgd_momentum,
    ("sgd", "dampening in the first step"): sgd_dampening,
    ("l2", "factor"): l2_factor,
    ("elastic_net", "factor of the squares"): elastic_net_factor,
    ("l2", "decay of Adam"): l2_with_adam,
    ("adamw", "what decays"): adamw_decays,
    ("activity_regularization", "size"): activity_size,
    ("clip_by_norm", "factor"): clip_factor,
    ("max_norm", "axes of a filter"): max_norm_axes,
    ("reduce_on_plateau", "patience of n"): plateau_patience,
    ("cosine", "where it ends"): cosine_end,
    ("polynomial", "where it ends"): polynomial_end,
}
