"""Checks of a layer's traits, on which warnings rely: that they are so."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.input_promises import check_traits
from layerkit.testing.expect import expect_same
from layerkit.testing.layer_case import BuiltLayer, LayerCase

SCALES = (1.0, 10.0, 1000.0)
"""What inputs are multiplied by."""
ROUNDING = 1e-6
ABOUT = 2.0
"""How many times as large outputs of about the same size may be."""


def traits_are_known(case: LayerCase) -> None:
    """Check that ``traits`` returns `LayerTraits` with the words that there are."""
    check_traits(case.config)


def outputs_as_stated(case: LayerCase) -> None:
    """Check that outputs are in the range that the traits state, for inputs of several sizes."""
    stated = check_traits(case.config).outputs
    if stated == "any" or case.reads_ids:
        return
    least = 0.0 if stated == "probabilities" else -1.0
    for scale in SCALES:
        y = case.build(case.largest).evaluate(scale * case.inputs(case.largest))
        if y.min() < least - ROUNDING or y.max() > 1 + ROUNDING:
            raise AssertionError(
                f"expected outputs from {least:g} to 1, as traits say '{stated}'; found some from "
                f"{y.min():.6g} to {y.max():.6g} for inputs times {scale:g}"
            )
        if stated == "probabilities" and not np.allclose(y.sum(axis=-1), 1, atol=ROUNDING):
            raise AssertionError("expected outputs that add up to 1, as traits say 'probabilities'")


def noise_as_stated(case: LayerCase) -> None:
    """Check that traits of a layer whose outputs differ by the step say ``adds_noise``.

    Composites say it of no layer inside: warnings look at those themselves.
    """
    if check_traits(case.config).adds_noise or case.config.plan(case.input_shape).layers:
        return
    built, x = case.build(case.largest), case.inputs(case.largest)
    first = built.forward(x)
    built.reset(len(x))
    built.layer.context.memory.random.start(1)
    found = built.layer.forward(x, training=True)
    try:
        expect_same("outputs of the second step", first, found)
    except AssertionError as failure:
        raise AssertionError(f"{failure}; traits say adds_noise=False") from failure


def examples_as_stated(case: LayerCase) -> None:
    """Check that traits of a layer whose outputs depend on other examples say so."""
    if check_traits(case.config).compares_examples or case.largest < 2:
        return
    if case.config.plan(case.input_shape).layers:
        return
    first, second = case.build(case.largest), case.build(case.largest)
    x, others = case.inputs(case.largest), case.inputs(case.largest, "other examples")
    others[0] = x[0]
    try:
        expect_same("outputs of the first example", first.forward(x)[0], second.forward(others)[0])
    except AssertionError as failure:
        reason = "beside other examples; traits say compares_examples=False"
        raise AssertionError(f"{failure} {reason}") from failure


def size_as_stated(case: LayerCase) -> None:
    """Check that outputs of a layer which ``rescales`` are about as large for larger inputs."""
    if not check_traits(case.config).rescales or case.reads_ids:
        return
    sizes = [_size(case, scale * case.inputs(case.largest)) for scale in SCALES]
    if max(sizes) > ABOUT * min(sizes):
        raise AssertionError(
            "expected outputs of about the same size, as traits say rescales=True; found "
            f"{min(sizes):.3g} and {max(sizes):.3g} for inputs of sizes {SCALES}"
        )


def gradient_as_stated(case: LayerCase) -> None:
    """Check that the input gradient is more than zeros, unless traits deny it.

    Outputs that are the same for all inputs, as of a single value that is normalized, have none;
    and noise may drop all of a few inputs.
    """
    traits = check_traits(case.config)
    if case.reads_ids or traits.adds_noise:
        return
    passes = traits.passes_gradient
    x = case.inputs(case.largest)
    built, _ = _adapted(case, x)
    other = built.layer.forward(x[::-1].copy(), training=True).copy()
    y = built.layer.forward(0.9 * x, training=True)  # between the values that it was adapted to
    if np.array_equal(y, other):
        return
    dx = built.backward(case.output_gradient(case.largest))
    if passes and not dx.any():
        raise AssertionError(
            "expected a gradient, found zeros alone; or set passes_gradient=False in the traits"
        )
    if not passes:
        expect_same("input gradient, of which traits say there is none", np.zeros_like(dx), dx)


def _size(case: LayerCase, x: Array) -> float:
    """Return the largest output of a layer that was adapted to these inputs."""
    _, outputs = _adapted(case, x)
    return float(np.abs(outputs).max())


def _adapted(case: LayerCase, x: Array) -> tuple[BuiltLayer, Array]:
    """Return a layer that was adapted to inputs, as before training, and its outputs for them."""
    built = case.build(case.largest)
    built.reset(len(x))
    built.layer.adapt(lambda: [x])
    return built, built.layer.forward(x, training=True).copy()


TRAIT_CHECKS = (
    traits_are_known,
    outputs_as_stated,
    noise_as_stated,
    examples_as_stated,
    size_as_stated,
    gradient_as_stated,
)
