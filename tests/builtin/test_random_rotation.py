from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array, Shape
from layerkit.builtin.random_rotation import RandomRotationConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer

SIDE, MANY = 21, 500
MIDDLE = SIDE // 2


def random_rotation(degrees: float, seed: int = 0, size: int = MANY) -> Layer[LayerConfig]:
    return build_layer(
        RandomRotationConfig(degrees=degrees),
        input_shape=(SIDE, SIDE, 1),
        batch_size=size,
        seed=seed,
    )


def bars(count: int = MANY) -> Array:
    """Return images with a bar from the middle to the right."""
    x = np.zeros((count, SIDE, SIDE, 1))
    x[:, MIDDLE, MIDDLE + 4 : MIDDLE + 9] = 1
    return x


def angles_of(y: Array) -> Array:
    """Return the direction of each bar, seen from the middle, in degrees."""
    down, across = np.indices((SIDE, SIDE)) - MIDDLE
    total = y[..., 0].sum(axis=(1, 2))
    rows = (y[..., 0] * down).sum(axis=(1, 2)) / total
    columns = (y[..., 0] * across).sum(axis=(1, 2)) / total
    found: Array = np.degrees(np.arctan2(rows, columns))
    return found


@pytest.mark.parametrize("shape", [(5, 4, 1), (3, 6, 2)])
@pytest.mark.parametrize("degrees", [10.0, 180.0])
def test_keeps_the_contract_of_layers(shape: Shape, degrees: float) -> None:
    check_layer({"type": "random_rotation", "degrees": degrees}, input_shape=shape)


@pytest.mark.parametrize("degrees", [30.0, 90.0])
def test_every_angle_up_to_the_largest_is_as_likely_as_any_other(degrees: float) -> None:
    angles = angles_of(random_rotation(degrees).forward(bars(), training=True))
    assert np.abs(angles).max() <= degrees + 0.5
    counts, _ = np.histogram(angles, bins=5, range=(-degrees, degrees))
    assert np.all(np.abs(counts - MANY / 5) < 4 * np.sqrt(MANY / 5))


def test_the_middle_stays_and_the_image_keeps_its_sum() -> None:
    x = np.zeros((50, SIDE, SIDE, 1))
    x[:, MIDDLE - 3 : MIDDLE + 4, MIDDLE - 3 : MIDDLE + 4] = 1
    y = random_rotation(180).forward(x, training=True)
    np.testing.assert_allclose(y[:, MIDDLE, MIDDLE], 1, rtol=1e-12)
    np.testing.assert_allclose(y.sum(axis=(1, 2, 3)), 49, rtol=0.02)


def test_another_step_or_seed_turns_otherwise_and_the_same_step_likewise() -> None:
    layer, x = random_rotation(40), bars()
    found: list[Array] = []
    for step in (1, 2, 1):
        layer.context.memory.random.start(step)
        found.append(angles_of(layer.forward(x, training=True)))
    assert np.abs(found[0] - found[1]).mean() > 5
    assert np.array_equal(found[0], found[2])
    other = random_rotation(40, seed=1)
    other.context.memory.random.start(1)
    assert not np.array_equal(found[0], angles_of(other.forward(x, training=True)))


def test_the_gradient_turns_back() -> None:
    x, dy = np.random.default_rng(0).normal(size=(2, 20, SIDE, SIDE, 1))
    layer = random_rotation(180)
    y = layer.forward(x, training=True).copy()
    dx = layer.backward(dy.copy())
    assert dx is not None
    assert np.sum(dx * x) == pytest.approx(float(np.sum(dy * y)), rel=1e-12)  # the adjoint


def test_evaluation_passes_everything_through() -> None:
    x = bars(3)
    assert random_rotation(20).forward(x, training=False) is x


@pytest.mark.parametrize("shape", [(), (784,), (28, 28), (2, 28, 28, 1)])
def test_refuses_what_is_no_image(shape: Shape) -> None:
    with pytest.raises(ShapeError, match=r"random_rotation expects images, .* found \("):
        RandomRotationConfig(degrees=10).plan(shape)


@pytest.mark.parametrize("degrees", [0, -1, 181, True, "10"])
def test_degrees_are_above_0_and_at_most_180(degrees: object) -> None:
    with pytest.raises(ValidationError, match="degrees"):
        RandomRotationConfig.model_validate({"degrees": degrees})
