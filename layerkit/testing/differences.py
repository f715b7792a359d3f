"""Gradients by central differences, which gradients of components are compared with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from layerkit.arrays import Array, Labels
from layerkit.testing.expect import expect_equal

STEP = 2.0**-10
"""Step of the differences: truncation and rounding are both near 1e-12 for values near 1."""

TOLERANCE = 1e-8
"""Largest difference allowed, as a share of the largest gradient (taken as 1e-3 at least)."""

MAX_PROBED = 256
"""Elements probed of one array; a larger one is probed at that many, drawn at random."""


def probed(size: int, rng: np.random.Generator) -> Labels:
    """Return the positions in a flat array at which to compare its gradient."""
    if size <= MAX_PROBED:
        return np.arange(size)
    return np.sort(rng.choice(size, MAX_PROBED, replace=False))


def central_differences(
    evaluate: Callable[[], Array], weights: Array, at: Array, positions: Labels
) -> Array:
    """Return the gradient of ``sum(weights * evaluate())`` with respect to elements of ``at``.

    Fourth order: ``(8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h))) / 12h``. Outputs are
    subtracted before they are summed, so that those that do not depend on an element add no
    rounding error.

    Parameters
    ----------
    evaluate
        Returns outputs; is called with elements of ``at`` changed, and changed back after.
    weights
        As many as the outputs, float64.
    at
        Contiguous float64.
    positions
        Which elements, as indices into the flattened array.
    """
    flat = at.reshape(-1)
    gradient = np.zeros(len(positions))

    def difference(position: int, step: float) -> Array:
        value = float(flat[position])
        flat[position] = value + step
        upper = evaluate().copy()
        flat[position] = value - step
        lower = evaluate().copy()
        flat[position] = value
        return upper - lower

    for i, position in enumerate(positions.tolist()):
        change = 8 * difference(position, STEP) - difference(position, 2 * STEP)
        gradient[i] = np.vdot(weights, change) / (12 * STEP)
    return gradient


def expect_gradient(
    what: str, numeric: Array, found: Array, positions: Labels, tolerance: float = TOLERANCE
) -> None:
    """Check a gradient against central differences at the probed positions."""
    at = found.reshape(-1)[positions]
    expect_equal(f"values of {what}", numeric.shape, at.shape)
    scale = max(float(np.max(np.abs(numeric), initial=0)), 1e-3)
    errors = np.abs(at - numeric) / scale
    wrong = np.flatnonzero(~(errors <= tolerance))
    if wrong.size:
        first = wrong[0]
        index = np.unravel_index(positions[first], found.shape)
        raise AssertionError(
            f"{what}: expected {numeric[first]:.12g} by central differences, found "
            f"{at[first]:.12g} at {tuple(int(axis) for axis in index)}; {wrong.size} of "
            f"{positions.size} probed values are off by more than {tolerance:.0e} of {scale:.3g}"
        )
