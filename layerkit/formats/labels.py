"""Class labels: checked, and as vectors."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array, FloatType, Labels, Values
from layerkit.errors import DataError

_FLOAT32: FloatType = np.dtype(np.float32)


def one_hot(labels: Labels, classes: int, dtype: FloatType = _FLOAT32) -> Array:
    """Return a vector for each label: 1 at the label's index and 0 elsewhere.

    Parameters
    ----------
    labels
        Class indices from 0 to ``classes - 1``, of any shape.
    classes
        Number of classes, the length of a vector.
    dtype
        Of the vectors; float32 by default.

    Returns
    -------
    Array
        Shape ``(*labels.shape, classes)``.

    Raises
    ------
    DataError
        If a label is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from layerkit.formats.labels import one_hot
    >>> one_hot(np.array([2, 0]), classes=3)
    array([[0., 0., 1.],
           [1., 0., 0.]], dtype=float32)
    """
    _check_range(labels, classes, "one_hot")
    vectors: Array = np.zeros((*labels.shape, classes), dtype)
    np.put_along_axis(vectors, labels[..., np.newaxis], 1, axis=-1)
    return vectors


def class_indices(values: Values, classes: int, name: str) -> Labels:
    """Return integers of any type as labels ``(n,)``.

    Parameters
    ----------
    values
        What a file holds.
    classes
        Number of classes.
    name
        What messages call the values.

    Raises
    ------
    DataError
        If they are no integers, are not one per example, or leave ``0..classes - 1``.
    """
    if values.dtype.kind not in "iu":
        raise DataError(f"{name}: expected class indices, which are integers; found {values.dtype}")
    if values.ndim != 1:
        raise DataError(
            f"{name}: expected one class index per example, an array of shape (n,); found "
            f"{values.shape}"
        )
    _check_range(values, classes, name)
    return values.astype(np.int64, copy=False)


def _check_range(values: Values, classes: int, name: str) -> None:
    indices = values.astype(np.int64, copy=False)  # uint64 beyond int64 turns negative
    wrong = np.flatnonzero((indices < 0) | (indices >= classes))
    if wrong.size:
        first = int(wrong[0])
        raise DataError(
            f"{name}: expected labels from 0 to {classes - 1} for {classes} classes; found "
            f"{wrong.size} out of range, the first at index {first}: {values.flat[first]}"
        )
