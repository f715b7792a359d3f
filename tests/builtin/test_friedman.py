from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.friedman import FriedmanConfig
from layerkit.testing.dataset import check_dataset


@pytest.mark.parametrize("table", [{}, {"features": 5, "noise": 0.0}, {"test_examples": 0}])
def test_keeps_the_contract_of_datasets(table: dict[str, object]) -> None:
    check_dataset({"type": "friedman", **table})


def test_without_noise_targets_are_the_formula() -> None:
    train = FriedmanConfig(noise=0.0, train_examples=7).build().load().train
    x = np.asarray(train.inputs, np.float64)
    expected = [
        10 * math.sin(math.pi * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e
        for a, b, c, d, e in x[:, :5].tolist()
    ]
    np.testing.assert_allclose(np.asarray(train.targets)[:, 0], expected, rtol=1e-5)


def test_another_seed_gives_other_examples() -> None:
    first, second = (FriedmanConfig(seed=seed).build().load().train for seed in (0, 1))
    assert not np.array_equal(first.inputs, second.inputs)


def test_needs_five_features() -> None:
    with pytest.raises(ValidationError, match="features"):
        FriedmanConfig(features=4)
