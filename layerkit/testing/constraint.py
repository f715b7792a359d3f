"""`check_constraint`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array, FloatType, Shape
from layerkit.contracts.constraint import CONSTRAINTS, ConstraintConfig
from layerkit.randomness import generator
from layerkit.testing.allocation import MANY, expect_no_allocation
from layerkit.testing.case import Case, checks_on
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.expect import (
    expect_close,
    expect_equal,
    expect_finite,
    expect_same,
)
from layerkit.testing.sampling import DTYPES, FLOAT32, FLOAT64, draw_apart, no_global_randomness

SIZES = (1e-6, 1.0, 1e4)
"""Magnitudes of the parameters that are tried."""


def check_constraint(
    constraint: str | Mapping[str, object] | ConstraintConfig,
    *,
    shape: Shape = (7, 5),
    seed: int = 0,
) -> None:
    """Check that a constraint keeps its contract: in place, and once is as good as twice.

    Parameters
    ----------
    constraint
        Name, table or config.
    shape
        Of the parameter.
    seed
        Of the parameter.

    Raises
    ------
    AssertionError
        If a check fails; the message begins with the check's name.
    """
    case_of_constraint(constraint, shape=shape, seed=seed).check()


def case_of_constraint(
    constraint: str | Mapping[str, object] | ConstraintConfig,
    *,
    shape: Shape = (7, 5),
    seed: int = 0,
) -> Case:
    """Return the case that `check_constraint` checks; see there."""
    config = config_of(CONSTRAINTS, constraint)
    what = f"constraint '{config.type_name()}' on {shape}"
    checks = checks_on(what, config, CONFIG_CHECKS)
    checks += checks_on(what, ConstraintCase(config, shape, seed), CONSTRAINT_CHECKS)
    return Case(config, what, checks)


@dataclass(frozen=True, slots=True)
class ConstraintCase:
    """What `check_constraint` was asked to check."""

    config: ConstraintConfig
    shape: Shape
    seed: int

    def value(
        self, size: float = 1.0, dtype: FloatType = FLOAT64, draw: str = "parameter"
    ) -> Array:
        """Return a parameter of about that magnitude, the same every time."""
        return (size * draw_apart(generator(self.seed, draw), self.shape)).astype(dtype)

    def applied(self, value: Array, times: int = 1) -> Array:
        """Return the same parameter, after a new constraint has brought it back."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            constraint = self.config.build(value)
            for _ in range(times):
                constraint.apply()
        return value


def changes_something(case: ConstraintCase) -> None:
    """Check that some parameter, small or large, is changed in place."""
    if all(np.array_equal(case.value(size), case.applied(case.value(size))) for size in SIZES):
        raise AssertionError(
            f"expected parameters of magnitude {SIZES[0]:g} or {SIZES[-1]:g} to change in place, "
            "found all as they were"
        )


def stays_finite(case: ConstraintCase) -> None:
    """Check that parameters of any magnitude, and those that are 0, stay numbers."""
    for dtype in DTYPES:
        for size in (0.0, *SIZES):
            found = case.applied(case.value(size, dtype))
            expect_finite(f"parameter of magnitude {size:g} in {dtype}", found)


def once_is_enough(case: ConstraintCase) -> None:
    """Check that what has been brought back is left where it is."""
    for dtype in DTYPES:
        tolerance = 8 * float(np.finfo(dtype).eps)
        for size in SIZES:
            once = case.applied(case.value(size, dtype))
            twice = case.applied(case.value(size, dtype), 2)
            what = f"parameter of magnitude {size:g} in {dtype}, applied twice"
            expect_close(what, once, twice, tolerance)


def constraint_is_repeatable(case: ConstraintCase) -> None:
    """Check that the same parameter gives the same bits, with nothing drawn at random."""
    with no_global_randomness():
        first, second = (case.applied(case.value(SIZES[-1])) for _ in range(2))
    expect_same("parameter", first, second)


def carries_nothing_over(case: ConstraintCase) -> None:
    """Check that a step does not depend on those before, which a restart would forget."""
    value = case.value(draw="other parameter")
    constraint = case.config.build(value)
    expect_equal("state()", None, constraint.state())
    for size in SIZES:
        np.copyto(value, case.value(size, draw="other parameter"))
        constraint.apply()
        np.copyto(value, case.value(size))
        constraint.apply()
        expect_same("parameter after another step", case.applied(case.value(size)), value)


def float32_agrees_with_float64(case: ConstraintCase) -> None:
    """Check that float32 loses no more than float32 must."""
    for size in SIZES:
        exact = case.applied(case.value(size))
        expect_close("parameter in float32", exact, case.applied(case.value(size, FLOAT32)), 1e-4)


def steady_step_allocates_nothing(case: ConstraintCase) -> None:
    """Check that a constraint on many values allocates less than a byte for every one."""
    value = np.full((512, MANY // 512), 2, FLOAT32)
    expect_no_allocation(case.config.build(value).apply, MANY)


CONSTRAINT_CHECKS = (
    changes_something,
    stays_finite,
    constraint_is_repeatable,
    once_is_enough,
    carries_nothing_over,
    float32_agrees_with_float64,
    steady_step_allocates_nothing,
)
