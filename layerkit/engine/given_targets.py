"""Targets that are passed from Python: classes or numbers, and how to pass them otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from layerkit.arrays import Array, Labels, Targets, Values
from layerkit.contracts.dataset import ClassTarget, Target, VectorTarget
from layerkit.errors import DataError
from layerkit.formats.in_memory import as_array, index_text
from layerkit.guard import shown

_KINDS = "class labels (integers, booleans or text) or floating-point numbers"


def read_targets(values: object, called: str) -> Values:
    """Return targets as an array of integers, booleans, text or floating-point numbers.

    Raises
    ------
    DataError
        If they are something else.
    """
    found = as_array(values, called)
    if found.dtype.kind == "O" and all(isinstance(each, str) for each in found.flat):
        found = found.astype(np.str_)
    if found.dtype.kind not in "biufU":
        raise DataError(f"{called}: expected {_KINDS}, found an array of {found.dtype}")
    if found.ndim == 0:
        raise DataError(f"{called}: expected one for each of the inputs, found {shown(values)}")
    return found


def target_of(values: Values) -> Target:
    """Return what the targets are: of integers, classes up to the highest."""
    kind, shape = values.dtype.kind, values.shape[1:]
    if kind == "f":
        return VectorTarget(shape or (1,))
    if kind == "U":
        names = tuple(str(name) for name in np.unique(values))
        return ClassTarget(len(names), names, shape)
    highest = 1 if kind == "b" else int(np.max(values, initial=0))
    return ClassTarget(highest + 1, (), shape)


def check_numbering(values: Values, called: str) -> None:
    """Check that classes which are integers are numbered from 0, and that each occurs.

    Raises
    ------
    DataError
        If not; it says how to number them.
    """
    if values.dtype.kind not in "iu":
        return
    labels = np.unique(values)
    if int(labels[0]) != 0 or int(labels[-1]) != len(labels) - 1:
        few = ", ".join(str(label) for label in labels[:6]) + (", ..." if len(labels) > 6 else "")
        raise DataError(
            f"{called}: expected classes numbered from 0 to {len(labels) - 1}, each with examples, "
            f"found {few}; number them with "
            "names, y = np.unique(y, return_inverse=True)"
        )


def encoded(values: Values, target: Target, called: str, *, is_train: bool = False) -> Targets:
    """Return targets as the network takes them: class indices, or numbers of the target's shape.

    Those to train on are what the target was made of; `check_numbering` checks them.

    Raises
    ------
    DataError
        If they are not of the same kind as those to train on, or of other classes.
    """
    if isinstance(target, VectorTarget):
        if values.dtype.kind != "f":
            raise DataError(
                f"{called}: expected floating-point numbers like the train targets, found "
                f"{values.dtype}; pass y.astype(float)"
            )
        return _as_floats(values[:, np.newaxis] if values.ndim == 1 else values)
    if (values.dtype.kind == "U") != bool(target.names) or values.dtype.kind == "f":
        raise DataError(
            f"{called}: expected class labels like the train targets, found an array of "
            f"{values.dtype}"
        )
    if target.names:
        names = np.array(target.names)
        indices: Labels = np.searchsorted(names, values).astype(np.int64)
        np.minimum(indices, len(names) - 1, out=indices)
        wrong = names[indices] != values
    else:
        indices = values.astype(np.int64, copy=False)
        wrong = (indices < 0) | (indices >= target.classes)
    if not is_train and np.any(wrong):
        at = np.unravel_index(int(np.argmax(wrong)), values.shape)
        index = tuple(int(axis) for axis in at)
        raise DataError(
            f"{called}: expected the classes of the train targets, found another at index "
            f"{index_text(index)}: {values[index]}"
        )
    return indices


def alternatives(values: Values, given: ArrayLike) -> Iterator[tuple[Target, str | None]]:
    """Yield what else the targets could be, and what to type then.

    None stands for classes with other numbers, of which `check_numbering` says what to type.
    """
    y = "y" if isinstance(given, np.ndarray) else "np.asarray(y)"
    kind, shape = values.dtype.kind, values.shape[1:]
    is_column, is_number = shape == (1,), kind in "biuf"
    if is_number and len(shape) == 1 and shape[0] > 1 and _is_one_hot(values):
        yield ClassTarget(shape[0]), f"{y}.argmax(axis=1)"
    if kind in "iu":
        classes = len(np.unique(values))
        yield ClassTarget(classes, shape=shape), None
        if is_column:
            yield ClassTarget(classes), f"{y}.ravel()"
    if kind == "U" and is_column:
        yield ClassTarget(len(np.unique(values))), f"{y}.ravel()"
    if kind in "biu":
        yield VectorTarget(shape or (1,)), f"{y}.astype(float)"
    if kind == "f" and shape in {(), (1,)} and np.all(values == np.floor(values)):
        highest = int(np.max(values, initial=0))
        yield ClassTarget(highest + 1), f"{y}{'.ravel()' if is_column else ''}.astype(int)"


def _is_one_hot(values: Values) -> bool:
    numbers = values.astype(np.float64, copy=False)
    is_binary = bool(np.all((numbers == 0) | (numbers == 1)))
    return is_binary and bool(np.all(numbers.sum(axis=1) == 1))


def _as_floats(values: Values) -> Array:
    """Return numbers as float32 or float64, without a copy where they are."""
    if values.dtype == np.float32:
        return values.view(np.float32)
    return values.astype(np.float64, copy=False)
