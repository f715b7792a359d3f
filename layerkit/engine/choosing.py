"""Which examples are set aside: drawn from all alike, or in the proportions of their classes."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Targets
from layerkit.contracts.dataset import ClassTarget
from layerkit.contracts.fold import Fold
from layerkit.engine.batches import Rows
from layerkit.errors import DataError


def first_of(order: Rows, count: int, labels: Targets | None) -> Rows:
    """Return rows from the front of an order: the first ones, or the first ones of every class.

    Parameters
    ----------
    order
        Rows, as they are drawn.
    count
        How many are wanted, at most as many as there are.
    labels
        The class of every example, to keep their proportions: each class gets its share rounded
        down, and those with the largest remainders one more. None to pay no heed to classes.
    """
    if labels is None:
        return order[:count]
    by_class = _by_class(order, labels)
    sizes = np.bincount(labels[order])
    shares, remainders = np.divmod(sizes * count, max(len(order), 1))
    more = np.argsort(-remainders, kind="stable")[: count - int(shares.sum())]
    shares[more] += 1
    place = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return by_class[place < np.repeat(shares, sizes)]


def fold_of(order: Rows, fold: Fold, labels: Targets | None) -> Rows:
    """Return the rows of a fold; with labels, folds differ by one example of a class at most."""
    dealt = order if labels is None else _by_class(order, labels)
    return dealt[fold.number - 1 :: fold.of]


def without(rows: Rows, chosen: Rows) -> Rows:
    """Return the rows that were not chosen, in the order that they are in."""
    return np.setdiff1d(rows, chosen, assume_unique=True)


def check_every_class(
    name: str, chosen: Rows, left: Rows, labels: Targets, target: ClassTarget
) -> None:
    """Check that every class is among those set aside, and among those that are left.

    Raises
    ------
    DataError
        If not; says which class has too few examples.
    """
    counts = {
        f"for {name}": np.bincount(labels[chosen], minlength=target.classes),
        "left": np.bincount(labels[left], minlength=target.classes),
    }
    all_of_them = np.add(*counts.values())
    for purpose, count in counts.items():
        lacking = np.flatnonzero((count == 0) & (all_of_them > 0))
        if lacking.size:
            label = int(lacking[0])
            called = f"'{target.names[label]}'" if target.names else str(label)
            others = f" ({lacking.size - 1} more)" if lacking.size > 1 else ""
            raise DataError(
                f"data: expected examples of every class {purpose}, found none of class {called}"
                f"{others}, which has {all_of_them[label]}; set aside another number, take fewer "
                "folds, or set data.stratify = false"
            )


def _by_class(order: Rows, labels: Targets) -> Rows:
    """Return rows sorted by their classes, each class in the order given."""
    return order[np.argsort(labels[order], kind="stable")]
