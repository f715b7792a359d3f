"""`check_regularizer`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array, FloatType, Labels, Shape
from layerkit.contracts.layer_context import Parameter
from layerkit.contracts.regularizer import REGULARIZERS, RegularizerConfig
from layerkit.randomness import generator
from layerkit.testing.allocation import MANY, expect_no_allocation
from layerkit.testing.case import Case, checks_on
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.differences import central_differences, expect_gradient, probed
from layerkit.testing.expect import (
    expect_close,
    expect_finite,
    expect_number,
    expect_same,
)
from layerkit.testing.sampling import DTYPES, FLOAT32, FLOAT64, draw_apart, no_global_randomness


def check_regularizer(
    regularizer: str | Mapping[str, object] | RegularizerConfig,
    *,
    shapes: Sequence[Shape] = ((7, 5), (11,)),
    seed: int = 0,
) -> None:
    """Check that a regularizer keeps its contract: adds the gradient of the penalty it returns.

    Parameters are drawn at least 0.05 away from 0.

    Parameters
    ----------
    regularizer
        Name, table or config.
    shapes
        Of the parameters to penalize together.
    seed
        Of the parameters.

    Raises
    ------
    AssertionError
        If a check fails; the message begins with the check's name.
    """
    case_of_regularizer(regularizer, shapes=shapes, seed=seed).check()


def case_of_regularizer(
    regularizer: str | Mapping[str, object] | RegularizerConfig,
    *,
    shapes: Sequence[Shape] = ((7, 5), (11,)),
    seed: int = 0,
) -> Case:
    """Return the case that `check_regularizer` checks; see there."""
    config = config_of(REGULARIZERS, regularizer)
    what = f"regularizer '{config.type_name()}'"
    checks = checks_on(what, config, CONFIG_CHECKS)
    checks += checks_on(what, RegularizerCase(config, tuple(shapes), seed), REGULARIZER_CHECKS)
    return Case(config, what, checks)


@dataclass(frozen=True, slots=True)
class RegularizerCase:
    """What `check_regularizer` was asked to check."""

    config: RegularizerConfig
    shapes: tuple[Shape, ...]
    seed: int

    def parameters(self, dtype: FloatType = FLOAT64) -> list[Parameter]:
        """Return parameters, the same every time, with gradients of 0."""
        rng = generator(self.seed, "parameters")
        return [
            Parameter(draw_apart(rng, shape, dtype), np.zeros(shape, dtype))
            for shape in self.shapes
        ]

    def penalize(self, parameters: Sequence[Parameter], scratch: float = 0.0) -> float:
        """Add the penalty's gradients to those of the parameters; return the penalty.

        Parameters
        ----------
        parameters
            What to penalize.
        scratch
            What the memory for intermediate results is filled with.
        """
        regularizer = self.config.build()
        penalty = 0.0
        for each in parameters:
            value, grad = each.value, each.grad
            if regularizer.elementwise:
                value, grad = value.reshape(-1), grad.reshape(-1)
            penalty += regularizer.penalize(value, grad, np.full_like(value, scratch))
        return penalty


def penalty_is_finite(case: RegularizerCase) -> None:
    """Check that the penalty is a finite Python float from 0, in either dtype, also at 0."""
    for dtype in DTYPES:
        parameters = case.parameters(dtype)
        _expect_penalty("penalty", case.penalize(parameters))
        for parameter in parameters:
            parameter.value.fill(0)
            parameter.grad.fill(0)
        _expect_penalty("penalty at 0", case.penalize(parameters))
        for parameter in parameters:
            expect_finite("gradient at 0", parameter.grad)


def parameters_untouched(case: RegularizerCase) -> None:
    """Check that only gradients are written."""
    parameters = case.parameters()
    case.penalize(parameters)
    for before, parameter in zip(case.parameters(), parameters, strict=True):
        expect_same("parameter", before.value, parameter.value)


def penalty_is_repeatable(case: RegularizerCase) -> None:
    """Check that the same parameters have the same penalty, with nothing drawn at random."""
    with no_global_randomness():
        first, second = (np.array(case.penalize(case.parameters())) for _ in range(2))
    expect_close("penalty, asked again", first, second, 0)


def scratch_carries_nothing(case: RegularizerCase) -> None:
    """Check that what was in the memory for intermediate results does not matter."""
    clean, dirty = case.parameters(), case.parameters()
    penalty = np.array(case.penalize(clean))
    expect_same("penalty", penalty, np.array(case.penalize(dirty, np.nan)))
    for expected, found in zip(clean, dirty, strict=True):
        expect_same("gradient", expected.grad, found.grad)


def adds_to_gradient(case: RegularizerCase) -> None:
    """Check that the gradient of the loss stays in: the penalty's is added to it."""
    alone, together = case.parameters(), case.parameters()
    rng = generator(case.seed, "gradient of the loss")
    of_loss = [rng.normal(size=shape) for shape in case.shapes]
    for parameter, grad in zip(together, of_loss, strict=True):
        parameter.grad[...] = grad
    case.penalize(alone)
    case.penalize(together)
    for lone, both, grad in zip(alone, together, of_loss, strict=True):
        expect_close("sum of gradients", lone.grad + grad, both.grad, 1e-12)


def float32_agrees_with_float64(case: RegularizerCase) -> None:
    """Check that float32 loses no more than float32 must."""
    exact, rough = case.parameters(), case.parameters(FLOAT32)
    penalty = np.array(case.penalize(exact))
    expect_close("penalty in float32", penalty, np.array(case.penalize(rough)), 1e-4)
    for expected, found in zip(exact, rough, strict=True):
        expect_close("gradient in float32", expected.grad, found.grad, 1e-4)


def gradient(case: RegularizerCase) -> None:
    """Check the gradient against central differences of the penalty."""
    parameters = case.parameters()
    for i, parameter in enumerate(parameters):
        positions = probed(parameter.value.size, generator(case.seed, "probed", str(i)))
        _expect_gradient(case, parameter, positions)


def elementwise_as_stated(case: RegularizerCase) -> None:
    """Check that an elementwise penalty is the sum of the penalties of flat pieces."""
    if not case.config.build().elementwise:
        return
    whole, flat = case.parameters(), case.parameters()
    pieces = [
        Parameter(value, grad)
        for each in flat
        for value, grad in zip(
            np.array_split(each.value.reshape(-1), 3),
            np.array_split(each.grad.reshape(-1), 3),
            strict=True,
        )
    ]
    expected = case.penalize(pieces)
    expect_close("penalty", np.array(expected), np.array(case.penalize(whole)), 1e-10)
    for one, other in zip(flat, whole, strict=True):
        expect_close("gradient", one.grad, other.grad, 1e-12)


def steady_step_allocates_nothing(case: RegularizerCase) -> None:
    """Check that a penalty on many parameters allocates less than a byte for every one."""
    value = np.ones((512, MANY // 512), FLOAT32)
    grad, scratch, regularizer = np.ones_like(value), np.ones_like(value), case.config.build()
    arrays = [
        each.reshape(-1) if regularizer.elementwise else each for each in (value, grad, scratch)
    ]
    expect_no_allocation(lambda: regularizer.penalize(*arrays), MANY)


def _expect_penalty(what: str, found: float) -> None:
    expect_number(what, found)
    if found < 0:
        raise AssertionError(f"{what}: expected a number from 0, found {found}")


def _expect_gradient(case: RegularizerCase, parameter: Parameter, positions: Labels) -> None:
    parameter.grad.fill(0)
    case.penalize([parameter])
    found = parameter.grad.copy()

    def penalty() -> Array:
        return np.array(case.penalize([parameter]))

    numeric = central_differences(penalty, np.ones(()), parameter.value, positions)
    expect_gradient("gradient of the penalty", numeric, found, positions)


REGULARIZER_CHECKS = (
    penalty_is_finite,
    parameters_untouched,
    penalty_is_repeatable,
    scratch_carries_nothing,
    adds_to_gradient,
    float32_agrees_with_float64,
    gradient,
    elementwise_as_stated,
    steady_step_allocates_nothing,
)
