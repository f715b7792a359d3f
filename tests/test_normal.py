from __future__ import annotations

from statistics import NormalDist

import numpy as np

from layerkit.normal import LEAST, NormalQuantiles


def test_quantiles_are_those_of_the_normal_distribution() -> None:
    p = np.concatenate([np.linspace(0.001, 0.999, 1001), [LEAST, 1e-6, 0.075, 0.925, 1 - 1e-6]])
    z = p.copy()
    NormalQuantiles(2000).apply(z, np.zeros(0))
    np.testing.assert_allclose(z, [NormalDist().inv_cdf(each) for each in p], rtol=1e-9, atol=1e-15)


def test_the_ends_are_those_of_the_least_probability() -> None:
    z = np.array([0.0, 1.0, 0.5])
    NormalQuantiles(3).apply(z, np.zeros(0))
    end = NormalDist().inv_cdf(LEAST)
    np.testing.assert_allclose(z, [end, -end, 0], rtol=1e-8)


def test_the_slope_is_multiplied_by_the_derivative_and_0_beyond_the_ends() -> None:
    p = np.array([0.02, 0.5, 0.8, 0.0, 1.0])
    step = 1e-7
    up, down = p[:3] + step, p[:3] - step
    quantiles = NormalQuantiles(5)
    slope = np.array([1.0, 1.0, 2.0, 1.0, 1.0])
    quantiles.apply(p, slope)
    quantiles.apply(up, np.zeros(0))
    quantiles.apply(down, np.zeros(0))
    np.testing.assert_allclose(slope[:3], (up - down) / (2 * step) * [1, 1, 2], rtol=1e-6)
    assert slope[3:].tolist() == [0.0, 0.0]
