"""Findings about parts and classes: sizes, balance, and distributions that differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from layerkit.arrays import Array, Labels, labels_of
from layerkit.contracts.dataset import ClassTarget
from layerkit.display.format import count
from layerkit.findings.codes import (
    ABSENT_CLASS,
    CLASS_SHIFT,
    IMBALANCE,
    SHIFT,
    SMALL_PART,
    Finding,
    gathered,
)
from layerkit.findings.parts import DataParts, targets_of

_SAMPLE = 2000
_SAMPLED_VALUES = 1 << 22
_FEW = 50
_IMBALANCE = 10
_DISTANCE = 0.1
_CHANCE = 0.001
_SHARE = 0.05
_ERRORS = 4


def part_findings(data: DataParts) -> Iterator[Finding]:
    """Yield what is found about the parts."""
    yield from _small(data)
    yield from _classes(data)
    yield from _shifts(data)


def class_counts(data: DataParts) -> Mapping[str, Labels]:
    """Return how many rows, or steps, of each class every part has; empty without classes."""
    target = data.plan.info.target
    if not isinstance(target, ClassTarget):
        return {}
    return {
        name: np.bincount(
            labels_of(targets_of(part, part.rows)).reshape(-1), minlength=target.classes
        )
        for name, part in data.named.items()
    }


def class_name(data: DataParts, index: int) -> str:
    """Return what a class is called."""
    target = data.plan.info.target
    names = target.names if isinstance(target, ClassTarget) else ()
    return names[index] if names else str(index)


def _small(data: DataParts) -> Iterator[Finding]:
    for name in ("validation", "test"):
        part = data.whole.get(name)
        rows = 0 if part is None else len(part)
        if (part is not None and rows < _FEW) or (name == "test" and not rows):
            yield Finding(SMALL_PART, f"{name} part", count(rows, "row"))


def _classes(data: DataParts) -> Iterator[Finding]:
    counts = class_counts(data)
    if not counts:
        return
    train = counts["train"]
    present = np.flatnonzero(train)
    if len(present):
        most, least = int(np.argmax(train)), int(present[np.argmin(train[present])])
        if train[most] > _IMBALANCE * train[least]:
            yield Finding(
                IMBALANCE,
                "train part",
                f"{train[most]:,} of class {class_name(data, most)}, {train[least]:,} of "
                f"{class_name(data, least)}",
            )
    absent = {
        f"{name} part": f"no row of class {', '.join(class_name(data, each) for each in without)}"
        for name, found in counts.items()
        if (without := np.flatnonzero(found == 0).tolist()[:10])
    }
    yield from gathered(ABSENT_CLASS, absent)
    for name, found in counts.items():
        if name == "train":
            continue
        yield from _class_shift(data, name, train, found)


def _class_shift(data: DataParts, name: str, train: Labels, found: Labels) -> Iterator[Finding]:
    """Yield the class whose share differs most, if by more than chance would."""
    before, now = train / train.sum(), found / found.sum()
    pooled = (train + found) / (train.sum() + found.sum())
    error = np.sqrt(pooled * (1 - pooled) * (1 / train.sum() + 1 / found.sum()))
    difference = np.abs(before - now)
    clear = (difference > _SHARE) & (difference > _ERRORS * error)
    if clear.any():
        worst = int(np.argmax(np.where(clear, difference, 0)))
        yield Finding(
            CLASS_SHIFT,
            f"{name} part",
            f"class {class_name(data, worst)} is {now[worst]:.1%} of it, and {before[worst]:.1%} "
            "of the rows to train on",
        )


def _shifts(data: DataParts) -> Iterator[Finding]:
    if any(column.kind == "id" for column in data.columns):
        return
    size = max(100, min(_SAMPLE, _SAMPLED_VALUES // len(data.columns)))
    named = data.named
    train, _ = data.sample(named["train"], size)
    for name, part in named.items():
        if name == "train" or len(part) < 20:
            continue
        cells, _ = data.sample(part, size)
        found = {
            f'{name} part, column "{column.name}"': _told(*pair)
            for index, column in enumerate(data.columns)
            if _is_shifted(pair := (train[:, index], cells[:, index]), len(data.columns))
        }
        yield from gathered(SHIFT, found)


def _is_shifted(pair: tuple[Array, Array], columns: int) -> bool:
    """Tell whether two samples are of different distributions, more than one in 1,000 tables is.

    The two-sample Kolmogorov-Smirnov test; its limit for large samples, and Bonferroni's
    correction for the number of columns.
    """
    first, second = (np.sort(each[~np.isnan(each)]) for each in pair)
    n, m = len(first), len(second)
    if n < 20 or m < 20:
        return False
    values = np.concatenate([first, second])
    below = np.searchsorted(first, values, side="right") / n
    distance = float(np.abs(below - np.searchsorted(second, values, side="right") / m).max())
    by_chance = math.sqrt(-math.log(_CHANCE / columns / 2) / 2 * (n + m) / (n * m))
    return distance > max(_DISTANCE, by_chance)


def _told(train: Array, other: Array) -> str:
    first, second = float(np.nanmean(train)), float(np.nanmean(other))
    return f"the mean is {second:.4g}, that of the rows to train on {first:.4g}"
