from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array, Shape
from layerkit.builtin.random_elastic import RandomElasticConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer

SIDE, MANY = 40, 50


def random_elastic(alpha: float = 20, sigma: float = 4, seed: int = 0) -> Layer[LayerConfig]:
    return build_layer(
        RandomElasticConfig(alpha=alpha, sigma=sigma),
        input_shape=(SIDE, SIDE, 2),
        batch_size=MANY,
        seed=seed,
    )


def positions(count: int = MANY) -> Array:
    """Return images whose two channels say in which row and column each pixel is."""
    image = np.moveaxis(np.indices((SIDE, SIDE)), 0, -1).astype(np.float64)
    return np.array([image] * count)


def moves_of(layer: Layer[LayerConfig], count: int = MANY) -> Array:
    """Return how far down and across each pixel's value comes from, away from the edges."""
    x = positions(count)
    moves: Array = (layer.forward(x, training=True) - x)[:, 12:-12, 12:-12]
    return moves


@pytest.mark.parametrize("shape", [(5, 4, 1), (3, 6, 2)])
def test_keeps_the_contract_of_layers(shape: Shape) -> None:
    check_layer({"type": "random_elastic", "alpha": 8.0, "sigma": 1.5}, input_shape=shape)


@pytest.mark.parametrize(("alpha", "sigma"), [(20.0, 4.0), (6.0, 2.0)])
def test_pixels_move_as_far_as_alpha_and_sigma_say_both_ways(alpha: float, sigma: float) -> None:
    moves = moves_of(random_elastic(alpha, sigma))
    deviation = alpha / np.sqrt(3) / (2 * np.sqrt(np.pi) * sigma)
    assert moves.std() == pytest.approx(deviation, rel=0.1)
    assert abs(moves.mean()) < 0.1 * deviation
    of_rows, of_columns = moves[..., 0].reshape(-1), moves[..., 1].reshape(-1)
    assert abs(np.corrcoef(of_rows, of_columns)[0, 1]) < 0.1


def test_neighbours_move_alike_and_distant_pixels_do_not() -> None:
    moves = moves_of(random_elastic(sigma=3))
    near = np.corrcoef(moves[:, :, 1:].reshape(-1), moves[:, :, :-1].reshape(-1))[0, 1]
    assert near == pytest.approx(np.exp(-1 / (4 * 3**2)), abs=0.01)
    far = np.corrcoef(moves[:, :, 12:].reshape(-1), moves[:, :, :-12].reshape(-1))[0, 1]
    assert abs(far) < 0.15


def test_every_image_is_distorted_in_its_own_way() -> None:
    moves = moves_of(random_elastic())
    assert abs(np.corrcoef(moves[0].reshape(-1), moves[1].reshape(-1))[0, 1]) < 0.5


def test_another_step_or_seed_distorts_otherwise_and_the_same_step_likewise() -> None:
    layer = random_elastic()
    found: list[Array] = []
    for step in (1, 2, 1):
        layer.context.memory.random.start(step)
        found.append(moves_of(layer, 3).copy())
    assert np.abs(found[0] - found[1]).mean() > 0.1
    assert np.array_equal(found[0], found[2])
    other = random_elastic(seed=1)
    other.context.memory.random.start(1)
    assert not np.array_equal(found[0], moves_of(other, 3))


def test_the_gradient_goes_back_to_where_values_came_from() -> None:
    x, dy = np.random.default_rng(0).normal(size=(2, 5, SIDE, SIDE, 2))
    layer = random_elastic()
    y = layer.forward(x, training=True).copy()
    dx = layer.backward(dy.copy())
    assert dx is not None
    assert np.sum(dx * x) == pytest.approx(float(np.sum(dy * y)), rel=1e-12)  # the adjoint


def test_evaluation_passes_everything_through() -> None:
    x = positions(3)
    assert random_elastic().forward(x, training=False) is x


@pytest.mark.parametrize("shape", [(), (784,), (28, 28), (2, 28, 28, 1)])
def test_refuses_what_is_no_image(shape: Shape) -> None:
    with pytest.raises(ShapeError, match=r"random_elastic expects images, .* found \("):
        RandomElasticConfig(alpha=1, sigma=1).plan(shape)


@pytest.mark.parametrize("key", ["alpha", "sigma"])
@pytest.mark.parametrize("value", [0, -1.0, True, "4", None])
def test_alpha_and_sigma_are_numbers_above_0(key: str, value: object) -> None:
    with pytest.raises(ValidationError, match=key):
        RandomElasticConfig.model_validate({"alpha": 1.0, "sigma": 1.0, key: value})
