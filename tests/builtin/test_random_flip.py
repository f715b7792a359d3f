from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Array, Shape
from layerkit.builtin.random_flip import RandomFlipConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.errors import ShapeError
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer

MANY = 2000
Mode: TypeAlias = Literal["horizontal", "vertical", "horizontal_and_vertical"]
IMAGE = np.array([[[1.0], [2.0]], [[3.0], [4.0]]])
FLIPPED = {
    "as it was": [1, 2, 3, 4],
    "horizontal": [2, 1, 4, 3],
    "vertical": [3, 4, 1, 2],
    "both": [4, 3, 2, 1],
}


def random_flip(mode: Mode, seed: int = 0) -> Layer[LayerConfig]:
    return build_layer(
        RandomFlipConfig(mode=mode), input_shape=(2, 2, 1), batch_size=MANY, seed=seed
    )


def ways(y: Array) -> list[str]:
    """Return how each image was flipped."""
    names = {tuple(values): name for name, values in FLIPPED.items()}
    return [names[tuple(image.reshape(-1).astype(int).tolist())] for image in y]


@pytest.mark.parametrize("shape", [(5, 4, 1), (3, 6, 2)])
@pytest.mark.parametrize("mode", ["horizontal", "vertical", "horizontal_and_vertical"])
def test_keeps_the_contract_of_layers(shape: Shape, mode: str) -> None:
    check_layer({"type": "random_flip", "mode": mode}, input_shape=shape)


@pytest.mark.parametrize(
    ("mode", "possible"),
    [
        ("horizontal", {"as it was", "horizontal"}),
        ("vertical", {"as it was", "vertical"}),
        ("horizontal_and_vertical", {"as it was", "horizontal", "vertical", "both"}),
    ],
)
def test_every_way_is_as_likely_as_any_other(mode: Mode, possible: set[str]) -> None:
    found = ways(random_flip(mode).forward(np.array([IMAGE] * MANY), training=True))
    assert {*found} == possible
    expected = MANY / len(possible)
    assert all(abs(found.count(way) - expected) < 4 * np.sqrt(expected) for way in possible)


def test_another_step_or_seed_flips_otherwise_and_the_same_step_likewise() -> None:
    layer, x = random_flip("horizontal"), np.array([IMAGE] * MANY)
    found: list[list[str]] = []
    for step in (1, 2, 1):
        layer.context.memory.random.start(step)
        found.append(ways(layer.forward(x, training=True)))
    assert found[0] != found[1]
    assert found[0] == found[2]
    other = random_flip("horizontal", seed=1)
    other.context.memory.random.start(1)
    assert ways(other.forward(x, training=True)) != found[0]


def test_the_gradient_flips_back() -> None:
    x, dy = np.random.default_rng(0).normal(size=(2, 50, 2, 2, 1))
    layer = random_flip("horizontal_and_vertical")
    y = layer.forward(x, training=True).copy()
    dx = layer.backward(dy.copy())
    assert dx is not None
    assert np.sum(dx * x) == pytest.approx(float(np.sum(dy * y)), rel=1e-12)  # the adjoint


def test_evaluation_passes_everything_through() -> None:
    x = np.array([IMAGE])
    assert random_flip("vertical").forward(x, training=False) is x


@pytest.mark.parametrize("shape", [(), (784,), (28, 28), (2, 28, 28, 1)])
def test_refuses_what_is_no_image(shape: Shape) -> None:
    with pytest.raises(ShapeError, match=r"random_flip expects images, .* found \("):
        RandomFlipConfig(mode="vertical").plan(shape)


@pytest.mark.parametrize("options", [{}, {"mode": "both"}, {"mode": None}])
def test_the_mode_is_one_of_three(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="mode"):
        RandomFlipConfig.model_validate(options)
