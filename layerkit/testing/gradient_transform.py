"""`check_gradient_transform`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array, FloatType, Shape
from layerkit.contracts.gradient_transform import GRADIENT_TRANSFORMS, GradientTransformConfig
from layerkit.randomness import generator
from layerkit.testing.allocation import MANY, expect_no_allocation
from layerkit.testing.build import build_gradient_transform
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
"""Magnitudes of the gradients that are tried."""
DRAWS = 200
"""Steps whose random changes are averaged."""
CHANCE = 6.0
"""Standard deviations that the mean of 200 changes is not away from 0 by chance."""
HUGE = 1e25
"""A magnitude whose square is no number in float32."""


def check_gradient_transform(
    transform: str | Mapping[str, object] | GradientTransformConfig,
    *,
    shapes: Sequence[Shape] = ((7, 5), (11,)),
    may_enlarge: bool = False,
    seed: int = 0,
) -> None:
    """Check that a gradient transform keeps its contract: in place, downhill, never larger.

    One whose config says that it `draws` must have other random numbers at every step, and leave
    the gradient as it is on average, instead of pointing downhill and being no larger.

    Parameters
    ----------
    transform
        Name, table or config.
    shapes
        Of the parameters.
    may_enlarge
        Whether it is meant to make some gradients longer, as normalizing does.
    seed
        Of the gradients and of the transform's own generator.

    Raises
    ------
    AssertionError
        If a check fails; the message begins with the check's name.
    """
    case = case_of_gradient_transform(transform, shapes=shapes, may_enlarge=may_enlarge, seed=seed)
    case.check()


def case_of_gradient_transform(
    transform: str | Mapping[str, object] | GradientTransformConfig,
    *,
    shapes: Sequence[Shape] = ((7, 5), (11,)),
    may_enlarge: bool = False,
    seed: int = 0,
) -> Case:
    """Return the case that `check_gradient_transform` checks; see there."""
    config = config_of(GRADIENT_TRANSFORMS, transform)
    what = f"gradient transform '{config.type_name()}'"
    case = GradientTransformCase(config, tuple(shapes), seed)
    checks = checks_on(what, config, CONFIG_CHECKS)
    checks += checks_on(what, case, GRADIENT_TRANSFORM_CHECKS)
    checks += checks_on(what, case, RANDOM_CHECKS if config.draws else FIXED_CHECKS)
    if not (may_enlarge or config.draws):
        checks += checks_on(what, case, (never_larger,))
    checks += checks_on(what, case, (steady_step_allocates_nothing,))
    return Case(config, what, checks)


@dataclass(frozen=True, slots=True)
class GradientTransformCase:
    """What `check_gradient_transform` was asked to check."""

    config: GradientTransformConfig
    shapes: tuple[Shape, ...]
    seed: int

    def gradients(
        self, size: float = 1.0, dtype: FloatType = FLOAT64, draw: str = "gradients"
    ) -> list[Array]:
        """Return gradients of about that magnitude, the same every time."""
        rng = generator(self.seed, draw)
        return [(size * draw_apart(rng, shape)).astype(dtype) for shape in self.shapes]

    def transformed(
        self, gradients: Sequence[Array], step: int = 1, other_seed: int = 0
    ) -> Sequence[Array]:
        """Return the same arrays, after a new transform has changed them."""
        transform = build_gradient_transform(self.config, seed=self.seed + other_seed, step=step)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            transform.apply(gradients, step)
        return gradients


def changes_something(case: GradientTransformCase) -> None:
    """Check that some gradient, small or large, is changed in place."""
    for size in SIZES:
        for before, after in zip(
            case.gradients(size), case.transformed(case.gradients(size)), strict=True
        ):
            if not np.array_equal(before, after):
                return
    raise AssertionError(
        f"expected gradients of magnitude {SIZES[0]:g} or {SIZES[-1]:g} to change in place, "
        "found all as they were"
    )


def stays_finite(case: GradientTransformCase) -> None:
    """Check that gradients of any magnitude, and those that are 0, stay numbers in either dtype."""
    for dtype in DTYPES:
        for size in (0.0, *SIZES, HUGE):
            for gradient in case.transformed(case.gradients(size, dtype)):
                expect_finite(f"gradient of magnitude {size:g} in {dtype}", gradient)


def zero_stays_zero(case: GradientTransformCase) -> None:
    """Check that no gradient becomes one."""
    for gradient in case.transformed(case.gradients(0.0)):
        expect_same("gradient of 0", np.zeros_like(gradient), gradient)


def steady_step_allocates_nothing(case: GradientTransformCase) -> None:
    """Check that transforming many gradients allocates less than a byte for every one."""
    gradient = np.full((512, MANY // 512), 2, FLOAT32)
    transform = build_gradient_transform(case.config, seed=case.seed)
    expect_no_allocation(lambda: transform.apply([gradient], 1), MANY)


def points_the_same_way(case: GradientTransformCase) -> None:
    """Check that the whole gradient still points within 90 degrees of where it did."""
    for size in SIZES:
        before, after = case.gradients(size), case.transformed(case.gradients(size))
        along = sum(float(np.vdot(*pair)) for pair in zip(before, after, strict=True))
        if not along > 0:
            raise AssertionError(
                f"gradient of magnitude {size:g}: expected a dot product with what it was above "
                f"0, found {along:g}"
            )


def never_larger(case: GradientTransformCase) -> None:
    """Check that the norm of the whole gradient does not grow."""
    for size in SIZES:
        before, after = _norm(case.gradients(size)), _norm(case.transformed(case.gradients(size)))
        if not after <= before * (1 + 1e-12):
            raise AssertionError(
                f"expected a norm of at most {before:.6g}, found {after:.6g}; if that is meant, "
                "say may_enlarge=True"
            )


def transform_is_repeatable(case: GradientTransformCase) -> None:
    """Check that the same gradients give the same bits: all randomness is ``context.rng``'s."""
    with no_global_randomness():
        first = case.transformed(case.gradients(SIZES[-1]))
        second = case.transformed(case.gradients(SIZES[-1]))
    for one, other in zip(first, second, strict=True):
        expect_same("gradient", one, other)


def carries_nothing_over(case: GradientTransformCase) -> None:
    """Check that a step does not depend on those before, which a restart would forget."""
    transform = build_gradient_transform(case.config, seed=case.seed)
    expect_equal("state()", None, transform.state())
    for size in SIZES:
        found = case.gradients(size)
        transform.apply(case.gradients(SIZES[-1], draw="other gradients"), 1)
        transform.context.random.start(1)
        transform.apply(found, 1)
        for one, other in zip(case.transformed(case.gradients(size)), found, strict=True):
            expect_same("gradient after another step", one, other)


def float32_agrees_with_float64(case: GradientTransformCase) -> None:
    """Check that float32 loses no more than float32 must."""
    for size in SIZES:
        exact = case.transformed(case.gradients(size))
        rough = case.transformed(case.gradients(size, FLOAT32))
        for expected, found in zip(exact, rough, strict=True):
            expect_equal("dtype", FLOAT32, found.dtype)
            expect_close("gradient in float32", expected, found, 1e-4)


def draws_nothing(case: GradientTransformCase) -> None:
    """Check that no random number matters."""
    own = case.transformed(case.gradients())
    for one, other in zip(own, case.transformed(case.gradients(), other_seed=1), strict=True):
        if not np.array_equal(one, other):
            raise AssertionError(
                "expected the same gradient for every seed, found another; if random numbers are "
                "meant, set draws on the config"
            )


def draws_anew(case: GradientTransformCase) -> None:
    """Check that every step and every seed has random numbers of its own."""
    start = _joined(case.gradients())
    own = _joined(case.transformed(case.gradients())) - start
    for what, others in (
        ("step", case.transformed(case.gradients(), step=2)),
        ("seed", case.transformed(case.gradients(), other_seed=1)),
    ):
        if _same_but_for_size(own, _joined(others) - start):
            raise AssertionError(
                f"expected other random numbers for another {what}, found the same"
            )


def changes_nothing_on_average(case: GradientTransformCase) -> None:
    """Check that the mean change over many steps is that of chance around 0."""
    before = _joined(case.gradients())
    total, squares = np.zeros_like(before), np.zeros_like(before)
    for step in range(1, DRAWS + 1):
        change = _joined(case.transformed(case.gradients(), step=step)) - before
        total += change
        squares += np.square(change)
    deviations = float(np.max(np.abs(total) / np.sqrt(squares + np.finfo(np.float64).tiny)))
    if deviations > CHANCE:
        raise AssertionError(
            f"expected a mean change within {CHANCE:g} standard deviations of 0 over {DRAWS} "
            f"steps, found {deviations:.3g}"
        )


def _joined(gradients: Sequence[Array]) -> Array:
    return np.concatenate([each.reshape(-1) for each in gradients])


def _same_but_for_size(one: Array, other: Array) -> bool:
    """Tell whether two changes point the same way: noise that only shrinks from step to step."""
    along = float(np.vdot(one, other))
    return along >= (1 - 1e-9) * math.sqrt(float(np.vdot(one, one)) * float(np.vdot(other, other)))


def _norm(gradients: Sequence[Array]) -> float:
    return math.sqrt(sum(float(np.vdot(each, each)) for each in gradients))


GRADIENT_TRANSFORM_CHECKS = (
    changes_something,
    stays_finite,
    transform_is_repeatable,
    carries_nothing_over,
)
FIXED_CHECKS = (draws_nothing, zero_stays_zero, points_the_same_way, float32_agrees_with_float64)
RANDOM_CHECKS = (draws_anew, changes_nothing_on_average)
