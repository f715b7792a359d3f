"""Checks of a layer's input gradient and of its randomness."""

from __future__ import annotations

from layerkit.testing.expect import expect_all_same, expect_equal
from layerkit.testing.layer_case import LayerCase
from layerkit.testing.sampling import DTYPES, no_global_randomness


def input_gradient_shape(case: LayerCase) -> None:
    """Check that the input gradient has the shape of the inputs, for every batch size."""
    if case.reads_ids:
        return
    for count in case.batch_sizes:
        built = case.build(count)
        x = case.inputs(count)
        built.forward(x)
        expect_equal("input gradient", x.shape, built.backward(case.output_gradient(count)).shape)


def input_gradient_dtype(case: LayerCase) -> None:
    """Check that the input gradient has the context's dtype."""
    if case.reads_ids:
        return
    for dtype in DTYPES:
        built = case.build(case.largest, dtype=dtype)
        built.forward(case.inputs(case.largest, dtype=dtype))
        dx = built.backward(case.output_gradient(case.largest, dtype))
        expect_equal("input gradient", dtype, dx.dtype)


def input_gradient_optional(case: LayerCase) -> None:
    """Check that without ``context.input_grad`` all is the same, but `backward` returns None."""
    x, dy = case.inputs(case.largest), case.output_gradient(case.largest)
    with_it = case.build(case.largest)
    without = case.build(case.largest, wants_input_grad=False)
    with_it.train(x, dy)
    without.forward(x)
    dx = without.layer.backward(dy.copy())
    if dx is not None:
        raise AssertionError(
            f"expected None, as context.input_grad is None; found an array of shape {dx.shape}"
        )
    expect_all_same(with_it.gradients(), without.gradients())


def training_is_repeatable(case: LayerCase) -> None:
    """Check that all randomness comes from ``context.rng``: the same seed gives the same bits."""
    built, other = case.build(case.largest), case.build(case.largest)
    x, dy = case.inputs(case.largest), case.output_gradient(case.largest)
    with no_global_randomness():
        first = built.train(x, dy)
        built.fill_gradients(0.0)
        expect_all_same(first, built.train(x, dy))
        expect_all_same(first, other.train(x, dy))


def gradients_assigned(case: LayerCase) -> None:
    """Check that gradients replace whatever is in their memory, rather than add to it."""
    built = case.build(case.largest)
    x, dy = case.inputs(case.largest), case.output_gradient(case.largest)
    built.fill_gradients(0.0)
    clean = built.train(x, dy)
    expect_all_same(clean, built.train(x, dy))
    built.fill_gradients(float("nan"))
    expect_all_same(clean, built.train(x, dy))


BACKWARD_CHECKS = (
    input_gradient_shape,
    input_gradient_dtype,
    input_gradient_optional,
    training_is_repeatable,
    gradients_assigned,
)
