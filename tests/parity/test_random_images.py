"""Random changes of images with the same random numbers, beside functions of PyTorch."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import ndimage
from torch import Tensor
from torch.nn import functional

from layerkit.arrays import Array
from layerkit.randomness import StepRandom
from tests.parity.one_layer import BATCH, DTYPES, build, compare_step, draw

HEIGHT, WIDTH = 9, 7
SHAPE = (HEIGHT, WIDTH, 2)
Table = dict[str, object]


def drawn(*shape: int) -> Array:
    """Return the numbers that a layer draws at first, from 0 to 1."""
    return StepRandom(0).generator("layer").random(shape)


def looked_up(x: Tensor, rows: Array, columns: Array) -> Tensor:
    """Return images whose pixels come from other positions, with bilinear interpolation."""
    across, down = 2 * columns / (WIDTH - 1) - 1, 2 * rows / (HEIGHT - 1) - 1
    grid = torch.from_numpy(np.stack((across, down), axis=-1)).to(x.dtype)
    images = functional.grid_sample(x.movedim(-1, 1), grid, align_corners=True)
    return images.movedim(1, -1)


@DTYPES
@pytest.mark.parametrize(
    ("mode", "axes"),
    [("horizontal", (1,)), ("vertical", (0,)), ("horizontal_and_vertical", (0, 1))],
)
def test_random_flip(mode: str, axes: tuple[int, ...], dtype: str) -> None:
    chosen = drawn(BATCH, 2) < 0.5  # across, down

    def theirs(x: Tensor, _: object) -> Tensor:
        return torch.stack(
            [
                image.flip([axis for axis in axes if across_and_down[1 - axis]])
                for image, across_and_down in zip(x, chosen.tolist(), strict=True)
            ]
        )

    table: Table = {"type": "random_flip", "mode": mode}
    compare_step(build(table, SHAPE, dtype), theirs, draw(dtype, BATCH, *SHAPE))


@DTYPES
def test_random_shift(dtype: str) -> None:
    most = 3
    shifts = np.floor(drawn(BATCH, 2) * (2 * most + 1)).astype(int) - most

    def theirs(x: Tensor, _: object) -> Tensor:
        padded = functional.pad(x, (0, 0, most, most, most, most))
        return torch.stack(
            [
                image[most - down : most - down + HEIGHT, most - across : most - across + WIDTH]
                for image, (down, across) in zip(padded, shifts.tolist(), strict=True)
            ]
        )

    table: Table = {"type": "random_shift", "pixels": most}
    compare_step(build(table, SHAPE, dtype), theirs, draw(dtype, BATCH, *SHAPE))


@DTYPES
@pytest.mark.parametrize("degrees", [10.0, 180.0])
def test_random_rotation(degrees: float, dtype: str) -> None:
    angle = math.radians(degrees) * (2 * drawn(BATCH, 1, 1) - 1)
    down, across = np.indices((HEIGHT, WIDTH)) - [[[(HEIGHT - 1) / 2]], [[(WIDTH - 1) / 2]]]
    rows = np.cos(angle) * down + np.sin(angle) * across + (HEIGHT - 1) / 2
    columns = np.cos(angle) * across - np.sin(angle) * down + (WIDTH - 1) / 2
    table: Table = {"type": "random_rotation", "degrees": degrees}
    compare_step(
        build(table, SHAPE, dtype),
        lambda x, _: looked_up(x, rows, columns),
        draw(dtype, BATCH, *SHAPE),
    )


@DTYPES
def test_random_elastic(dtype: str) -> None:
    """The Gaussian is scipy's."""
    alpha, sigma = 9.0, 1.5
    uniform = 2 * drawn(BATCH, 2, HEIGHT, WIDTH) - 1
    moves = alpha * ndimage.gaussian_filter(
        uniform, sigma, mode="constant", truncate=8, axes=(2, 3)
    )
    rows, columns = np.moveaxis(moves + np.indices((HEIGHT, WIDTH)), 1, 0)
    table: Table = {"type": "random_elastic", "alpha": alpha, "sigma": sigma}
    compare_step(
        build(table, SHAPE, dtype),
        lambda x, _: looked_up(x, rows, columns),
        draw(dtype, BATCH, *SHAPE),
    )
