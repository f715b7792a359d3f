"""What a column is, inferred from its profile, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layerkit.display.format import count
from layerkit.new_spec.column_profile import ColumnProfile
from layerkit.new_spec.table_profile import Pairing
from layerkit.new_spec.texts import (
    figure,
    is_id_name,
    quoted,
    shown,
    toml_strings,
)

MOST_CATEGORIES = 50
"""How many categories of a column get a feature of their own."""
_FEW = 20
_MOST_STRANGE_TEXTS = 3
_MIN_ROWS = 20
"""Rows from which the values of a column tell something that is not chance."""


@dataclass(frozen=True, slots=True)
class Inferred:
    """What a column is.

    Attributes
    ----------
    name
        Of the column.
    reason
        What is in it, and so why it is what it is, or why it is left out.
    entry
        What the spec says of it, as TOML.
    features
        How many features it becomes; 0 where it is left out.
    alternatives
        What it may be instead: the reason, and the entry.
    missing_texts
        What stands for missing values in it beside the usual texts.
    is_number
        Whether it is read as numbers.
    keeps_missing
        Whether its missing values reach the network, and a layer fills them in.
    """

    name: str
    reason: str
    entry: str
    features: int
    alternatives: Sequence[tuple[str, str]] = ()
    missing_texts: Sequence[str] = ()
    is_number: bool = False
    keeps_missing: bool = False


def infer_column(
    column: ColumnProfile, pairing: Pairing, target: str, *, fills: bool, taken: frozenset[str]
) -> Inferred:
    """Return what a column is.

    Parameters
    ----------
    column
        What is in it.
    pairing
        How it goes with the target.
    target
        The target's name.
    fills
        Whether the network fills missing numbers in; rows without them are left out otherwise.
    taken
        Texts that are categories of other columns, so that they cannot stand for missing values.
    """
    strange = _stands_for_missing(column, taken)
    numbers = column.is_number or bool(strange)
    left_out = _left_out(column, pairing, target)
    found = _number(column, strange, fills=fills) if numbers else _category(column)
    if left_out is None and not numbers:
        left_out = _no_category(column)
    if left_out is None:
        hint = _gives_away(column, pairing, target)
        return found if not hint else _with(found, f"{found.reason}; {hint}")
    return Inferred(column.name, left_out, found.entry, 0)


def _with(found: Inferred, reason: str) -> Inferred:
    return Inferred(
        found.name,
        reason,
        found.entry,
        found.features,
        found.alternatives,
        found.missing_texts,
        found.is_number,
        found.keeps_missing,
    )


def _left_out(column: ColumnProfile, pairing: Pairing, target: str) -> str | None:
    """Return why a column is left out whatever its type is; None if it is not."""
    if not column.values:
        return "no values"
    if column.distinct == 1:
        but = f", but for {column.missing:,} missing" if column.missing else ""
        return f"constant: always {quoted(next(iter(column.texts)))}{but}"
    if _is_copy(column, pairing):
        return f"gives the target away: its values go with those of {quoted(target)} one by one"
    if column.dates == column.values:
        return f"dates or times, such as {_example(column)}: neither numbers nor categories"
    return _identifies(column)


def _is_copy(column: ColumnProfile, pairing: Pairing) -> bool:
    if column.values < _MIN_ROWS:
        return False
    repeats = column.distinct * 2 <= column.values and len(pairing.by_value) > 1
    is_multiple = column.is_number and abs(pairing.correlation) > 1 - 1e-9
    return (pairing.is_copy and repeats) or is_multiple


def _identifies(column: ColumnProfile) -> str | None:
    """Return why whole numbers are an identifier; None if they are not."""
    if not column.is_integer or column.values < 3:
        return None
    if column.step is not None:
        first, step = figure(column.least), figure(column.step)
        return f"identifier: counts up from {first} in steps of {step}"
    if _all_different(column) and is_id_name(column.name):
        return f"identifier, by its name: {_distinct(column)} whole numbers, all different"
    return None


def _no_category(column: ColumnProfile) -> str | None:
    """Return why texts are no categories; None if they are."""
    if column.numbers * 2 > column.values:
        place = min(column.strange_rows.values())
        first = next(each for each, row in column.strange_rows.items() if row == place)
        others = count(column.values - column.numbers, "value")
        return f"numbers, but for {others}: the first is {quoted(first)}, in line {place}"
    if _all_different(column) and column.values > 2:
        return f"identifier or free text: all {_distinct(column)} texts are different"
    kept = sum(times for _, times in column.texts.most_common(MOST_CATEGORIES))
    if column.distinct > MOST_CATEGORIES and (
        column.has_more_texts or column.distinct * 5 > column.values or kept * 2 < column.values
    ):
        return (
            f"free text, or too many categories: {_distinct(column)} different texts in "
            f"{count(column.values, 'row')}, such as {_example(column)}"
        )
    if column.distinct > 2 and column.distinct * 2 > column.values:
        return f"few texts are there twice: {column.distinct} in {count(column.values, 'row')}"
    return None


def _number(column: ColumnProfile, strange: Sequence[str], *, fills: bool) -> Inferred:
    missing = column.missing + sum(column.strange[text] for text in strange)
    policy = ("keep" if fills else "drop") if missing else "error"
    kind = "whole numbers" if column.integers == column.numbers else "numbers"
    reason = f"{kind} from {figure(column.least)} to {figure(column.largest)}"
    if column.is_integer and column.distinct == 2:
        low, high = figure(column.least), figure(column.largest)
        reason = f"whole numbers, {low} or {high}"
    if missing:
        reason += f"; {missing:,} missing"
    if strange:
        reason += f" ({', '.join(map(quoted, strange))} among them)"
    alternatives: list[tuple[str, str]] = []
    few = column.is_integer and 2 < column.distinct <= _FEW and not column.has_more_texts
    if (few and column.distinct * 10 <= column.values) or column.has_leading_zeros:
        shown_count = f"integer, {_distinct(column)} distinct values of {column.values:,}"
        if column.has_leading_zeros:
            shown_count = f"{shown_count}, some with leading zeros, as codes have"
        if column.distinct <= MOST_CATEGORIES:
            alternatives.append((f"{shown_count}: category?", _category(column).entry))
        else:
            reason += f"; {shown_count}"
    entry = f'{{ type = "number", missing = "{policy}" }}'
    keeps = policy == "keep"
    return Inferred(
        column.name, reason, entry, 1, alternatives, strange, is_number=True, keeps_missing=keeps
    )


def _category(column: ColumnProfile) -> Inferred:
    common = column.texts.most_common(MOST_CATEGORIES)
    is_cut = column.distinct > len(common) or column.has_more_texts
    names = ordered([text for text, _ in common])
    times = ", ".join(f"{shown(text)} {column.texts[text]:,}" for text in names[:6])
    more = f", and {len(names) - 6} more" if len(names) > 6 else ""
    reason = f"text, {count(column.distinct, 'category').replace('categorys', 'categories')}"
    reason += f": {times}{more}"
    if is_cut:
        reason += f"; all but the {len(names)} most frequent are one more, 'other'"
    if column.missing:
        reason += f"; {column.missing:,} missing, which are one more category"
    missing = "other" if column.missing else "error"
    unknown = "other" if is_cut or column.missing else "error"
    entry = (
        f'{{ type = "category", categories = {toml_strings(names)}, encoding = "one_hot", '
        f'missing = "{missing}", unknown = "{unknown}" }}'
    )
    return Inferred(column.name, reason, entry, len(names) + ("other" in {missing, unknown}))


def ordered(names: Sequence[str]) -> list[str]:
    """Return texts in the order of their numbers, if all of them are numbers, else of the alphabet.

    What means no or false comes before yes and true.
    """
    try:
        return sorted(names, key=lambda name: (float(name.replace(",", ".")), name))
    except ValueError:
        return sorted(names)


def _stands_for_missing(column: ColumnProfile, taken: frozenset[str]) -> list[str]:
    """Return the few texts among numbers that must stand for missing values."""
    strange = [*column.strange]
    few = 0 < len(strange) <= _MOST_STRANGE_TEXTS
    if few and column.numbers * 10 >= column.values * 9 and taken.isdisjoint(strange):
        return strange
    return []


def _gives_away(column: ColumnProfile, pairing: Pairing, target: str) -> str:
    """Return what to ask where every value of a column goes with one value of the target."""
    repeats = column.distinct * 5 <= column.values and column.values >= _MIN_ROWS
    if pairing.is_function and repeats and len(pairing.by_value) > 1:
        return f"every value goes with one value of {quoted(target)}: is it known beforehand?"
    return ""


def _all_different(column: ColumnProfile) -> bool:
    return max(column.texts.values(), default=0) == 1


def _distinct(column: ColumnProfile) -> str:
    return f"{'more than ' if column.has_more_texts else ''}{column.distinct:,}"


def _example(column: ColumnProfile) -> str:
    return quoted(next(iter(column.texts)))
