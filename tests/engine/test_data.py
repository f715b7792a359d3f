from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array, Inputs
from layerkit.contracts.dataset import (
    ClassTarget,
    DataInfo,
    Dataset,
    DatasetConfig,
    Examples,
    Splits,
)
from layerkit.engine.data import load_data, split
from layerkit.errors import DataError
from layerkit.plan.network import NetworkPlan, plan_network
from tests.helpers.specs import small_plan, small_spec


def rows(seed: int) -> tuple[Array, Array]:
    plan = small_plan(f"seed={seed}")
    train, validation = split(plan, load_data(plan))
    return train.rows.astype(np.float64), validation.rows.astype(np.float64)


def test_every_row_is_either_trained_on_or_set_aside() -> None:
    train, validation = rows(3)
    assert len(validation) == 30
    np.testing.assert_array_equal(np.sort(np.concatenate([train, validation])), np.arange(150))


def test_the_split_depends_on_the_seed_alone() -> None:
    first, again, other = (rows(seed)[1] for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


class GivenConfig(DatasetConfig):
    """Data that a test passes in."""

    type: Literal["given"] = "given"
    given: Callable[[], Splits]
    known: DataInfo

    def info(self) -> DataInfo:
        return self.known


@final
class Given(Dataset[GivenConfig]):
    def load(self) -> Splits:
        return self.config.given()


TRAIN = Examples(np.zeros((20, 2)), np.arange(20) % 3)
INFO = DataInfo((2,), ClassTarget(3), 20, 0, bytes_per_value=8)


def plan_of(splits: Splits, info: DataInfo = INFO, *overrides: str) -> NetworkPlan:
    data = GivenConfig.model_construct(given=lambda: splits, known=info, validation=0)
    spec = small_spec("regularizers=[]", *overrides)
    return plan_network(spec.model_copy(update={"data": data}))


def test_validation_examples_of_the_dataset_itself_are_taken() -> None:
    own = Examples(np.ones((4, 2)), np.arange(4) % 3)
    splits = Splits(TRAIN, validation=own)
    plan = plan_of(splits, replace(INFO, validation=4))
    train, validation = split(plan, load_data(plan))
    assert (len(train), len(validation)) == (20, 4)
    assert validation.examples is own
    assert plan.validation_examples == 4


@pytest.mark.parametrize(
    ("override", "name"),
    [
        ("training.early_stopping={patience=2}", "early_stopping"),
        ("callbacks=[{type='stop_when', value=0.1}]", "stop_when"),
        ("optimizer.schedule='reduce_on_plateau'", "reduce_on_plateau"),
    ],
)
def test_what_watches_validation_is_refused_if_the_data_turn_out_to_have_none(
    override: str, name: str
) -> None:
    plan = plan_of(Splits(TRAIN), replace(INFO, validation=None), override)
    with pytest.raises(DataError, match=f"data: {name} expects validation examples"):
        split(plan, load_data(plan))


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        (np.ones(3), "expected one weight for each of the 20 train examples"),
        (np.zeros(20), "expected finite train weights from 0, some above"),
        (np.full(20, -1.0), "expected finite train weights from 0, some above"),
        (np.full(20, np.inf), "expected finite train weights from 0, some above"),
        (np.full(20, np.nan), "expected finite train weights from 0, some above"),
    ],
)
def test_weights_that_make_no_sense_are_refused(weights: Array, reason: str) -> None:
    plan = plan_of(Splits(replace(TRAIN, weights=weights)))
    with pytest.raises(DataError, match=reason):
        load_data(plan)


@pytest.mark.parametrize("inputs", [np.zeros((20, 3)), np.zeros(20)])
def test_examples_of_another_shape_are_refused(inputs: Inputs) -> None:
    plan = plan_of(Splits(replace(TRAIN, inputs=inputs)))
    with pytest.raises(DataError, match=r"expected examples of shape \(2,\)"):
        load_data(plan)
