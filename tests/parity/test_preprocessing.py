"""Layers that are fitted on the training part do what scikit-learn's transformers do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)

from layerkit.arrays import Array
from tests.helpers.fitting import fitted

FEATURES = 5


class Transformer(Protocol):
    def fit(self, x: Array) -> Transformer: ...

    def transform(self, x: Array) -> Array: ...


def skewed(rows: int, seed: int) -> Array:
    """Return numbers of several kinds: normal, skewed, heavy tails, rounded with ties, binary."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, FEATURES))
    x[:, 1] = np.exp(x[:, 1])
    x[:, 2] = x[:, 2] ** 5
    x[:, 3] = np.round(3 * x[:, 3])
    x[:, 4] = x[:, 4] > 0
    return x


@pytest.mark.parametrize("rows", [20, 700])
@pytest.mark.parametrize(
    ("layer", "theirs"),
    [
        ({"type": "standardize"}, StandardScaler()),
        ({"type": "min_max"}, MinMaxScaler()),
        ({"type": "min_max", "lower": -3.0, "upper": 1.0}, MinMaxScaler((-3, 1))),
        ({"type": "quantile", "quantiles": 10}, QuantileTransformer(n_quantiles=10)),
        ({"type": "quantile", "quantiles": 2}, QuantileTransformer(n_quantiles=2)),
        ({"type": "quantile", "quantiles": 500}, QuantileTransformer(n_quantiles=500)),
        (
            {"type": "quantile", "quantiles": 500, "output": "normal"},
            QuantileTransformer(n_quantiles=500, output_distribution="normal"),
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:n_quantiles")
def test_scaling(layer: Mapping[str, object], theirs: Transformer, rows: int) -> None:
    x, new = skewed(rows, 0), skewed(rows, 1)
    ours = fitted(layer, x, 64)
    theirs.fit(x)
    for each in (x, new):
        np.testing.assert_allclose(
            ours.forward(each, training=False), theirs.transform(each), rtol=1e-9, atol=1e-12
        )


@pytest.mark.parametrize("rows", [20, 700])
def test_robust_scaling_where_quartiles_differ(rows: int) -> None:
    x = skewed(rows, 0)
    expected = RobustScaler().fit(x).transform(x)
    np.testing.assert_allclose(
        fitted("robust", x, 64).forward(x, training=False), expected, rtol=1e-12, atol=1e-12
    )


def test_one_hot() -> None:
    x = np.random.default_rng(0).integers(0, (2, 5, 3), (50, 3)).astype(np.float64)
    expected = OneHotEncoder(sparse_output=False).fit_transform(x)
    ours = fitted({"type": "one_hot", "categories": [2, 5, 3]}, x)
    assert np.array_equal(ours.forward(x, training=False), expected)


@pytest.mark.parametrize("indicator", [False, True])
@pytest.mark.parametrize("strategy", ["mean", "median", "constant"])
def test_filling_missing_values(strategy: str, indicator: bool) -> None:
    x = skewed(100, 0)
    x[np.random.default_rng(1).random(x.shape) < 0.3] = np.nan
    value = {"value": -7.0} if strategy == "constant" else {}
    ours = fitted(
        {"type": "fill_missing", "strategy": strategy, "indicator": indicator, **value}, x, 64
    )
    theirs = SimpleImputer(strategy=strategy, fill_value=-7.0, add_indicator=indicator)
    np.testing.assert_allclose(
        ours.forward(x, training=False), theirs.fit_transform(x), rtol=1e-12, atol=1e-12
    )
