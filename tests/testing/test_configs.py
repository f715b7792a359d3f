from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeVar, final

import numpy as np
import pytest
from pydantic import ConfigDict, Field

from layerkit.arrays import Array
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.tanh import TanhConfig
from layerkit.contracts.activation import Activation, ActivationConfig
from layerkit.contracts.layer import LAYERS, LayerConfig
from layerkit.testing.configs import config_of
from layerkit.testing.layer import check_layer

ConfigT_co = TypeVar("ConfigT_co", bound=ActivationConfig, covariant=True)


class Identity(Activation[ConfigT_co]):
    def value(self, x: Array, out: Array) -> None:
        np.copyto(out, x)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        del x, y
        out.fill(1)


class NamelessConfig(ActivationConfig):
    pass


@final
class Nameless(Identity[NamelessConfig]):
    pass


class ThawedConfig(ActivationConfig):
    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=False)
    type: Literal["thawed"] = "thawed"


@final
class Thawed(Identity[ThawedConfig]):
    pass


class LaxConfig(ActivationConfig):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="ignore")
    type: Literal["lax"] = "lax"


@final
class Lax(Identity[LaxConfig]):
    pass


class ForgetsAnOptionConfig(ActivationConfig):
    type: Literal["forgets_an_option"] = "forgets_an_option"
    slope: Annotated[float, Field(exclude=True)] = 1.0


@final
class ForgetsAnOption(Identity[ForgetsAnOptionConfig]):
    pass


class StrictTupleConfig(ActivationConfig):
    type: Literal["strict_tuple"] = "strict_tuple"
    axes: tuple[int, ...] = (1,)


@final
class StrictTuple(Identity[StrictTupleConfig]):
    pass


def test_a_name_a_table_and_a_config_stand_for_the_same_component() -> None:
    assert config_of(LAYERS, "tanh") == TanhConfig()
    assert config_of(LAYERS, {"type": "tanh"}) == TanhConfig()
    config = TanhConfig()
    assert config_of(LAYERS, config) is config


def test_options_come_from_the_table() -> None:
    assert config_of(LAYERS, {"type": "dense", "units": 3}) == DenseConfig(units=3)


def test_a_name_that_nothing_installed_offers_says_how_to_install_it() -> None:
    with pytest.raises(AssertionError, match=r"^registered: .*found 'tanhh'; .*pip install"):
        check_layer("tanhh", input_shape=(7,))


def test_a_table_without_a_type_is_not_a_component() -> None:
    with pytest.raises(AssertionError, match=r"^registered: .*found None"):
        check_layer({"units": 3}, input_shape=(7,))


def test_a_table_that_does_not_validate_says_why() -> None:
    with pytest.raises(AssertionError, match=r"^configured: layer 'dense': (.|\n)*greater than 0"):
        check_layer({"type": "dense", "units": 0}, input_shape=(7,))


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (NamelessConfig(), "config_has_type"),
        (ThawedConfig(), "config_is_frozen"),
        (LaxConfig(), "config_rejects_unknown_key"),
        (ForgetsAnOptionConfig(slope=2.0), "config_round_trip"),
        (StrictTupleConfig(axes=(2,)), "config_round_trip"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, LayerConfig) else "",
)
def test_a_wrong_config_is_caught_by_name(config: LayerConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: "):
        check_layer(config, input_shape=(7,))
