"""What datasets of inputs and targets that are arrays in files share."""

from __future__ import annotations

from typing import Protocol, TypeAlias

import numpy as np

from layerkit.arrays import Array, Inputs, Shape, Targets, Values, is_floating, is_numeric
from layerkit.contracts.dataset import ClassTarget, DataInfo, Examples, Target, VectorTarget
from layerkit.errors import DataError
from layerkit.formats.files import (
    ArrayHeader,
    check_finite,
    check_pair,
    input_shape,
    scale_for,
    to_float32,
)
from layerkit.formats.labels import class_indices
from layerkit.formats.row_file import RowFile


class StoredArray(Protocol):
    """An array in a file."""

    @property
    def name(self) -> str:
        """What messages call it."""
        ...

    def header(self) -> ArrayHeader:
        """Return shape and dtype."""
        ...

    def read(self) -> Values:
        """Return the array, read into memory."""
        ...

    def rows(self) -> RowFile:
        """Return the rows of the array, which stay in the file."""
        ...


Pair: TypeAlias = tuple[StoredArray, StoredArray]
"""Inputs and targets."""


def info_of_arrays(
    train: Pair,
    test: Pair | None,
    *,
    classes: int | None,
    shape: Shape | None,
    flatten: bool,
    scale: float | None,
    mapped: bool,
) -> DataInfo:
    """Return what the headers of some arrays tell.

    Parameters
    ----------
    train, test
        Inputs ``(n, *shape)`` and targets.
    classes
        Number of classes; None for targets that are floating-point numbers.
    shape
        Shape that a stored example must have; None: whatever it has.
    flatten
        Whether an example becomes one axis; see `input_shape`.
    scale
        What the spec says; see `scale_for`.
    mapped
        Whether the arrays stay in their files.

    Raises
    ------
    DataError
        If they do not belong together, or do not hold what the spec says.
    FileError
        If they cannot be read.
    """
    inputs, targets = train[0].header(), train[1].header()
    stored = inputs.shape[1:] if shape is None else shape
    count = check_pair(inputs, targets, stored)
    target = _target(targets, classes)
    test_count, test_inputs = 0, None
    if test is not None:
        test_inputs, test_targets = test[0].header(), test[1].header()
        test_count = check_pair(test_inputs, test_targets, stored)
        found = _target(test_targets, classes)
        if found != target:
            raise DataError(
                f"{test_targets.name}: expected targets like those to train on, {target}; "
                f"found {found}"
            )
    return DataInfo(
        input_shape(stored, flatten=flatten),
        target,
        count,
        test_count,
        inputs.dtype.itemsize if mapped else _bytes_kept(inputs.dtype),
        scale=scale_for(inputs, scale, test=test_inputs),
        mapped=mapped,
    )


def examples_of_arrays(info: DataInfo, inputs: StoredArray, targets: StoredArray) -> Examples:
    """Return the examples in two arrays: read, or open where they are mapped.

    Inputs that are read stay unsigned bytes, float32 or float64; all others become float32.

    Raises
    ------
    DataError
        If a file is damaged, or holds values that cannot be.
    FileError
        If it cannot be read.
    """
    target = info.target
    targets_read, target_rows = _targets(info, targets)
    count = len(targets_read)
    targets_read = targets_read.reshape(count, *target.shape)
    shape = (count, *info.input_shape)
    if not info.mapped:
        return Examples(_to_inputs(inputs.read(), inputs.name).reshape(shape), targets_read)
    rows = inputs.rows()
    if not is_numeric(rows.array):
        raise DataError(f"{inputs.name}: expected numbers, found {rows.array.dtype}")
    return Examples(
        rows.array.reshape(shape), targets_read, input_rows=rows, target_rows=target_rows
    )


def _targets(info: DataInfo, targets: StoredArray) -> tuple[Targets, RowFile | None]:
    if isinstance(info.target, ClassTarget):
        return class_indices(targets.read(), info.target.classes, targets.name), None
    if not info.mapped:
        return _to_floats(targets.read(), targets.name), None
    rows = targets.rows()
    if not is_floating(rows.array):
        raise DataError(f"{targets.name}: expected floating-point targets; found others")
    return rows.array, rows


def _target(header: ArrayHeader, classes: int | None) -> Target:
    if classes is not None:
        return ClassTarget(classes)
    if header.dtype.kind != "f":
        raise DataError(
            f"{header.name}: expected floating-point targets, because the spec gives no number "
            f"of classes; found {header.dtype}: set 'classes' if these are class indices"
        )
    return VectorTarget(header.shape[1:] or (1,))


def _to_inputs(values: Values, name: str) -> Inputs:
    return values.view(np.uint8) if values.dtype == np.uint8 else _to_floats(values, name)


def _to_floats(values: Values, name: str) -> Array:
    """Return float32 and float64 as they are, other numbers as float32; all of them finite."""
    if values.dtype != np.float64:
        return to_float32(values, name)
    floats: Array = values.view(np.float64)
    check_finite(floats, name)
    return floats


def _bytes_kept(dtype: np.dtype[np.generic]) -> int:
    """Return the size of an input value once it is read."""
    return dtype.itemsize if dtype.name in ("uint8", "float64") else 4
