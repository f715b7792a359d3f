"""Checks of a loss's value and predictions."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import FloatType
from layerkit.contracts.loss import Loss, LossConfig
from layerkit.testing.expect import expect_close, expect_finite, expect_number
from layerkit.testing.output_case import Arguments, OutputCase
from layerkit.testing.sampling import DTYPES, FLOAT32, FLOAT64, no_global_randomness

EXTREME = 1e4


def new_loss(
    case: OutputCase[LossConfig], capacity: int, dtype: FloatType = FLOAT64
) -> Loss[LossConfig]:
    """Return a new loss with a capacity of that many examples."""
    return case.config.build(case.context(capacity, dtype))


def value_is_finite(case: OutputCase[LossConfig]) -> None:
    """Check that the value is a finite Python float for every batch size, in either dtype."""
    for count in case.batch_sizes:
        for dtype in DTYPES:
            outputs, targets = case.outputs(count, dtype), case.targets(count, dtype)
            weights, out = case.weights(count, dtype), np.zeros_like(outputs)
            loss = new_loss(case, count, dtype)
            expect_number("value", loss.value(outputs, targets, weights))
            value = loss.gradient(outputs, targets, weights, out)
            expect_number("value returned by gradient", value)


def value_is_repeatable(case: OutputCase[LossConfig]) -> None:
    """Check that the same batch has the same value every time, with nothing drawn at random."""
    outputs, targets = case.outputs(case.largest), case.targets(case.largest)
    weights, loss = case.weights(case.largest), new_loss(case, case.largest)
    with no_global_randomness():
        first, second = (np.array(loss.value(outputs, targets, weights)) for _ in range(2))
    expect_close("value, asked again", first, second, 0)


def arguments_untouched(case: OutputCase[LossConfig]) -> None:
    """Check that outputs, targets and weights are only read."""
    given, loss = Arguments.of(case), new_loss(case, case.largest)
    loss.value(given.outputs, given.targets, given.weights)
    given.expect_untouched("value")
    loss.gradient(given.outputs, given.targets, given.weights, np.zeros_like(given.outputs))
    given.expect_untouched("gradient")
    loss.predict(given.outputs, loss.context.buffer(loss.context.plan.prediction))
    given.expect_untouched("predict")


def float32_agrees_with_float64(case: OutputCase[LossConfig]) -> None:
    """Check that float32 loses no more than float32 must."""
    count = case.largest
    exact, rough = new_loss(case, count), new_loss(case, count, FLOAT32)
    expected = exact.value(case.outputs(count), case.targets(count), case.weights(count))
    found = rough.value(
        case.outputs(count, FLOAT32), case.targets(count, FLOAT32), case.weights(count, FLOAT32)
    )
    expect_close("value in float32", np.array(expected), np.array(found), 1e-4)


def extreme_outputs(case: OutputCase[LossConfig]) -> None:
    """Check that outputs of ±1e4 give a finite value, gradient and prediction."""
    count = case.largest
    for dtype in DTYPES:
        outputs = case.outputs(count, dtype)
        np.clip(1e6 * outputs, -EXTREME, EXTREME, out=outputs)
        loss, out = new_loss(case, count, dtype), np.zeros_like(outputs)
        targets, weights = case.targets(count, dtype), case.weights(count, dtype)
        expect_number("value", loss.value(outputs, targets, weights))
        loss.gradient(outputs, targets, weights, out)
        expect_finite("gradient", out)
        predicted = loss.context.buffer(loss.context.plan.prediction)
        loss.predict(outputs, predicted)
        expect_finite("prediction", predicted)


def prediction(case: OutputCase[LossConfig]) -> None:
    """Check that ``predict`` fills its memory with finite numbers, short batches too."""
    larger = new_loss(case, case.largest + 3)
    for count in case.batch_sizes:
        outputs = case.outputs(count)
        expected = np.full((count, *larger.context.plan.prediction), np.nan)
        found = np.full_like(expected, np.inf)
        new_loss(case, count).predict(outputs, expected)
        larger.predict(outputs, found)
        expect_finite("prediction", expected)
        expect_close(f"prediction of {count} at a larger capacity", expected, found, 1e-12)


VALUE_CHECKS = (
    value_is_finite,
    value_is_repeatable,
    arguments_untouched,
    float32_agrees_with_float64,
    extreme_outputs,
    prediction,
)
