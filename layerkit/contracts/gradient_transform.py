"""Contract of gradient transforms: a change to the whole gradient before the optimizer uses it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, TypeAlias, TypeVar, final

import numpy as np

from layerkit.arrays import Array
from layerkit.component import Component, Config
from layerkit.contracts.regularizer import Patterns
from layerkit.fields import FromRegistry
from layerkit.randomness import StepRandom


class GradientTransformConfig(Config):
    """Base of gradient transform configs.

    Attributes
    ----------
    draws
        Whether the gradients depend on random numbers.
    parameters
        Patterns over parameter paths; a pattern that matches nothing is an error. By default every
        parameter.
    """

    draws: ClassVar[bool] = False

    parameters: Patterns | None = None

    @final
    def build(
        self, context: GradientTransformContext
    ) -> GradientTransform[GradientTransformConfig]:
        """Return the gradient transform that this config describes."""
        return GradientTransform[GradientTransformConfig].class_for(self)(self, context)


GRADIENT_TRANSFORMS = GradientTransformConfig.define_kind(
    "gradient transform", "layerkit.gradient_transforms"
)
AnyGradientTransform: TypeAlias = Annotated[
    GradientTransformConfig, FromRegistry(GRADIENT_TRANSFORMS)
]
GradientTransformT_co = TypeVar(
    "GradientTransformT_co", bound=GradientTransformConfig, covariant=True
)


@dataclass(frozen=True, slots=True)
class GradientTransformContext:
    """What a gradient transform is built with.

    Attributes
    ----------
    name
        Of the transform among those of the run; its random numbers depend on it.
    random
        The generators of all gradient transforms.
    """

    name: str
    random: StepRandom

    @property
    def rng(self) -> np.random.Generator:
        """The transform's own random generator, set to the step before every call of `apply`."""
        return self.random.generator(self.name)


class GradientTransform(Component[GradientTransformT_co], ABC):
    """Changes the gradient of a step in place, penalties included."""

    def __init__(self, config: GradientTransformT_co, context: GradientTransformContext) -> None:
        super().__init__(config)
        self.context = context

    @abstractmethod
    def apply(self, gradients: Sequence[Array], step: int) -> None:
        """Change the gradients of the parameters that the spec chose.

        Parameters
        ----------
        gradients
            Each in its shape.
        step
            The step's number from 1. An optimizer such as L-BFGS may look at the gradient of a step
            several times.
        """
