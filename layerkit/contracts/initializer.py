"""Contract of initializers: the values that parameters start from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar, TypeAlias, TypeVar, final

import numpy as np

from layerkit.arrays import Array
from layerkit.component import Component, Config
from layerkit.fields import FromRegistry


class InitializerConfig(Config):
    """Base of initializer configs.

    Attributes
    ----------
    is_zero
        Whether every value starts at 0.
    """

    is_zero: ClassVar[bool] = False

    @final
    def build(self) -> Initializer[InitializerConfig]:
        """Return the initializer that this config describes."""
        return Initializer[InitializerConfig].class_for(self)(self)


INITIALIZERS = InitializerConfig.define_kind("initializer", "layerkit.initializers")
AnyInitializer: TypeAlias = Annotated[InitializerConfig, FromRegistry(INITIALIZERS)]
InitializerT_co = TypeVar("InitializerT_co", bound=InitializerConfig, covariant=True)


@dataclass(frozen=True, slots=True)
class Fan:
    """How many values feed one output unit (``inward``) and how many one input unit feeds."""

    fan_in: int
    fan_out: int


class Initializer(Component[InitializerT_co], ABC):
    """Fills a parameter before training."""

    @abstractmethod
    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Write the starting values into ``out``, drawing from ``rng`` alone."""
