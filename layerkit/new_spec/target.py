"""What is to be predicted: classes, or numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layerkit.display.format import count
from layerkit.errors import DataError
from layerkit.new_spec.column_profile import ColumnProfile
from layerkit.new_spec.columns import ordered
from layerkit.new_spec.texts import figure, quoted, shown

_MOST_INTEGERS = 20
_MOST_CLASSES = 1000
_ENOUGH = 5
"""Examples of a class from which every part that is set aside gets one."""


@dataclass(frozen=True, slots=True)
class InferredTarget:
    """What is to be predicted.

    Attributes
    ----------
    name
        The column.
    reason
        What is in it, and so what it is.
    classes
        The classes in the order of their indices; empty for numbers.
    counts
        How often each class is there.
    missing
        How many rows have no target.
    mean, deviation
        Of numbers; the deviation is their standard deviation.
    """

    name: str
    reason: str
    classes: Sequence[str]
    counts: Mapping[str, int]
    missing: int
    mean: float
    deviation: float

    @property
    def can_stratify(self) -> bool:
        """Whether there are enough examples of every class for each part."""
        return bool(self.classes) and min(self.counts.values()) >= _ENOUGH


def infer_target(path: str, column: ColumnProfile) -> InferredTarget:
    """Return what a column is as the target.

    Parameters
    ----------
    path
        The file, for messages.
    column
        What is in the column.

    Raises
    ------
    DataError
        If nothing can be learnt about it.
    """
    where = f"{path}: column {quoted(column.name)}"
    if column.distinct < 2:
        found = f"only {quoted(next(iter(column.texts)))}" if column.texts else "none"
        raise DataError(f"{where}: expected different values to predict, found {found}")
    classes, reason = _classes(where, column)
    if column.missing:
        reason += f"; {count(column.missing, 'row')} without a target are left out"
    counts = {name: column.texts[name] for name in classes}
    return InferredTarget(
        column.name, reason, classes, counts, column.missing, column.mean, column.deviation
    )


def _classes(where: str, column: ColumnProfile) -> tuple[list[str], str]:
    """Return the classes, none for numbers, and the reason."""
    distinct = f"{'more than ' if column.has_more_texts else ''}{column.distinct:,}"
    span = f"from {figure(column.least)} to {figure(column.largest)}"
    if column.is_number and not column.is_integer and column.distinct > 2:
        return [], f"numbers {span}, {distinct} different: regression"
    names = ordered([*column.texts])
    shares = ", ".join(f"{shown(name)} {column.texts[name]:,}" for name in names[:8])
    more = f", and {len(names) - 8} more" if len(names) > 8 else ""
    if column.is_integer and column.distinct > 2:
        few = column.distinct <= _MOST_INTEGERS and column.distinct * 10 <= column.values
        if column.has_more_texts or not few:
            return [], f"whole numbers {span}, {distinct} different: regression"
        reason = f"whole numbers, only {distinct} different: classes ({shares}{more})"
        return names, f"{reason}; if they are amounts, take 'classes' away and see [loss]"
    if column.dates == column.values:
        raise DataError(f"{where}: expected classes or numbers to predict, found dates or times")
    if column.numbers * 10 >= column.values * 9 and column.distinct > _MOST_INTEGERS:
        place = min(column.strange_rows.values())
        first = next(each for each, row in column.strange_rows.items() if row == place)
        raise DataError(
            f"{where}: expected numbers to predict, found {quoted(first)} in line {place} and "
            f"numbers in {column.numbers:,} of {column.values:,} rows; correct the file"
        )
    if column.has_more_texts or len(names) > _MOST_CLASSES or column.distinct * 2 > column.values:
        raise DataError(
            f"{where}: expected classes that are there several times each, or numbers, found "
            f"{distinct} different texts in "
            f"{count(column.values, 'row')}"
        )
    return names, f"{distinct} classes: {shares}{more}"
