from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array, Shape
from layerkit.builtin.random_shift import RandomShiftConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer

SIDE, PIXELS, MANY = 7, 2, 2000


def random_shift(seed: int = 0, batch_size: int = MANY) -> Layer[LayerConfig]:
    return build_layer(
        RandomShiftConfig(pixels=PIXELS),
        input_shape=(SIDE, SIDE, 1),
        batch_size=batch_size,
        seed=seed,
    )


def dots(count: int = MANY) -> Array:
    """Return images with one pixel in the middle, which no shift loses."""
    x = np.zeros((count, SIDE, SIDE, 1))
    x[:, SIDE // 2, SIDE // 2] = 1
    return x


def shifts_of(y: Array) -> Array:
    """Return how far down and across the pixel of each image has moved."""
    found = np.argwhere(y[..., 0])
    assert found[:, 0].tolist() == list(range(len(y)))
    moved: Array = (found[:, 1:] - SIDE // 2).astype(np.float64)
    return moved


@pytest.mark.parametrize(("shape", "pixels"), [((5, 4, 1), 1), ((3, 6, 2), 2)])
def test_keeps_the_contract_of_layers(shape: Shape, pixels: int) -> None:
    check_layer(RandomShiftConfig(pixels=pixels), input_shape=shape)


def test_every_shift_is_as_likely_as_any_other() -> None:
    shifts = shifts_of(random_shift().forward(dots(), training=True))
    steps, counts = np.unique(shifts, axis=0, return_counts=True)
    reach = range(-PIXELS, PIXELS + 1)
    assert steps.tolist() == [[down, across] for down in reach for across in reach]
    expected = MANY / len(steps)
    assert np.all(np.abs(counts - expected) < 4 * np.sqrt(expected))


def test_the_whole_image_moves_and_what_comes_in_is_zero() -> None:
    x = 1 + np.arange(20.0 * SIDE * SIDE).reshape(20, SIDE, SIDE, 1)
    y = random_shift().forward(x, training=True)
    shifts = shifts_of(random_shift().forward(dots(20), training=True))
    for old, new, (down, across) in zip(x, y, shifts.astype(int).tolist(), strict=True):
        for row in range(SIDE):
            for column in range(SIDE):
                above, left = row - down, column - across
                is_inside = 0 <= above < SIDE and 0 <= left < SIDE
                assert new[row, column, 0] == (old[above, left, 0] if is_inside else 0)


def test_another_step_or_seed_moves_otherwise_and_the_same_step_likewise() -> None:
    layer, x = random_shift(), dots()
    memory = layer.context.memory
    found: list[Array] = []
    for step in (1, 2, 1):
        memory.random.start(step)
        found.append(shifts_of(layer.forward(x, training=True)))
    assert np.mean(np.all(found[0] == found[1], axis=1)) == pytest.approx(1 / 25, abs=0.02)
    assert np.array_equal(found[0], found[2])
    other = random_shift(seed=1)
    other.context.memory.random.start(1)
    assert not np.array_equal(found[0], shifts_of(other.forward(x, training=True)))


def test_the_gradient_moves_back_and_what_was_lost_has_none() -> None:
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 20, SIDE, SIDE, 1))
    layer = random_shift()
    y = layer.forward(x, training=True).copy()
    dx = layer.backward(dy.copy())
    assert dx is not None
    assert np.sum(dx * x) == pytest.approx(float(np.sum(dy * y)), rel=1e-12)  # the adjoint
    assert np.count_nonzero(dx) == np.count_nonzero(y)


def test_evaluation_passes_everything_through() -> None:
    x = dots(3)
    assert random_shift().forward(x, training=False) is x


@pytest.mark.parametrize("shape", [(), (784,), (28, 28), (2, 28, 28, 1)])
def test_refuses_what_is_no_image(shape: Shape) -> None:
    with pytest.raises(ShapeError, match=r"random_shift expects images, .* found \("):
        RandomShiftConfig(pixels=2).plan(shape)


@pytest.mark.parametrize("shape", [(2, 9, 1), (9, 2, 1)])
def test_refuses_to_move_images_out_of_sight(shape: Shape) -> None:
    with pytest.raises(ShapeError, match="out of sight"):
        RandomShiftConfig(pixels=2).plan(shape)
    assert RandomShiftConfig(pixels=1).plan(shape).output == shape


@pytest.mark.parametrize("pixels", [0, -1, 1.5, True, "2"])
def test_pixels_are_an_integer_from_one(pixels: object) -> None:
    with pytest.raises(ValidationError, match="pixels"):
        RandomShiftConfig.model_validate({"pixels": pixels})
