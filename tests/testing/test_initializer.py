from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape
from layerkit.contracts.initializer import Fan, Initializer, InitializerConfig
from layerkit.testing.initializer import check_initializer


class RightConfig(InitializerConfig):
    type: Literal["right"] = "right"


@final
class Right(Initializer[RightConfig]):
    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        out[...] = rng.normal(size=out.shape) / fan.fan_in


class IdentityConfig(InitializerConfig):
    type: Literal["identity"] = "identity"


@final
class Identity(Initializer[IdentityConfig]):
    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        out[...] = np.eye(out.shape[0], out.shape[1])


class FillsHalfConfig(InitializerConfig):
    type: Literal["fills_half"] = "fills_half"


@final
class FillsHalf(Initializer[FillsHalfConfig]):
    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        half = out[: len(out) // 2]
        half[...] = rng.normal(size=half.shape)


class FillsACopyConfig(InitializerConfig):
    type: Literal["fills_a_copy"] = "fills_a_copy"


@final
class FillsACopy(Initializer[FillsACopyConfig]):
    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        out = rng.normal(size=out.shape)


class KeepsPositiveGarbageConfig(InitializerConfig):
    type: Literal["keeps_positive_garbage"] = "keeps_positive_garbage"


@final
class KeepsPositiveGarbage(Initializer[KeepsPositiveGarbageConfig]):
    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        np.fmax(out, rng.normal(size=out.shape), out=out, casting="same_kind")


class DrawsUnseededConfig(InitializerConfig):
    type: Literal["draws_unseeded"] = "draws_unseeded"


@final
class DrawsUnseeded(Initializer[DrawsUnseededConfig]):
    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        out[...] = rng.normal(size=out.shape) / fan.fan_in
        out[0] = np.random.default_rng().normal(size=out[0].shape)


class DrawsGloballyConfig(InitializerConfig):
    type: Literal["draws_globally"] = "draws_globally"


@final
class DrawsGlobally(Initializer[DrawsGloballyConfig]):
    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        np.random.seed(0)  # noqa: NPY002 - the fault to be found
        out[...] = rng.normal(size=out.shape)
        out[0] = np.random.normal(size=out[0].shape)  # noqa: NPY002 - the fault to be found


class SeedsItselfConfig(InitializerConfig):
    type: Literal["seeds_itself"] = "seeds_itself"


@final
class SeedsItself(Initializer[SeedsItselfConfig]):
    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        out[...] = np.random.default_rng(0).normal(size=out.shape)


class CachesByShapeConfig(InitializerConfig):
    """Draws once for every shape, as drawing takes long."""

    type: Literal["caches_by_shape"] = "caches_by_shape"


DRAWN: dict[Shape, Array] = {}


@final
class CachesByShape(Initializer[CachesByShapeConfig]):
    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        out[...] = DRAWN.setdefault(out.shape, rng.normal(size=out.shape))


@pytest.mark.right_component
@pytest.mark.parametrize("config", [RightConfig(), IdentityConfig()])
def test_a_right_initializer_passes(config: InitializerConfig) -> None:
    check_initializer(config)


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (FillsHalfConfig(), "fills_every_element"),
        (FillsACopyConfig(), "fills_every_element"),
        (KeepsPositiveGarbageConfig(), "fills_every_element"),
        (DrawsUnseededConfig(), "draws_are_repeatable"),
        (DrawsGloballyConfig(), "draws_are_repeatable"),
        (SeedsItselfConfig(), "seeds_differ"),
        (CachesByShapeConfig(), "seeds_differ"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, InitializerConfig) else "",
)
def test_a_wrong_initializer_is_caught_by_name(config: InitializerConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: initializer '{config.type_name()}'"):
        check_initializer(config)
