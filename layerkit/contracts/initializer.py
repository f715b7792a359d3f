"""Contract of initializers: the values that parameters start from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeAlias, TypeVar, final

import numpy as np

from layerkit.arrays import Array
from layerkit.component import Component, Config
from layerkit.fields import FromRegistry

InitializerFamily: TypeAlias = Literal["xavier", "he", "lecun"]
"""By whom the variance of weights is that suits an activation."""


class InitializerConfig(Config):
    """Base of initializer configs.

    Attributes
    ----------
    is_zero
        Whether every value starts at 0.
    follows_activation
        Whether it looks at `Fan.family` and `Fan.activation`.
    """

    is_zero: ClassVar[bool] = False
    follows_activation: ClassVar[bool] = False

    def description(self, fan: Fan) -> str:
        """Return what summaries say a parameter starts from; by default the type."""
        return self.display_name

    @final
    def build(self) -> Initializer[InitializerConfig]:
        """Return the initializer that this config describes."""
        return Initializer[InitializerConfig].class_for(self)(self)


INITIALIZERS = InitializerConfig.define_kind("initializer", "layerkit.initializers")
AnyInitializer: TypeAlias = Annotated[InitializerConfig, FromRegistry(INITIALIZERS)]
InitializerT_co = TypeVar("InitializerT_co", bound=InitializerConfig, covariant=True)


@dataclass(frozen=True, slots=True)
class Fan:
    """The connections of a layer whose parameter is to be filled.

    Attributes
    ----------
    fan_in
        How many values feed one output unit.
    fan_out
        How many values one input unit feeds.
    family, activation
        What suits the activation behind the layer, and its type; empty where none follows. The plan
        of a network sets both.
    """

    fan_in: int
    fan_out: int
    family: InitializerFamily = "xavier"
    activation: str = ""


class Initializer(Component[InitializerT_co], ABC):
    """Fills a parameter before training."""

    @abstractmethod
    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Write the starting values into ``out``, drawing from ``rng`` alone."""
