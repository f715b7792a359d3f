"""Checks of what a layer's config says of its inputs: that its class does so."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.input_promises import check_missing_values, check_passed_inputs
from layerkit.randomness import generator
from layerkit.testing.expect import expect_finite, expect_same
from layerkit.testing.layer_case import LayerCase


def missing_values_filled(case: LayerCase) -> None:
    """Check that a layer which fills missing values puts out none, and gives them no gradient."""
    if check_missing_values(case.config) != "fills" or case.reads_ids:
        return  # no id is missing: ids are checked where data enter the network
    built, x = case.build(case.largest), _with_missing(case)
    expect_finite("outputs for inputs with nan, in evaluation", built.evaluate(x))
    expect_finite("outputs for inputs with nan, in training", built.forward(x))
    if built.layer.context.input_grad is None:
        return
    dx = built.backward(case.output_gradient(case.largest))
    expect_finite("gradient with respect to inputs with nan", dx)
    missing = dx[np.isnan(x)]
    expect_same("gradient with respect to inputs that are nan", np.zeros_like(missing), missing)


def inputs_passed(case: LayerCase) -> None:
    """Check that outputs are the inputs that the config says they are."""
    output = case.config.plan(case.input_shape).output
    passed = check_passed_inputs(case.config, case.input_shape, output)
    if passed is None:
        return
    x = case.inputs(case.largest) if passed.fill is None else _with_missing(case)
    expected: Array = x.reshape(len(x), -1)[:, list(passed.positions)].reshape(len(x), *output)
    if passed.fill is not None:
        expected = np.where(np.isnan(expected), passed.fill, expected)
    built = case.build(case.largest)
    expect_same("inputs passed on in evaluation", expected, built.evaluate(x))
    expect_same("inputs passed on in training", expected, built.forward(x))


def _with_missing(case: LayerCase) -> Array:
    """Return inputs of which about a third is nan, in every batch at least one."""
    x = case.inputs(case.largest)
    missing = generator(case.seed, "missing inputs").random(x.shape) < 1 / 3
    missing.reshape(-1)[-1] = True
    x[missing] = np.nan
    return x


INPUT_CHECKS = (missing_values_filled, inputs_passed)
