"""Contract of gradient transforms: a change to the whole gradient before the optimizer uses it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, TypeAlias, TypeVar, final

from layerkit.arrays import Array
from layerkit.component import Component, Config
from layerkit.contracts.regularizer import Patterns
from layerkit.fields import FromRegistry


class GradientTransformConfig(Config):
    """Base of gradient transform configs.

    Attributes
    ----------
    parameters
        Patterns over parameter paths; a pattern that matches nothing is an error. By default every
        parameter.
    """

    parameters: Patterns | None = None

    @final
    def build(self) -> GradientTransform[GradientTransformConfig]:
        """Return the gradient transform that this config describes."""
        return GradientTransform[GradientTransformConfig].class_for(self)(self)


GRADIENT_TRANSFORMS = GradientTransformConfig.define_kind(
    "gradient transform", "layerkit.gradient_transforms"
)
AnyGradientTransform: TypeAlias = Annotated[
    GradientTransformConfig, FromRegistry(GRADIENT_TRANSFORMS)
]
GradientTransformT_co = TypeVar(
    "GradientTransformT_co", bound=GradientTransformConfig, covariant=True
)


class GradientTransform(Component[GradientTransformT_co], ABC):
    """Changes the gradient of a step in place, penalties included."""

    @abstractmethod
    def apply(self, gradients: Sequence[Array]) -> None:
        """Change the gradients of the parameters that the spec chose, each in its shape."""
