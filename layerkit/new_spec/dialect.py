"""How a CSV file is written, found in its first lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from layerkit.display.format import count
from layerkit.errors import DataError
from layerkit.formats.csv_table import Dialect
from layerkit.new_spec.texts import is_missing_text

Rows: TypeAlias = Sequence[Sequence[str]]

_SEPARATORS = (",", ";", "\t", "|")
_PLAIN = re.compile(r"[+-]?\d+")
_POINT = re.compile(r"[+-]?\d*\.\d+(?:[eE][+-]?\d+)?|[+-]?\d+[eE][+-]?\d+")
_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(
    r"[+-]?\d{1,3}(?P<by>[.,' \xa0\u202f])\d{3}(?:(?P=by)\d{3})*(?P<rest>[.,]\d+)?"
)


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says of a CSV file; None where it is to be found."""

    separator: str | None = None
    decimal: str | None = None
    header: bool | None = None


def find_dialect(
    path: Path, lines: Sequence[str], encoding: str, given: Given, target: str | None
) -> Dialect:
    """Return how a CSV file is written.

    Parameters
    ----------
    path
        The file, for messages.
    lines
        Its first lines.
    encoding
        Of its text.
    given
        What is known already.
    target
        The column that is to be predicted: where the first row has it, that is a header.

    Raises
    ------
    DataError
        If there is something above the table.
    """
    quote = _quote(lines)
    candidates = [given.separator] if given.separator else _SEPARATORS
    parsed = {each: _rows(lines, each, quote) for each in candidates}
    separator = max(candidates, key=lambda each: (*_score(parsed[each]), -candidates.index(each)))
    rows = parsed[separator]
    _check_nothing_above(path, parsed)
    cells = [cell.strip() for row in rows[1:] for cell in row]
    decimal, thousands = _decimal(cells, separator)
    if given.decimal is not None:
        thousands = "" if given.decimal == thousands else thousands
        decimal = given.decimal
    header = given.header
    if header is None:
        header = _has_header(rows, target)
    return Dialect(separator, decimal, thousands, quote, encoding, header)


def _quote(lines: Sequence[str]) -> str:
    text = "".join(lines)
    if '"' not in text:
        quoted = re.findall(r"(?:^|[,;\t|])\s*'[^'\n]*'\s*(?=[,;\t|\r\n]|$)", text)
        if len(quoted) * 2 > len(lines):
            return "'"
    return '"'


def _rows(lines: Sequence[str], separator: str, quote: str) -> list[list[str]]:
    reader = csv.reader(
        iter(lines), delimiter=separator, quotechar=quote, skipinitialspace=True, strict=False
    )
    try:
        rows = [row for row in reader if row]
    except csv.Error:
        return []
    # The last one may go on behind the lines that are looked at.
    return rows[:-1] if len(rows) > 2 else rows


def _score(rows: Rows) -> tuple[float, float, int]:
    """Return how many rows are as wide as the first, how many cells are numbers, and the width."""
    if not rows or len(rows[0]) < 2:
        return (0.0, 0.0, 0)
    width = len(rows[0])
    alike = sum(len(row) == width for row in rows) / len(rows)
    cells = [cell.strip() for row in rows for cell in row]
    numbers = sum(_is_number(cell) or is_missing_text(cell) for cell in cells) / len(cells)
    return (round(alike, 2), numbers, width)


def _check_nothing_above(path: Path, parsed: dict[str, list[list[str]]]) -> None:
    if any(rows and len(rows[0]) > 1 for rows in parsed.values()):
        return
    for rows in filter(None, parsed.values()):
        width, times = Counter(len(row) for row in rows).most_common(1)[0]
        if width > 1 and times >= 5 and times * 10 >= len(rows) * 9:
            raise DataError(
                f"{path}:1: expected the names of {width} columns, found "
                f"{count(len(rows[0]), 'cell')}; "
                "delete what stands above the table"
            )


def _is_number(cell: str) -> bool:
    return any(each.fullmatch(cell) for each in (_PLAIN, _POINT, _COMMA))


def _decimal(cells: Sequence[str], separator: str) -> tuple[str, str]:
    """Return the decimal point, and what stands between thousands."""
    points = commas = 0
    groups: Counter[str] = Counter()
    unclear = 0
    for cell in cells:
        grouped = _GROUPED.fullmatch(cell)
        if grouped is not None and (grouped["rest"] is not None or cell.count(grouped["by"]) > 1):
            groups[grouped["by"]] += 1
            commas += grouped["rest"] is not None and grouped["rest"][0] == ","
            points += grouped["rest"] is not None and grouped["rest"][0] == "."
        elif grouped is not None and grouped["by"] == ",":
            unclear += 1  # 1,234 is either
        elif grouped is not None and grouped["by"] != ".":
            groups[grouped["by"]] += 1
        elif _COMMA.fullmatch(cell):
            commas += 1
        elif _POINT.fullmatch(cell):
            points += 1
    if commas == points == 0 and unclear and not groups:
        # A comma within quotes in a file of commas groups; one in a file of semicolons is decimal.
        return (".", ",") if separator == "," else (",", "")
    decimal = "," if commas > points else "."
    by = groups.most_common(1)[0][0] if groups else ""
    if not by and unclear and decimal == ".":
        by = ","
    return decimal, "" if by == decimal else by


def _has_header(rows: Rows, target: str | None) -> bool:
    """Tell whether the first row has the names of the columns."""
    first = [cell.strip() for cell in rows[0]] if rows else []
    if target is not None and target in first:
        return True
    if target is not None and re.fullmatch(r"column_[1-9]\d*", target):
        return False
    if len({*first}) < len(first):
        return False
    others = rows[1:]
    for index, name in enumerate(first):
        column = [row[index].strip() for row in others if index < len(row)]
        values = [cell for cell in column if not is_missing_text(cell)]
        numbers = sum(map(_is_number, values))
        if values and numbers * 10 > len(values) * 9:
            # Names stand above numbers; a number there is the first of them.
            return not _is_number(name)
    recurring = sum(
        any(row[index].strip() == name for row in others if index < len(row))
        for index, name in enumerate(first)
    )
    return recurring * 2 < max(len(first), 1)
