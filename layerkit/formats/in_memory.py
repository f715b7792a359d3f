"""Arrays that a person passes in from Python: read by NumPy, and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from layerkit.arrays import Array, FloatType, IdRange, Inputs, Shape, Values, is_numeric
from layerkit.errors import DataError
from layerkit.formats.row_file import RowFile, stretches

CHUNK = 1 << 16
"""Values that are checked at a time, few enough to stay in cache."""

_IN_WORDS = {
    "c": "complex numbers; pass their real part (x.real) or their size (abs(x))",
    "O": "objects that are no numbers; convert each column to numbers first",
    "U": "text; convert it to numbers first, such as with x.astype(float)",
    "S": "bytes of text; convert them to numbers first, such as with x.astype(float)",
    "M": "dates; convert them to numbers first, such as days since the first one",
    "m": "durations; convert them to numbers first, such as x / np.timedelta64(1, 's')",
    "V": "records; make one array of their columns first",
}


def as_array(values: object, called: str) -> Values:
    """Return what NumPy makes of lists, arrays and the like; an array is not copied.

    Parameters
    ----------
    values
        Anything that `numpy.asarray` reads.
    called
        What messages call it.

    Raises
    ------
    DataError
        If NumPy cannot read it, or values of it are masked.
    """
    try:
        found: Values = np.asarray(values)
    except Exception as error:  # noqa: BLE001  # whatever the object's own conversion raises
        reason = str(error).partition("\n")[0]
        raise DataError(
            f"{called}: expected an array, or lists of one length, found {type(values).__name__} "
            f"that NumPy cannot read: {reason}"
        ) from None
    if np.ma.isMaskedArray(values) and np.ma.is_masked(values):
        raise DataError(
            f"{called}: expected all values, found an array with masked ones; fill them with "
            "x.filled(...), or drop their examples"
        )
    if found.ndim == 0 and found.dtype.kind == "O":
        raise DataError(
            f"{called}: expected an array, or lists of one length, found {type(values).__name__}"
        )
    return found


def as_numbers(values: object, called: str) -> Inputs:
    """Return numbers, as `as_array` does.

    Raises
    ------
    DataError
        If it holds anything but booleans, integers and floating-point numbers.
    """
    found = as_array(values, called)
    if not is_numeric(found):
        what = _IN_WORDS.get(found.dtype.kind, f"{found.dtype}; convert it to numbers first")
        raise DataError(f"{called}: expected numbers, found {what}")
    return found


def check_batch_shape(found: Shape, example: Shape, called: str) -> None:
    """Check that an array holds examples of one shape, however many.

    Raises
    ------
    DataError
        If it does not; it says how to change an array that holds the right number of values.
    """
    if found[1:] == example and found:
        return
    expected = ", ".join(map(str, ("n", *example))) + ("," if not example else "")
    hint = ""
    if found == example:
        hint = "; for a single example, pass x[None]"
    elif found and found[0] and int(np.prod(found[1:])) == int(np.prod(example)):
        shape = ", ".join(map(str, ("len(x)", *example)))
        hint = f"; pass x.reshape({shape})"
    raise DataError(f"{called}: expected an array of shape ({expected}), found {found}{hint}")


FILL_MISSING = 'put { type = "fill_missing" } before the other layers'
"""What to do about inputs that are nan, beside changing them."""


def check_finite_as(
    values: Values,
    dtype: FloatType,
    scale: float,
    called: str,
    reader: RowFile | None = None,
    *,
    takes_nan: bool = False,
    advice: str = "",
) -> None:
    """Check that numbers, times a scale, are finite in a dtype; make no copy of them.

    Parameters
    ----------
    values
        Integers or floating-point numbers.
    dtype, scale
        Those of the network's inputs.
    called
        What messages call the array.
    reader
        Of its rows, if they are not in memory.
    takes_nan
        Whether nan, which stands for a missing value, may be among them.
    advice
        What else to do about nan than to drop or replace it.

    Raises
    ------
    DataError
        If some are not; it says how many, and the index and value of the first.
    """
    if always_fit(values.dtype, dtype, scale):
        return
    as_they_are = values.dtype == dtype and scale == 1
    converted, finite, count, first = None, None, 0, -1
    for start, part in _parts(values, reader):
        if converted is None or finite is None:  # the first part is the largest
            converted, finite = np.zeros(part.shape, dtype), np.zeros(part.shape, np.bool_)
        flags = finite[: len(part)]
        if as_they_are:
            scaled = part.view(dtype)
        else:
            scaled = converted[: len(part)]
            with np.errstate(over="ignore", invalid="ignore"):
                scale_into(scaled, part, scale)
        np.isfinite(scaled, out=flags)
        if takes_nan and not flags.all():
            np.logical_or(flags, np.isnan(scaled), out=flags)
        if not flags.all():
            if not count:
                first = start + int(np.argmin(flags))
            count += flags.size - int(np.count_nonzero(flags))
    if count:
        index = tuple(int(axis) for axis in np.unravel_index(first, values.shape))
        reason = _not_finite(values, index, count, dtype, scale, called)
        is_nan = bool(np.isnan(values[index]))
        raise DataError(f"{reason}, or {advice}" if advice and is_nan else reason)


def check_ids(values: Values, vocabulary: int, called: str, reader: RowFile | None = None) -> None:
    """Check that all values are ids: whole numbers from 0 to ``vocabulary - 1``.

    Raises
    ------
    DataError
        If some are not; it says how many, and the index and value of the first.
    """
    count, first = 0, -1
    for start, part in _parts(values, reader):
        numbers = part if part.dtype.kind in "iu" else part.astype(np.float64)
        wrong = np.logical_or(np.less(numbers, 0), np.greater_equal(numbers, vocabulary))
        if numbers.dtype.kind == "f":
            wrong |= np.not_equal(numbers, np.floor(numbers))
        if wrong.any():
            if not count:
                first = start + int(np.argmax(wrong))
            count += int(np.count_nonzero(wrong))
    if count:
        index = tuple(int(axis) for axis in np.unravel_index(first, values.shape))
        raise DataError(
            f"{called}: expected ids from 0 to {vocabulary - 1}, found {count} that are not, "
            f"the first at index {index_text(index)}: {values[index]}"
        )


def check_id_columns(
    values: Values,
    ranges: Mapping[int, IdRange],
    called: str,
    names: Sequence[str] = (),
    reader: RowFile | None = None,
) -> None:
    """Check that some of the values of every example are ids.

    Parameters
    ----------
    values
        ``(n, ...)`` integers or floating-point numbers.
    ranges
        What they may be, by the position of the value in an example.
    called
        What messages call the array.
    names
        Of the values of an example, for messages; empty without names.
    reader
        Of their rows, if they are not in memory.

    Raises
    ------
    DataError
        If some are not; it says how many in the first such column, and row and value of the first.
    """
    for position, ids in ranges.items():
        count, first = 0, -1
        for start, rows in stretches(values, reader, CHUNK):
            part = rows.reshape(len(rows), -1)[:, position].astype(np.float64)
            wrong = np.logical_not((part >= 0) & (part < ids.count) & (part == np.floor(part)))
            if ids.is_filled:
                wrong &= np.logical_not(np.isnan(part))
            if wrong.any():
                first = first if count else start + int(np.argmax(wrong))
                count += int(np.count_nonzero(wrong))
        if count:
            at = tuple(int(axis) for axis in np.unravel_index(position, values.shape[1:]))
            column = index_text(at) + (f" ('{names[position]}')" if names else "")
            raise DataError(
                f"{called}: expected ids from 0 to {ids.count - 1} in column {column}, found "
                f"{count} that are not, the first in row {first}: {values[first, *at]}"
            )


def index_text(index: Shape) -> str:
    """Return an index as messages show it: ``(3, 1)``, or ``3`` for an array of one axis."""
    return str(index) if len(index) > 1 else ", ".join(map(str, index))


def _parts(values: Values, reader: RowFile | None) -> Iterator[tuple[int, Values]]:
    """Yield stretches of rows that stay in cache, each after the number of values before it."""
    for start, part in stretches(values, reader, CHUNK):
        yield start * part[0].size, part


def scale_into(out: Array, values: Values, scale: float) -> None:
    """Write numbers times a scale; those beyond the dtype become infinite, with NumPy's warning."""
    np.copyto(out, values, casting="same_kind")
    if scale != 1:
        np.multiply(out, out.dtype.type(scale), out=out)


def always_fit(stored: np.dtype[np.generic], dtype: FloatType, scale: float) -> bool:
    """Tell whether all numbers of a type, times a scale, are finite in a dtype."""
    if stored.kind == "b":
        return True
    largest = float(np.finfo(dtype).max)
    return stored.kind in "iu" and 2.0 ** (8 * stored.itemsize) * scale < largest


def _not_finite(
    values: Values, index: Shape, count: int, dtype: FloatType, scale: float, called: str
) -> str:
    value = values[index]
    others = f", the first of {count} in {values.size} values" if count > 1 else ""
    where = f"at index {index_text(index)}{others}"
    if not np.isfinite(value):
        return (
            f"{called}: expected finite numbers, found {value} {where}; drop or replace "
            f"{'them' if count > 1 else 'it'}"
        )
    times = "" if scale == 1 else f" (times the scale {scale:g})"
    wider = ', or set dtype = "float64"' if dtype == np.float32 else ""
    return (
        f"{called}: expected numbers that fit into {dtype}, found {value}{times} {where}; divide "
        f"the data by a number of that size{wider}"
    )
