"""Checks of a layer's plan."""

from __future__ import annotations

import numpy as np

from layerkit.randomness import generator
from layerkit.testing.expect import expect_equal, expect_finite
from layerkit.testing.layer_case import LayerCase


def plan_is_repeatable(case: LayerCase) -> None:
    """Check that the same shape gets the same plan, even after plans of other shapes."""
    first = case.config.plan(case.input_shape)
    expect_equal("second plan", first, case.config.plan(case.input_shape))


def plan_shapes(case: LayerCase) -> None:
    """Check that every shape planned is a tuple of integers from 1, every name an identifier."""
    plan = case.config.plan(case.input_shape)
    shapes = {
        "output": plan.output,
        **{f"parameter '{name}'": spec.shape for name, spec in plan.params.items()},
        **{f"state '{name}'": spec.shape for name, spec in plan.state.items()},
    }
    for what, shape in shapes.items():
        if type(shape) is not tuple or not all(type(axis) is int and axis > 0 for axis in shape):
            raise AssertionError(f"shape of {what}: expected integers from 1, found {shape!r}")
    for name in (*plan.params, *plan.state):
        if not name.isidentifier():
            raise AssertionError(f"expected a name like 'weight', found '{name}'")


def planned_initializers(case: LayerCase) -> None:
    """Check that the initializer planned for each parameter fills it with finite numbers."""
    for name, spec in case.config.plan(case.input_shape).all_params():
        value = np.full(spec.shape, np.nan)
        spec.initializer.build().fill(value, spec.fan, generator(case.seed, name))
        expect_finite(f"initial '{name}'", value)


PLAN_CHECKS = (plan_is_repeatable, plan_shapes, planned_initializers)
