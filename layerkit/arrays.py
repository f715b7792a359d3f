"""Array types, and helpers where NumPy's own types say too little."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from typing_extensions import TypeIs

from layerkit.errors import DataError

Shape: TypeAlias = tuple[int, ...]
Float: TypeAlias = np.float32 | np.float64
Array: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[Float]]
Bytes: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
Labels: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Values: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.generic]]
"""Whatever numbers a file holds."""

Inputs: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[Float | np.uint8 | np.int64]]
Targets: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[Float | np.int64]]
FloatType: TypeAlias = np.dtype[np.float32] | np.dtype[np.float64]


@dataclass(frozen=True, slots=True)
class IdRange:
    """The ids that an input may be: whole numbers from 0 to ``count - 1``.

    Attributes
    ----------
    count
        How many there are.
    is_filled
        Whether it may be missing (nan), as an id is put in its place.
    """

    count: int
    is_filled: bool = False

    def within(self, other: IdRange) -> IdRange:
        """Return what is in both ranges."""
        return IdRange(min(self.count, other.count), self.is_filled and other.is_filled)


def is_numeric(values: Values) -> TypeIs[Inputs]:
    """Tell whether an array holds numbers that the network can take, of whatever size."""
    return values.dtype.kind in "biuf"


def is_floating(values: Values) -> TypeIs[Array]:
    """Tell whether an array holds floating-point numbers, of whatever size."""
    return values.dtype.kind == "f"


def fits(found: object, shape: Shape, dtype: FloatType) -> bool:
    """Tell whether something is an array of that shape and dtype."""
    return is_array(found) and found.shape == shape and found.dtype == dtype


def is_array(found: object) -> TypeIs[Values]:
    """Tell whether something is a NumPy array, of whatever is in it."""
    return isinstance(found, np.ndarray)


def all_finite(arrays: Iterable[Array]) -> bool:
    """Tell whether every number in some arrays is finite."""
    return all(bool(np.isfinite(array).all()) for array in arrays)


def labels_of(targets: Targets) -> Labels:
    """Return targets as the class indices that they must be, without a copy.

    Raises
    ------
    DataError
        If the targets are floating-point numbers.
    """
    if targets.dtype == np.int64:
        return targets.view(np.int64)
    raise DataError(f"expected class indices (int64) as targets, found {targets.dtype}")
