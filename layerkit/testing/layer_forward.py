"""Checks of a layer's forward pass."""

from __future__ import annotations

from layerkit.testing.expect import (
    expect_all_same,
    expect_close,
    expect_equal,
    expect_finite,
    expect_number,
    expect_same,
)
from layerkit.testing.layer_case import LayerCase
from layerkit.testing.sampling import DTYPES, FLOAT32, no_global_randomness


def output_shape(case: LayerCase) -> None:
    """Check that outputs have the shape planned, for every batch size, training or not."""
    planned = case.config.plan(case.input_shape).output
    for count in case.batch_sizes:
        built = case.build(count)
        x = case.inputs(count)
        expect_equal("outputs in training", (count, *planned), built.forward(x).shape)
        expect_equal("outputs in evaluation", (count, *planned), built.evaluate(x).shape)


def output_dtype(case: LayerCase) -> None:
    """Check that outputs have the context's dtype, training or not."""
    count = case.largest
    for dtype in DTYPES:
        built = case.build(count, dtype=dtype)
        x = case.inputs(count, dtype=dtype)
        expect_equal("outputs in evaluation", dtype, built.evaluate(x).dtype)
        expect_equal("outputs in training", dtype, built.forward(x).dtype)


def float32_agrees_with_float64(case: LayerCase) -> None:
    """Check that float32 loses no more than float32 must."""
    count = case.largest
    exact, rough = case.build(count), case.build(count, dtype=FLOAT32)
    x = case.inputs(count)
    found = rough.evaluate(x.astype(FLOAT32))
    expect_close("outputs in float32", exact.evaluate(x), found, 1e-4)


def input_untouched(case: LayerCase) -> None:
    """Check that the inputs, which the layer before still needs, are never written."""
    built = case.build(case.largest)
    x = case.inputs(case.largest)
    before = x.copy()
    built.evaluate(x)
    expect_same("inputs after evaluation", before, x)
    built.forward(x)
    expect_same("inputs after forward", before, x)
    built.layer.backward(case.output_gradient(case.largest))
    expect_same("inputs after backward", before, x)


def parameters_untouched(case: LayerCase) -> None:
    """Check that neither pass writes the parameters, which are the optimizer's."""
    built = case.build(case.largest)
    before = built.values()
    x = case.inputs(case.largest)
    built.evaluate(x)
    expect_all_same(before, built.values())
    built.forward(x)
    built.layer.backward(case.output_gradient(case.largest))
    expect_all_same(before, built.values())


def evaluation_is_repeatable(case: LayerCase) -> None:
    """Check that evaluation draws nothing at random and gives the same outputs every time."""
    built = case.build(case.largest)
    x = case.inputs(case.largest)
    rng = built.layer.context.rng
    before = repr(rng.bit_generator.state)
    with no_global_randomness():
        first = built.evaluate(x)
        expect_same("second evaluation", first, built.evaluate(x))
    expect_equal("context.rng after evaluation", before, repr(rng.bit_generator.state))


def evaluation_keeps_state(case: LayerCase) -> None:
    """Check that only training writes the state."""
    built = case.build(case.largest)
    before = built.state()
    built.evaluate(case.inputs(case.largest))
    expect_all_same(before, built.state())


def outputs_finite(case: LayerCase) -> None:
    """Check that inputs near 1 give finite outputs, and add a finite number to the loss."""
    built = case.build(case.largest)
    x = case.inputs(case.largest)
    expect_finite("outputs in evaluation", built.evaluate(x))
    expect_finite("outputs in training", built.forward(x))
    expect_number("loss added", built.added_loss)


FORWARD_CHECKS = (
    output_shape,
    output_dtype,
    outputs_finite,
    float32_agrees_with_float64,
    input_untouched,
    parameters_untouched,
    evaluation_is_repeatable,
    evaluation_keeps_state,
)
