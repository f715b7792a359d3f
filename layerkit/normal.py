"""Quantiles of the normal distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from layerkit.arrays import Array

LEAST = 1e-7
"""Probabilities nearer to 0 or 1 count as this, so that quantiles end at -5.2 and 5.2."""

# Wichura's coefficients, highest power first: numerator and denominator, for probabilities from
# 0.075 to 0.925 and for those further out.
_CENTRE = (
    (
        2509.0809287301226727,
        33430.575583588128105,
        67265.770927008700853,
        45921.953931549871457,
        13731.693765509461125,
        1971.5909503065514427,
        133.14166789178437745,
        3.387132872796366608,
    ),
    (
        5226.495278852854561,
        28729.085735721942674,
        39307.89580009271061,
        21213.794301586595867,
        5394.1960214247511077,
        687.1870074920579083,
        42.313330701600911252,
        1.0,
    ),
)
_TAIL = (
    (
        7.7454501427834140764e-4,
        0.0227238449892691845833,
        0.24178072517745061177,
        1.27045825245236838258,
        3.64784832476320460504,
        5.7694972214606914055,
        4.6303378461565452959,
        1.42343711074968357734,
    ),
    (
        1.05075007164441684324e-9,
        5.475938084995344946e-4,
        0.0151986665636164571966,
        0.14810397642748007459,
        0.68976733498510000455,
        1.6763848301838038494,
        2.05319162663775882187,
        1.0,
    ),
)


class NormalQuantiles:
    """``z`` with ``P(Z <= z) = p`` for a standard normal Z, to 16 digits, in memory of its own.

    Parameters
    ----------
    size
        The most probabilities at a time.

    References
    ----------
    Wichura (1988), Algorithm AS 241: the percentage points of the normal distribution.
    """

    def __init__(self, size: int) -> None:
        self._offset, self._radius, self._above, self._below = np.zeros((4, size))
        self._is_tail = np.zeros(size, np.bool_)

    def apply(self, p: Array, slope: Array) -> None:
        """Replace probabilities by quantiles.

        Parameters
        ----------
        p
            ``(n,)`` in float64, from 0 to 1.
        slope
            The derivatives of ``p`` with respect to something, ``(n,)``, or an array without
            values; multiplied by the derivative of the quantile, 0 beyond `LEAST`.
        """
        n = len(p)
        offset, radius = self._offset[:n], self._radius[:n]
        self._clear_beyond(p, slope)
        np.clip(p, LEAST, 1 - LEAST, out=p)
        np.subtract(p, 0.5, out=offset)
        is_tail = self._is_tail[:n]
        np.abs(offset, out=radius)
        np.greater(radius, 0.425, out=is_tail)
        np.subtract(0.5, radius, out=p)  # from the nearer end
        np.log(p, out=p)
        np.negative(p, out=p)
        np.sqrt(p, out=p)
        np.subtract(p, 1.6, out=p)
        tail = self._ratio(_TAIL, p)
        np.copysign(tail, offset, out=p)
        np.square(offset, out=radius)
        np.subtract(0.180625, radius, out=radius)
        centre = self._ratio(_CENTRE, radius)
        np.multiply(centre, offset, out=centre)
        np.logical_not(is_tail, out=is_tail)
        np.copyto(p, centre, where=is_tail)
        if len(slope):
            np.square(p, out=radius)
            np.multiply(radius, 0.5, out=radius)
            np.exp(radius, out=radius)
            np.multiply(radius, math.sqrt(2 * math.pi), out=radius)
            np.multiply(slope, radius, out=slope)

    def _clear_beyond(self, p: Array, slope: Array) -> None:
        if len(slope):
            is_beyond = self._is_tail[: len(p)]
            for compare, end in ((np.less, LEAST), (np.greater, 1 - LEAST)):
                compare(p, end, out=is_beyond)
                np.copyto(slope, 0, where=is_beyond)

    def _ratio(self, polynomials: tuple[Sequence[float], Sequence[float]], r: Array) -> Array:
        above, below = self._above[: len(r)], self._below[: len(r)]
        for out, (highest, *others) in zip((above, below), polynomials, strict=True):
            out.fill(highest)
            for coefficient in others:
                np.multiply(out, r, out=out)
                np.add(out, coefficient, out=out)
        return np.divide(above, below, out=above)
