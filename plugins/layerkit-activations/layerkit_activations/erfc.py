"""The complementary error function, which NumPy does not have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from layerkit.plugin import Array, FloatType

BLOCK = 4096
"""Values that are worked on at a time, so that what comes between stays in cache."""

NEAR, FAR = 0.46875, 4.0
"""Where one approximation ends and the next begins."""

END = 40.0
"""From here on the function is 0 in float64, and its square does not overflow in float32."""

# Cody's coefficients, highest power first: numerator and denominator, for |x| up to NEAR, up to FAR
# and beyond.
_NEAR = (
    (
        1.85777706184603153e-1,
        3.16112374387056560,
        1.13864154151050156e2,
        3.77485237685302021e2,
        3.20937758913846947e3,
    ),
    (
        1.0,
        2.36012909523441209e1,
        2.44024637934444173e2,
        1.28261652607737228e3,
        2.84423683343917062e3,
    ),
)
_MIDDLE = (
    (
        2.15311535474403846e-8,
        5.64188496988670089e-1,
        8.88314979438837594,
        6.61191906371416295e1,
        2.98635138197400131e2,
        8.81952221241769090e2,
        1.71204761263407058e3,
        2.05107837782607147e3,
        1.23033935479799725e3,
    ),
    (
        1.0,
        1.57449261107098347e1,
        1.17693950891312499e2,
        5.37181101862009858e2,
        1.62138957456669019e3,
        3.29079923573345963e3,
        4.36261909014324716e3,
        3.43936767414372164e3,
        1.23033935480374942e3,
    ),
)
_FAR = (
    (
        1.63153871373020978e-2,
        3.05326634961232344e-1,
        3.60344899949804439e-1,
        1.25781726111229246e-1,
        1.60837851487422766e-2,
        6.58749161529837803e-4,
    ),
    (
        1.0,
        2.56852019228982242,
        1.87295284992346725,
        5.27905102951428412e-1,
        6.05183413124413191e-2,
        2.33520497626869185e-3,
    ),
)
_INVERSE_ROOT_OF_PI = 5.6418958354775628695e-1


class ComplementaryErrorFunction:
    """``erfc(x) = 2 / sqrt(pi) * integral of exp(-t²) from x to infinity``, in memory of its own.

    In float64, the error is below 1e-15 where the function is near 1, and relative to it below
    2e-14 down to 1e-100: there is no cancellation on either side.

    Parameters
    ----------
    dtype
        Of the values.

    References
    ----------
    Cody (1969), Rational Chebyshev approximations for the error function.
    """

    def __init__(self, dtype: FloatType) -> None:
        self._size, self._square, self._value, self._above, self._below = np.zeros(
            (5, BLOCK), dtype
        )
        self._applies = np.zeros(BLOCK, np.bool_)

    def apply(self, x: Array) -> None:
        """Replace the values of a contiguous array of one axis by those of the function."""
        for start in range(0, len(x), BLOCK):
            self._apply_to_block(x[start : start + BLOCK])

    def _apply_to_block(self, x: Array) -> None:
        n = len(x)
        size, value, applies = self._size[:n], self._value[:n], self._applies[:n]
        np.abs(x, out=size)
        np.minimum(size, FAR, out=value)
        np.copyto(value, self._ratio(_MIDDLE, value))
        np.greater(size, FAR, out=applies)
        if applies.any():
            np.copyto(value, self._far(size), where=applies)
        np.minimum(size, END, out=size)
        np.multiply(size, size, out=size)
        np.negative(size, out=size)
        np.exp(size, out=size)
        np.multiply(value, size, out=value)
        np.less(x, 0, out=applies)  # there it is 2 less that of the size
        np.subtract(2, value, out=value, where=applies)
        np.abs(x, out=size)
        np.less_equal(size, NEAR, out=applies)
        np.minimum(size, NEAR, out=size)
        np.multiply(size, size, out=size)
        near = self._ratio(_NEAR, size)
        np.multiply(near, x, out=near, where=applies)
        np.subtract(1, near, out=value, where=applies)
        np.copyto(x, value)

    def _far(self, size: Array) -> Array:
        """Return ``(1 / sqrt(pi) - s * ratio(s)) / size``, where ``s = 1 / size²``."""
        square = self._square[: len(size)]
        np.clip(size, FAR, END, out=square)
        np.reciprocal(square, out=square)
        np.multiply(square, square, out=square)
        ratio = self._ratio(_FAR, square)
        np.multiply(ratio, square, out=ratio)
        np.subtract(_INVERSE_ROOT_OF_PI, ratio, out=ratio)
        np.sqrt(square, out=square)
        return np.multiply(ratio, square, out=ratio)

    def _ratio(self, polynomials: tuple[Sequence[float], Sequence[float]], x: Array) -> Array:
        above, below = self._above[: len(x)], self._below[: len(x)]
        for out, (highest, *others) in zip((above, below), polynomials, strict=True):
            out.fill(highest)
            for coefficient in others:
                np.multiply(out, x, out=out)
                np.add(out, coefficient, out=out)
        return np.divide(above, below, out=above)
