"""Checks of a loss's gradient."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.loss import LossConfig
from layerkit.randomness import generator
from layerkit.testing.differences import central_differences, expect_gradient, probed
from layerkit.testing.expect import expect_close, expect_same
from layerkit.testing.loss_value import new_loss
from layerkit.testing.output_case import OutputCase
from layerkit.testing.sampling import no_global_randomness


def value_of_gradient(case: OutputCase[LossConfig]) -> None:
    """Check that ``gradient`` returns what ``value`` returns."""
    for count in case.batch_sizes:
        loss, outputs, targets = new_loss(case, count), case.outputs(count), case.targets(count)
        weights, out = case.weights(count), np.zeros_like(outputs)
        expected = np.array(loss.value(outputs, targets, weights))
        found = np.array(loss.gradient(outputs, targets, weights, out))
        expect_close("value returned by gradient", expected, found, 1e-12)


def gradient_assigned(case: OutputCase[LossConfig]) -> None:
    """Check that ``gradient`` replaces all that is in its memory, the same every time."""
    outputs, targets = case.outputs(case.largest), case.targets(case.largest)
    weights, loss = case.weights(case.largest), new_loss(case, case.largest)
    first, again = np.zeros_like(outputs), np.full_like(outputs, np.nan)
    with no_global_randomness():
        loss.gradient(outputs, targets, weights, first)
        loss.gradient(outputs, targets, weights, again)
    expect_same("gradient, asked again", first, again)


def short_batch(case: OutputCase[LossConfig]) -> None:
    """Check that a batch below capacity, after a full one, leaves no trace of the full one."""
    capacity = case.largest + 3
    larger = new_loss(case, capacity)
    for count in case.batch_sizes:
        full = case.outputs(capacity)
        larger.gradient(full, case.targets(capacity), case.weights(capacity), np.zeros_like(full))
        outputs, targets = case.outputs(count), case.targets(count)
        expected, found = np.zeros_like(outputs), np.zeros_like(outputs)
        weights = case.weights(count)
        value = new_loss(case, count).gradient(outputs, targets, weights, expected)
        value_found = larger.gradient(outputs, targets, weights, found)
        expect_close(f"value of {count} examples", np.array(value), np.array(value_found), 1e-12)
        expect_close(f"gradient of {count} examples", expected, found, 1e-12)


def gradient(case: OutputCase[LossConfig]) -> None:
    """Check the gradient against central differences of the value."""
    loss, outputs = new_loss(case, case.largest), case.outputs(case.largest)
    targets = case.targets(case.largest)
    found, weights = np.zeros_like(outputs), case.weights(case.largest)
    loss.gradient(outputs, targets, weights, found)

    def value() -> Array:
        return np.array(loss.value(outputs, targets, weights))

    positions = probed(outputs.size, generator(case.seed, "probed"))
    numeric = central_differences(value, np.ones(()), outputs, positions)
    expect_gradient("gradient with respect to the outputs", numeric, found, positions)


GRADIENT_CHECKS = (
    value_of_gradient,
    gradient_assigned,
    gradient,
    short_batch,
)
