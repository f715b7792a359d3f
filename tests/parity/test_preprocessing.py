"""Layers that are fitted on the training part do what scikit-learn's transformers do.

Their gradients are the slopes of those transformers, from what these have measured.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)

from layerkit.arrays import Array
from layerkit.contracts.layer import Layer, LayerConfig
from tests.helpers.fitting import fitted
from tests.parity.one_layer import DTYPES, TOLERANCES, draw_gradient, floats

FEATURES = 5
Table = Mapping[str, object]


def skewed(rows: int, seed: int, dtype: str) -> Array:
    """Return numbers of several kinds: normal, skewed, heavy tails, rounded with ties, binary."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, FEATURES))
    x[:, 1] = np.exp(x[:, 1])
    x[:, 2] = x[:, 2] ** 5
    x[:, 3] = np.round(3 * x[:, 3])
    x[:, 4] = x[:, 4] > 0
    return x.astype(dtype)


def assert_close(found: Array | None, expected: Array) -> None:
    assert found is not None
    exact = TOLERANCES[str(found.dtype)]
    np.testing.assert_allclose(found, expected, rtol=exact, atol=exact)


def fit(table: Table | str, x: Array) -> Layer[LayerConfig]:
    return fitted(table, x, 64, floats(str(x.dtype)))


def compare_step(ours: Layer[LayerConfig], x: Array, expected: Array, slopes: Array) -> None:
    """Check outputs and the gradient of inputs."""
    dy = draw_gradient(str(x.dtype), *expected.shape)
    assert_close(ours.forward(x, training=True), expected)
    assert_close(ours.backward(dy.copy()), dy[:, : x.shape[1]] * slopes)


@DTYPES
@pytest.mark.parametrize("rows", [20, 700])
def test_standardize(rows: int, dtype: str) -> None:
    x, new = skewed(rows, 0, dtype), skewed(rows, 1, dtype)
    ours, theirs = fit("standardize", x), StandardScaler().fit(x.astype(np.float64))
    for each in (x, new):
        expected = theirs.transform(each.astype(np.float64))
        compare_step(ours, each, expected, 1 / theirs.scale_)


@DTYPES
@pytest.mark.parametrize("rows", [20, 700])
@pytest.mark.parametrize(("lower", "upper"), [(0.0, 1.0), (-3.0, 1.0)])
def test_min_max(lower: float, upper: float, rows: int, dtype: str) -> None:
    x, new = skewed(rows, 0, dtype), skewed(rows, 1, dtype)
    ours = fit({"type": "min_max", "lower": lower, "upper": upper}, x)
    theirs = MinMaxScaler((lower, upper)).fit(x.astype(np.float64))
    for each in (x, new):
        expected = theirs.transform(each.astype(np.float64))
        compare_step(ours, each, expected, theirs.scale_)


@DTYPES
@pytest.mark.parametrize("rows", [20, 700])
def test_robust_scaling_where_quartiles_differ(rows: int, dtype: str) -> None:
    x = skewed(rows, 0, dtype)
    theirs = RobustScaler().fit(x.astype(np.float64))
    expected = theirs.transform(x.astype(np.float64))
    compare_step(fit("robust", x), x, expected, 1 / theirs.scale_)


def quantile_slopes(theirs: QuantileTransformer, x: Array, dtype: str) -> Array:
    """Return the slope between the entries around every value; 0 outside, nan beside an entry.

    Entries and their shares are rounded to the dtype that the layer keeps them in. Whether a value
    closer to an entry than the tolerance is below it, at it or above, rounding decides.
    """
    slopes: Array = np.zeros_like(x)
    shares = theirs.references_.astype(dtype).astype(np.float64)
    for feature, exact in enumerate(theirs.quantiles_.T):
        entries, values = exact.astype(dtype).astype(np.float64), x[:, feature]
        after = np.searchsorted(entries, values)
        inside = (after > 0) & (after < len(entries))
        at = after[inside]
        rise = shares[at] - shares[at - 1]
        slopes[inside, feature] = rise / (entries[at] - entries[at - 1])
        apart = np.abs(values[:, np.newaxis] - entries).min(axis=1)
        slopes[apart <= TOLERANCES[dtype] * np.maximum(np.abs(values), 1), feature] = np.nan
    return slopes


@DTYPES
@pytest.mark.parametrize("rows", [20, 700])
@pytest.mark.parametrize("quantiles", [2, 10, 500])
@pytest.mark.parametrize("output", ["uniform", "normal"])
@pytest.mark.filterwarnings("ignore:n_quantiles")
def test_quantile(output: str, quantiles: int, rows: int, dtype: str) -> None:
    x, new = skewed(rows, 0, dtype), skewed(rows, 1, dtype)
    ours = fit({"type": "quantile", "quantiles": quantiles, "output": output}, x)
    theirs = QuantileTransformer(n_quantiles=quantiles, output_distribution=output)
    theirs.fit(x.astype(np.float64))
    compared = 0
    for each in (x, new):
        expected = theirs.transform(each.astype(np.float64))
        slopes = quantile_slopes(theirs, each.astype(np.float64), dtype)
        if output == "normal":
            # scikit-learn's ends are those of a share that is smaller by the spacing of 1.
            expected = np.clip(expected, norm.ppf(1e-7), norm.ppf(1 - 1e-7))
            slopes = slopes / norm.pdf(expected)
            slopes[np.abs(expected) > 4] = np.nan  # there, it magnifies the rounding of shares
        assert_close(ours.forward(each, training=True), expected)
        dy = draw_gradient(dtype, *each.shape)
        dx = ours.backward(dy.copy())
        assert dx is not None
        known = np.isfinite(slopes)
        assert_close(dx[known], (dy * slopes)[known])
        compared += int((slopes[known] > 0).sum())
    assert compared > rows


@DTYPES
def test_one_hot(dtype: str) -> None:
    x = np.random.default_rng(0).integers(0, (2, 5, 3), (50, 3)).astype(dtype)
    expected = OneHotEncoder(sparse_output=False).fit_transform(x)
    ours = fit({"type": "one_hot", "categories": [2, 5, 3]}, x)
    assert np.array_equal(ours.forward(x, training=True), expected)
    assert ours.backward(expected.astype(dtype)) is None  # ids have no gradient


@DTYPES
@pytest.mark.parametrize("indicator", [False, True])
@pytest.mark.parametrize("strategy", ["mean", "median", "constant"])
def test_filling_missing_values(strategy: str, indicator: bool, dtype: str) -> None:
    x = skewed(100, 0, dtype)
    x[np.random.default_rng(1).random(x.shape) < 0.3] = np.nan
    value = {"value": -7.0} if strategy == "constant" else {}
    ours = fit({"type": "fill_missing", "strategy": strategy, "indicator": indicator, **value}, x)
    theirs = SimpleImputer(strategy=strategy, fill_value=-7.0, add_indicator=indicator)
    expected = theirs.fit_transform(x.astype(np.float64))
    compare_step(ours, x, expected, (~np.isnan(x)).astype(np.float64))
