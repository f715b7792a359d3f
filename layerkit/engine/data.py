"""The data of a run: loaded, checked against the plan, and split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from layerkit.contracts.callback import CallbackConfig
from layerkit.contracts.dataset import ClassTarget, Examples, Splits
from layerkit.contracts.schedule import ScheduleConfig
from layerkit.engine.batches import Rows
from layerkit.engine.choosing import check_every_class, first_of, fold_of, without
from layerkit.engine.data_checks import check_some_count, check_splits
from layerkit.errors import DataError, ShapeError
from layerkit.guard import component_errors
from layerkit.plan.network import NetworkPlan
from layerkit.plan.schedules import schedules_within
from layerkit.randomness import generator


@dataclass(frozen=True, slots=True)
class Part:
    """Chosen rows of some examples."""

    examples: Examples
    rows: Rows

    def __len__(self) -> int:
        return len(self.rows)


@component_errors()
def load_data(plan: NetworkPlan) -> Splits:
    """Return the data of a planned spec.

    Raises
    ------
    DataError
        If they are damaged, not what the plan was made for, or not finite.
    PluginError
        If the dataset does not keep its contract.
    """
    # What it overflows is found by the checks, with its place.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        splits: object = plan.spec.data.build().load()
    return check_splits(plan, splits)


class Parts(NamedTuple):
    """What a run trains, validates and tests on; rows are in ascending order.

    Attributes
    ----------
    train
        What to train on.
    validation
        What to validate on; may be empty.
    test
        What to test on; None without test examples.
    """

    train: Part
    validation: Part
    test: Part | None


def split(plan: NetworkPlan, splits: Splits) -> Parts:
    """Return what to train, validate and test on.

    Validation and test examples are the dataset's own, or set aside from those to train on: which
    ones depends on the spec's seed alone.

    Raises
    ------
    DataError
        If there are none to validate on, and a callback or a schedule needs some; if none would be
        set aside; if a class that has examples is not in every part though the spec says
        ``stratify``; or if all those of a part have weight 0.
    """
    data, examples = plan.spec.data, splits.train
    test = part_to_test_on(plan, splits)
    rest: Rows = np.arange(len(examples))
    if test is not None and test.examples is examples:
        rest = without(rest, test.rows)
    if splits.validation is not None:
        validation = whole(splits.validation)
    else:
        if data.validation == 0:
            _check_unvalidated(plan)
        rows = _set_aside(plan, examples, rest, "validation")
        rest, validation = without(rest, rows), Part(examples, rows)
    parts = Parts(Part(examples, rest), validation, test)
    for name, part in parts._asdict().items():
        if part is not None and part.examples is examples:
            check_some_count(name, examples, part.rows)
    return parts


def check_batch(plan: NetworkPlan, train: Part) -> None:
    """Check that there are training examples, and as many as a batch has.

    Raises
    ------
    DataError
        If not.
    """
    batch_size = plan.spec.training.batch_size
    left = len(train)
    if left and (batch_size == "full" or batch_size <= left):
        return
    found = f"found {left}"
    aside = len(train.examples) - left
    if aside:
        found += f": {aside} of {len(train.examples)} are set aside"
    wanted = "some" if batch_size == "full" else f"at least {batch_size}, one batch,"
    smaller = f"set training.batch_size to {left} or less, or " if left else ""
    raise DataError(f"data: expected {wanted} training examples, {found}; {smaller}set aside fewer")


def part_to_test_on(plan: NetworkPlan, splits: Splits) -> Part | None:
    """Return what to test on, as `split` does; None without test examples.

    Raises
    ------
    DataError
        If none would be set aside, or the dataset has test examples of its own beside them.
    """
    data, own = plan.spec.data, splits.test
    if data.fold is None and data.test == 0:
        return None if own is None else whole(own)
    if own is not None and data.fold is None:
        raise DataError(
            f"data: expected no test examples of the dataset's own beside data.test, found "
            f"{len(own)}; leave data.test out"
        )
    rows = _set_aside(plan, splits.train, np.arange(len(splits.train)), "test")
    return Part(splits.train, rows)


def _set_aside(
    plan: NetworkPlan, examples: Examples, rows: Rows, name: Literal["test", "validation"]
) -> Rows:
    """Return those of the rows that are set aside, in ascending order."""
    data, target = plan.spec.data, plan.info.target
    labels = examples.targets if data.stratify else None
    fold = data.fold if name == "test" else None
    share = data.test if name == "test" else data.validation
    if fold is None and share == 0:
        return rows[:0]
    order: Rows = rows[generator(plan.spec.seed, name).permutation(len(rows))]
    if fold is None:
        count = round(len(examples) * share) if isinstance(share, float) else share
        chosen = np.sort(first_of(order, min(count, len(rows)), labels))
    else:
        chosen = np.sort(fold_of(order, fold, labels))
    if not len(chosen):
        key, found = (name, share) if fold is None else ("fold", fold)
        raise DataError(
            f"data: expected at least one of the {len(examples)} training examples for {name}, "
            f"found none with data.{key} = {found}"
        )
    if labels is not None and isinstance(target, ClassTarget):
        check_every_class(name, chosen, without(rows, chosen), labels, target)
    return chosen


def whole(examples: Examples) -> Part:
    """Return all rows of some examples."""
    return Part(examples, np.arange(len(examples)))


def _check_unvalidated(plan: NetworkPlan) -> None:
    """Check callbacks and schedules again where only the data tell that there is no validation."""
    configs: list[CallbackConfig | ScheduleConfig] = [*plan.callbacks]
    configs += [schedule for _, schedule in schedules_within(plan.spec)]
    for config in configs:
        try:
            config.check(plan.figures, validates=False)
        except ShapeError as error:
            raise DataError(f"data: {error}") from error
