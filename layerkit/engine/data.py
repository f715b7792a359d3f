"""The data of a run: loaded, checked against the plan, and split."""

from __future__ import annotations

import numpy as np

from layerkit.contracts.dataset import Splits
from layerkit.engine.batches import Rows
from layerkit.errors import DataError
from layerkit.plan.network import NetworkPlan
from layerkit.randomness import generator
from layerkit.spec.models import ModelSpec


def load_data(plan: NetworkPlan) -> Splits:
    """Return the data of a planned spec.

    Raises
    ------
    DataError
        If they are damaged, or not what the plan was made for.
    """
    splits = plan.spec.data.build().load()
    for examples in (splits.train, splits.test):
        if examples is not None and examples.inputs.shape[1:] != plan.info.input_shape:
            raise DataError(
                f"data: expected examples of shape {plan.info.input_shape}, "
                f"found {examples.inputs.shape[1:]}"
            )
    return splits


def split_rows(spec: ModelSpec, examples: int) -> tuple[Rows, Rows]:
    """Return the rows to train on and the rows to validate on, each in ascending order."""
    validation = spec.data.set_aside(examples) or 0
    order = generator(spec.seed, "validation").permutation(examples)
    return np.sort(order[validation:]), np.sort(order[:validation])
