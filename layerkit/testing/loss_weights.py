"""Checks of what a loss makes of the weights that it is given."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.loss import LossConfig
from layerkit.testing.expect import expect_close, expect_equal, expect_finite, expect_same
from layerkit.testing.loss_value import new_loss
from layerkit.testing.output_case import Arguments, OutputCase

FACTOR = 3.0
"""The factor of the weights, to check that the loss has it too."""


def linear_in_weights(case: OutputCase[LossConfig]) -> None:
    """Check that weights three times as large make value and gradient three times as large."""
    outputs, targets = case.outputs(case.largest), case.targets(case.largest)
    weights, loss = case.weights(case.largest), new_loss(case, case.largest)
    once, thrice = np.zeros_like(outputs), np.zeros_like(outputs)
    value = loss.gradient(outputs, targets, weights, once)
    found = loss.gradient(outputs, targets, FACTOR * weights, thrice)
    expect_close("value at 3 times the weights", np.array(FACTOR * value), np.array(found), 1e-12)
    expect_close("gradient at 3 times the weights", FACTOR * once, thrice, 1e-12)


def sum_of_examples(case: OutputCase[LossConfig]) -> None:
    """Check that the loss of a batch is the sum of those of its examples, each a batch of its own.

    A loss that divides by the number of examples, or by the sum of the weights, does what the
    engine has done already.
    """
    outputs, targets = case.outputs(case.largest), case.targets(case.largest)
    weights, loss = case.weights(case.largest), new_loss(case, case.largest)
    whole, parts, value = np.zeros_like(outputs), np.zeros_like(outputs), 0.0
    found = loss.gradient(outputs, targets, weights, whole)
    for row in range(case.largest):
        one = slice(row, row + 1)
        value += loss.gradient(outputs[one], targets[one], weights[one], parts[one])
    expect_close("value of the batch, as a sum", np.array(value), np.array(found), 1e-12)
    expect_close("gradient of the batch", parts, whole, 1e-12)


def sum_of_items(case: OutputCase[LossConfig]) -> None:
    """Check that value and gradient are the sum of those with one weight above 0 at a time."""
    outputs, targets = case.outputs(case.largest), case.targets(case.largest)
    weights, loss = case.weights(case.largest), new_loss(case, case.largest)
    whole, total, value = np.zeros_like(outputs), np.zeros_like(outputs), 0.0
    found = loss.gradient(outputs, targets, weights, whole)
    for index in np.ndindex(weights.shape):
        alone, part = np.zeros_like(weights), np.zeros_like(outputs)
        alone[index] = weights[index]
        value += loss.gradient(outputs, targets, alone, part)
        total += part
    expect_close("value of all items, as a sum", np.array(value), np.array(found), 1e-12)
    expect_close("gradient of all items", total, whole, 1e-12)


def zero_weights(case: OutputCase[LossConfig]) -> None:
    """Check that what has weight 0 has a gradient of exactly 0, and adds nothing.

    Losses of the steps of an example are those of its outputs, in the same order.
    """
    outputs, targets = case.outputs(case.largest), case.targets(case.largest)
    weights, loss = case.weights(case.largest), new_loss(case, case.largest)
    for index in np.ndindex(weights.shape):
        without, grad = weights.copy(), np.zeros_like(outputs)
        without[index] = 0
        loss.gradient(outputs, targets, without, grad)
        of_item: Array = np.asarray(grad[index])
        expect_same(f"gradient at {index}, of weight 0", np.zeros_like(of_item), of_item)
    if case.largest > 1:
        grad, rest = np.zeros_like(outputs), np.zeros_like(outputs[1:])
        weights[0] = 0
        found = loss.gradient(outputs, targets, weights, grad)
        value = loss.gradient(outputs[1:], targets[1:], weights[1:], rest)
        expect_close("value without the first", np.array(value), np.array(found), 1e-12)
        expect_close("gradient without the first", rest, grad[1:], 1e-12)
    weights.fill(0)
    nothing = loss.value(outputs, targets, weights)
    expect_equal("value where all weights are 0", 0.0, nothing)


def weigh(case: OutputCase[LossConfig]) -> None:
    """Check that ``weigh`` multiplies each weight by a number from 0 that depends on its target."""
    loss, given = new_loss(case, case.largest + 3), Arguments.of(case)
    weights = case.weights(case.largest)
    factors = np.ones_like(weights)
    loss.weigh(given.targets, factors)
    given.expect_untouched("weigh")
    expect_finite("what the targets weigh", factors)
    if np.any(factors < 0):
        raise AssertionError(f"weigh: expected numbers from 0, found {factors.min()}")
    if not loss.weighs:
        expect_same("weights after weigh of a loss that says it changes none", weights**0, factors)
    expected = weights * factors
    loss.weigh(given.targets, weights)
    expect_close("weights after weigh", expected, weights, 1e-12)
    for row in range(case.largest):
        alone: Array = np.ones_like(factors[row : row + 1])
        loss.weigh(given.targets[row : row + 1], alone)
        expect_close("weights of one example", factors[row : row + 1], alone, 1e-12)


WEIGHT_CHECKS = (
    linear_in_weights,
    sum_of_examples,
    sum_of_items,
    zero_weights,
    weigh,
)
