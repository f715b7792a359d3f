"""`check_initializer`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array, FloatType, Shape
from layerkit.contracts.initializer import INITIALIZERS, Fan, InitializerConfig
from layerkit.randomness import generator
from layerkit.testing.case import Case, checks_on
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.expect import expect_finite, expect_same
from layerkit.testing.sampling import DTYPES, FLOAT64, no_global_randomness


def check_initializer(
    initializer: str | Mapping[str, object] | InitializerConfig,
    *,
    shape: Shape = (40, 30),
    fan: Fan | None = None,
    seed: int = 0,
) -> None:
    """Check that an initializer keeps its contract: fills all memory from one generator.

    Parameters
    ----------
    initializer
        Name, table or config.
    shape
        Of the parameter to fill.
    fan
        Its connections; by default the first and last axis of the shape.
    seed
        Of the generator.

    Raises
    ------
    AssertionError
        If a check fails; the message begins with the check's name.
    """
    case_of_initializer(initializer, shape=shape, fan=fan, seed=seed).check()


def case_of_initializer(
    initializer: str | Mapping[str, object] | InitializerConfig,
    *,
    shape: Shape = (40, 30),
    fan: Fan | None = None,
    seed: int = 0,
) -> Case:
    """Return the case that `check_initializer` checks; see there."""
    config = config_of(INITIALIZERS, initializer)
    what = f"initializer '{config.type_name()}'"
    case = InitializerCase(config, shape, fan or Fan(shape[0], shape[-1]), seed)
    checks = checks_on(what, config, CONFIG_CHECKS)
    checks += checks_on(what, case, INITIALIZER_CHECKS)
    return Case(config, what, checks)


@dataclass(frozen=True, slots=True)
class InitializerCase:
    """What `check_initializer` was asked to check."""

    config: InitializerConfig
    shape: Shape
    fan: Fan
    seed: int

    def filled(self, seed: int, dtype: FloatType = FLOAT64, garbage: float = np.nan) -> Array:
        """Return memory full of garbage once the initializer has filled it."""
        out = np.full(self.shape, garbage, dtype)
        self.config.build().fill(out, self.fan, generator(seed, "initializer"))
        return out


def draws_are_repeatable(case: InitializerCase) -> None:
    """Check that all randomness comes from the generator given: the same seed, the same bits."""
    with no_global_randomness():
        first = case.filled(case.seed)
        expect_same("values of the same seed", first, case.filled(case.seed))


def fills_every_element(case: InitializerCase) -> None:
    """Check that every element is assigned a finite number, in either dtype."""
    for dtype in DTYPES:
        from_nan = case.filled(case.seed, dtype)
        expect_finite(f"values in {dtype}", from_nan)
        expect_same("values over other garbage", from_nan, case.filled(case.seed, dtype, 1e3))


def seeds_differ(case: InitializerCase) -> None:
    """Check that another seed gives other values, unless they are no more than two numbers."""
    first = case.filled(case.seed)
    is_constant = np.unique(first).size <= 2  # zeros, ones, the identity
    if not is_constant and np.array_equal(first, case.filled(case.seed + 1)):
        raise AssertionError(
            f"expected other values from seed {case.seed + 1} than from {case.seed}, "
            f"found the same {first.size}: draw from the generator given"
        )


INITIALIZER_CHECKS = (draws_are_repeatable, fills_every_element, seeds_differ)
