"""Findings about single columns of the rows to train on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from layerkit.arrays import Array, Labels, labels_of
from layerkit.contracts.dataset import ClassTarget
from layerkit.contracts.table import TableConfig
from layerkit.display.format import count
from layerkit.findings.codes import (
    CONSTANT,
    GIVES_AWAY,
    MISSING,
    MOSTLY_MISSING,
    OUTLIER,
    ROWS_LEFT_OUT,
    SAME_COLUMN,
    SCALES,
    STANDS_FOR_MISSING,
    Finding,
    gathered,
)
from layerkit.findings.parts import ColumnOfCells, DataParts, targets_of
from layerkit.findings.statistics import Statistics

_SAMPLE = 5000
_LEAST_ROWS = 50
_DEVIATIONS = 10
_SCALE_RATIO = 100
_ERRORS = 0.005
_CORRELATION = 0.999
_CODES = frozenset({-999.0, -9999.0, -99999.0, -99.0, 999.0, 9999.0, 99999.0})
_ONE_SCALE = frozenset({"standardize", "min_max", "robust", "quantile", "batch_norm", "layer_norm"})


def column_findings(data: DataParts, train: Statistics) -> Iterator[Finding]:
    """Yield what is found about columns."""
    yield from _missing(data, train)
    yield from _constant(data, train)
    cells, rows = data.sample(data.train, _SAMPLE)
    yield from _same(data, train, cells)
    if len(rows) >= _LEAST_ROWS:
        targets = targets_of(data.train, data.train.rows[rows])
        if isinstance(data.plan.info.target, ClassTarget):
            if targets.ndim == 1:
                yield from _tell_classes(data, train, cells, labels_of(targets))
        elif targets.ndim == 1 or targets.shape[1] == 1:
            yield from _tell_numbers(data, cells, targets.reshape(-1).astype(np.float64))
    if data.train.examples.inputs.dtype != np.uint8:
        yield from _outliers(data, train)
        yield from _codes(data, train, cells)
        yield from _scales(data, train)


def _missing(data: DataParts, train: Statistics) -> Iterator[Finding]:
    config = data.plan.spec.data
    if isinstance(config, TableConfig):
        found = _missing_in(config)
        lost = sum(encoded.dropped for encoded in data.table.values())
        if lost:
            rows = sum(len(encoded.rows) for encoded in data.table.values()) + lost
            yield Finding(ROWS_LEFT_OUT, str(config.path), f"{lost:,} of {count(rows, 'row')}")
    else:
        part = data.train
        found = {
            column.name: (int(train.missing[index]), len(part), column.name)
            for index, column in enumerate(data.columns)
            if train.missing[index]
        }
    for check in (MISSING, MOSTLY_MISSING):
        places = {
            place: f"{missing:,} of {count(rows, 'cell')} have no value ({missing / rows:.1%})"
            for missing, rows, place in found.values()
            if (missing * 2 > rows) is (check is MOSTLY_MISSING)
        }
        yield from gathered(check, places)


def _missing_in(config: TableConfig) -> dict[str, tuple[int, int, str]]:
    """Return how many cells of each column have no value, of how many, and where the first is."""
    names, absent = [*config.columns], frozenset(config.missing_values)
    counts, places, rows = dict.fromkeys(names, 0), dict[str, str](), 0
    with config.open(config.path) as source:
        for chunk in source.chunks(names):
            rows += len(chunk)
            for name, cells in zip(names, chunk.columns, strict=True):
                where = [at for at, cell in enumerate(cells) if cell is None or cell in absent]
                counts[name] += len(where)
                if where and name not in places:
                    places[name] = source.place(chunk.rows[where[0]], name)
    return {name: (counts[name], rows, places[name]) for name in names if counts[name]}


def _constant(data: DataParts, train: Statistics) -> Iterator[Finding]:
    found = {
        _called(column): f"always {_value(column, float(train.least[index]))}"
        for index, column in enumerate(data.columns)
        if train.least[index] == train.largest[index]
    }
    yield from gathered(CONSTANT, found)


def _same(data: DataParts, train: Statistics, cells: Array) -> Iterator[Finding]:
    first: dict[bytes, int] = {}
    pairs: dict[int, int] = {}
    for index, column in enumerate(data.columns):
        if train.varies[index]:
            values = np.ascontiguousarray(cells[:, index]) + 0.0
            other = first.setdefault(values.tobytes(), index)
            of = data.columns[other]
            if other != index and (of.kind, of.categories) == (column.kind, column.categories):
                pairs[index] = other
    if pairs:
        # They are the same in a sample of the rows; now in all.
        for _, all_cells in data.cells(data.train):
            pairs = {
                index: other
                for index, other in pairs.items()
                if np.array_equal(all_cells[:, index], all_cells[:, other], equal_nan=True)
            }
    found = {
        _called(data.columns[index]): f"equals {_called(data.columns[other])} in all rows"
        for index, other in pairs.items()
    }
    yield from gathered(SAME_COLUMN, found)


def _tell_classes(
    data: DataParts, train: Statistics, cells: Array, labels: Labels
) -> Iterator[Finding]:
    """Yield columns whose values, sorted, hardly ever change from class to class."""
    classes = len(np.unique(labels))
    if classes < 2 or np.bincount(labels).max() > len(labels) * 0.95:
        return
    found: dict[str, str] = {}
    for index, column in enumerate(data.columns):
        if not train.varies[index] or np.isnan(cells[:, index]).any():
            continue
        wrong, changes = _disorder(cells[:, index], labels, is_ordered=column.kind == "number")
        if wrong <= _ERRORS * len(labels) and changes <= 2 * (classes - 1):
            right = 1 - wrong / len(labels)
            found[_called(column)] = f"its values alone tell {right:.1%} of the classes"
    yield from gathered(GIVES_AWAY, found)


def _disorder(values: Array, labels: Labels, *, is_ordered: bool) -> tuple[int, int]:
    """Return how many rows are not of the class of their value, and how often that changes."""
    distinct, place = np.unique(values, return_inverse=True)
    pairs, times = np.unique(np.stack([place, labels]), axis=1, return_counts=True)
    best: Labels = np.zeros(len(distinct), np.int64)
    np.maximum.at(best, pairs[0], times)
    wrong = len(labels) - int(best.sum())
    if not is_ordered:
        # Categories have no order, so any number of them may go with a class; but not one each.
        return wrong, 0 if len(best) * 5 <= len(labels) else len(labels)
    order = np.argsort(-times, kind="stable")
    major: Labels = np.zeros(len(best), np.int64)
    major[pairs[0][order[::-1]]] = pairs[1][order[::-1]]
    return wrong, int(np.count_nonzero(np.diff(major)))


def _tell_numbers(data: DataParts, cells: Array, targets: Array) -> Iterator[Finding]:
    found: dict[str, str] = {}
    if not np.ptp(targets) > 0:
        return
    for index, column in enumerate(data.columns):
        known = ~np.isnan(cells[:, index])
        values = cells[known, index]
        if column.kind != "number" or len(values) < _LEAST_ROWS or not np.ptp(values) > 0:
            continue
        if not np.ptp(targets[known]) > 0:
            continue
        correlation = float(np.corrcoef(values, targets[known])[0, 1])
        if abs(correlation) > _CORRELATION:
            found[_called(column)] = f"correlates with the target by {correlation:.4f}"
    yield from gathered(GIVES_AWAY, found)


def _outliers(data: DataParts, train: Statistics) -> Iterator[Finding]:
    found: dict[str, str] = {}
    for index, column in enumerate(data.columns):
        deviation, mean = float(train.deviation[index]), float(train.mean[index])
        if column.kind != "number" or not deviation > 0:
            continue
        ends = (
            (float(train.least[index]), int(train.least_at[index])),
            (float(train.largest[index]), int(train.largest_at[index])),
        )
        value, row = max(ends, key=lambda end: abs(end[0] - mean))
        times = abs(value - mean) / deviation
        if times > _DEVIATIONS:
            where = "above" if value > mean else "below"
            found[data.place("train", row, column)] = (
                f"{value:g} is {times:.0f} standard deviations {where} the mean, {mean:.4g}"
            )
    yield from gathered(OUTLIER, found)


def _codes(data: DataParts, train: Statistics, cells: Array) -> Iterator[Finding]:
    found: dict[str, str] = {}
    for index, column in enumerate(data.columns):
        if column.kind != "number":
            continue
        ends = (
            (float(train.least[index]), int(train.least_at[index])),
            (float(train.largest[index]), int(train.largest_at[index])),
        )
        values = cells[:, index]
        for value, row in ends:
            others = values[(values != value) & ~np.isnan(values)]
            if value not in _CODES or not len(others):
                continue
            times = int(np.count_nonzero(values == value))
            gap = float(np.min(np.abs(others - value)))
            if times > 1 and gap > float(np.ptp(others)):
                found[data.place("train", row, column)] = (
                    f"{value:g} stands there {times:,} times; all other values are from "
                    f"{others.min():g} to {others.max():g}"
                )
    yield from gathered(STANDS_FOR_MISSING, found)


def _scales(data: DataParts, train: Statistics) -> Iterator[Finding]:
    numbers = [
        (float(train.deviation[index]), column)
        for index, column in enumerate(data.columns)
        if column.kind == "number" and train.deviation[index] > 0
    ]
    if len(numbers) < 2 or any(
        each.type_name() in _ONE_SCALE for each in data.plan.spec.layers[:3]
    ):
        return
    low, high = min(numbers, key=lambda each: each[0]), max(numbers, key=lambda each: each[0])
    if high[0] > _SCALE_RATIO * low[0]:
        yield Finding(
            SCALES,
            _called(high[1]),
            f"its standard deviation is {high[0]:.4g}, that of {_called(low[1])} {low[0]:.4g}",
        )


def _called(column: ColumnOfCells) -> str:
    return column.name if column.name.startswith("feature ") else f'column "{column.name}"'


def _value(column: ColumnOfCells, value: float) -> str:
    if column.kind == "category" and int(value) < len(column.categories):
        return f'"{column.categories[int(value)]}"'
    return f"{value:g}"
