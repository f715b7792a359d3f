from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.testing.sampling import FLOAT64
from layerkit.warping import Warp, smoothing_matrix

HEIGHT, WIDTH, CHANNELS = 4, 5, 2
SHAPE = (HEIGHT, WIDTH, CHANNELS)


def warped(x: Array, rows: Array, columns: Array) -> tuple[Warp, Array]:
    warp, y = Warp(len(x) + 1, SHAPE, FLOAT64), np.zeros_like(x)
    np.copyto(warp.rows[: len(x)], rows)
    np.copyto(warp.columns[: len(x)], columns)
    warp.apply(x, y)
    return warp, y


def looked_up(image: Array, row: float, column: float) -> Array:
    """Interpolate by hand, pixel for pixel."""
    total = np.zeros(CHANNELS)
    for i in range(HEIGHT):
        for j in range(WIDTH):
            total += max(0, 1 - abs(row - i)) * max(0, 1 - abs(column - j)) * image[i, j]
    return total


def test_values_between_pixels_are_interpolated_and_those_outside_are_0() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, *SHAPE))
    rows = rng.uniform(-3, HEIGHT + 2, (3, HEIGHT, WIDTH))
    columns = rng.uniform(-3, WIDTH + 2, (3, HEIGHT, WIDTH))
    _, y = warped(x, rows, columns)
    for index in np.ndindex(3, HEIGHT, WIDTH):
        expected = looked_up(x[index[0]], float(rows[index]), float(columns[index]))
        np.testing.assert_allclose(y[index], expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("edge", [-1.0, 0.0, HEIGHT - 1.0, float(HEIGHT), 1e9, -1e9])
def test_edges_and_places_far_outside_read_no_other_image(edge: float) -> None:
    x = 1 + np.arange(2.0 * HEIGHT * WIDTH * CHANNELS).reshape(2, *SHAPE)
    _, y = warped(x, np.full((2, HEIGHT, WIDTH), edge), np.zeros((2, HEIGHT, WIDTH)))
    for index in range(2):
        np.testing.assert_array_equal(y[index, 0, 0], looked_up(x[index], edge, 0))


def test_the_gradient_is_the_transposed_map_every_time() -> None:
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 3, *SHAPE))
    places = rng.uniform(-2, 6, (2, 3, HEIGHT, WIDTH))
    warp, y = warped(x, *places)
    for _ in range(2):
        dx = np.full_like(x, np.nan)
        warp.apply_gradient(dy, dx)
        assert np.sum(dx * x) == pytest.approx(float(np.sum(dy * y)), rel=1e-12)
    np.copyto(warp.rows[:3], places[0])
    np.copyto(warp.columns[:3], places[1])
    again = np.zeros_like(x)
    warp.apply(x, again)
    np.testing.assert_array_equal(again, y)


def test_smoothing_spreads_a_pixel_as_a_gaussian_whose_sum_is_1() -> None:
    matrix = smoothing_matrix(41, 2.0)
    line = matrix[20]
    assert line.sum() == pytest.approx(1, rel=1e-12)
    places = np.arange(41) - 20
    assert np.sum(line * places**2) == pytest.approx(4, rel=1e-9)
    np.testing.assert_allclose(line[20:23] / line[20], np.exp([0, -1 / 8, -1 / 2]), rtol=1e-12)


def test_what_is_smoothed_over_the_edge_is_lost() -> None:
    assert smoothing_matrix(41, 2.0)[0].sum() == pytest.approx(0.5 * (1 + 0.1995), rel=1e-3)
