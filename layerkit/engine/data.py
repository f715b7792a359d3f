"""The data of a run: loaded, checked against the plan, and split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layerkit.contracts.callback import CallbackConfig
from layerkit.contracts.dataset import Examples, Splits
from layerkit.contracts.schedule import ScheduleConfig
from layerkit.engine.batches import Rows
from layerkit.engine.data_checks import check_some_count, check_splits
from layerkit.errors import DataError, ShapeError
from layerkit.guard import component_errors
from layerkit.plan.network import NetworkPlan
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


def split(plan: NetworkPlan, splits: Splits) -> tuple[Part, Part]:
    """Return what to train on and what to validate on, rows in ascending order.

    Validation examples are the dataset's own, or set aside from those to train on: which ones
    depends on the spec's seed alone.

    Raises
    ------
    DataError
        If there are none to validate on, and a callback or a schedule needs some; or if all those
        to train or to validate on have weight 0.
    """
    examples = len(splits.train)
    count = plan.spec.data.set_aside(examples) or 0
    order = generator(plan.spec.seed, "validation").permutation(examples)
    train = Part(splits.train, np.sort(order[count:]))
    check_some_count("train", splits.train, train.rows)
    if splits.validation is not None:
        return train, whole(splits.validation)
    if count == 0:
        _check_unvalidated(plan)
    validation = Part(splits.train, np.sort(order[:count]))
    check_some_count("validation", splits.train, validation.rows)
    return train, validation


def whole(examples: Examples) -> Part:
    """Return all rows of some examples."""
    return Part(examples, np.arange(len(examples)))


def _check_unvalidated(plan: NetworkPlan) -> None:
    """Check callbacks and schedules again where only the data tell that there is no validation."""
    options: list[object] = [option for _, option in plan.spec.optimizer]
    for config in (*plan.callbacks, *options):
        if isinstance(config, CallbackConfig | ScheduleConfig):
            try:
                config.check(plan.figures, validates=False)
            except ShapeError as error:
                raise DataError(f"data: {error}") from error
