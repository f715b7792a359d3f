"""The data of a run: loaded, checked against the plan, and split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layerkit.contracts.callback import CallbackConfig
from layerkit.contracts.dataset import Examples, Splits
from layerkit.contracts.schedule import ScheduleConfig
from layerkit.engine.batches import Rows
from layerkit.errors import DataError, ShapeError
from layerkit.formats.in_memory import check_ids
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
        If they are damaged, or not what the plan was made for.
    """
    splits = plan.spec.data.build().load()
    for name, examples in (
        ("train", splits.train),
        ("validation", splits.validation),
        ("test", splits.test),
    ):
        if examples is not None:
            _check(name, examples, plan)
    return splits


def split(plan: NetworkPlan, splits: Splits) -> tuple[Part, Part]:
    """Return what to train on and what to validate on, rows in ascending order.

    Validation examples are the dataset's own, or set aside from those to train on: which ones
    depends on the spec's seed alone.

    Raises
    ------
    DataError
        If there are none to validate on, and a callback or a schedule needs some.
    """
    examples = len(splits.train)
    count = plan.spec.data.set_aside(examples) or 0
    order = generator(plan.spec.seed, "validation").permutation(examples)
    train = Part(splits.train, np.sort(order[count:]))
    if splits.validation is not None:
        return train, whole(splits.validation)
    if count == 0:
        _check_unvalidated(plan)
    return train, Part(splits.train, np.sort(order[:count]))


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


def _check(name: str, examples: Examples, plan: NetworkPlan) -> None:
    inputs, weights, info = examples.inputs, examples.weights, plan.info
    if inputs.shape[1:] != info.input_shape:
        raise DataError(
            f"data: expected examples of shape {info.input_shape}, found {inputs.shape[1:]}"
        )
    if weights is not None and weights.shape != (len(inputs),):
        raise DataError(
            f"data: expected one weight for each of the {len(inputs)} {name} examples, "
            f"found an array of shape {weights.shape}"
        )
    if weights is not None and not (np.all(weights >= 0) and 0 < weights.sum() < np.inf):
        raise DataError(f"data: expected finite {name} weights from 0, some above, found others")
    if info.vocabulary is not None:
        check_ids(inputs, info.vocabulary, f"data: {name} inputs")
