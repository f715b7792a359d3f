"""Contract of regularizers: penalties on parameters, added to the loss and to the gradient."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, ClassVar, TypeAlias, TypeVar, final

from pydantic import Strict

from layerkit.arrays import Array
from layerkit.component import Component, Config
from layerkit.fields import FromRegistry

Patterns: TypeAlias = Annotated[tuple[str, ...], Strict(strict=False)]


class RegularizerConfig(Config):
    """Base of regularizer configs.

    Attributes
    ----------
    is_decay
        Whether the penalty's gradient is a multiple of the parameters, as weight decay is.
    parameters
        Patterns over parameter paths, such as ``"dense_1.*"`` or ``"*.bias"``; a pattern that
        matches nothing is an error. By default every parameter that decays: all but the biases.
    """

    is_decay: ClassVar[bool] = False

    parameters: Patterns | None = None

    @final
    def build(self) -> Regularizer[RegularizerConfig]:
        """Return the regularizer that this config describes."""
        return Regularizer[RegularizerConfig].class_for(self)(self)


REGULARIZERS = RegularizerConfig.define_kind("regularizer", "layerkit.regularizers")
AnyRegularizer: TypeAlias = Annotated[RegularizerConfig, FromRegistry(REGULARIZERS)]
RegularizerT_co = TypeVar("RegularizerT_co", bound=RegularizerConfig, covariant=True)


class Regularizer(Component[RegularizerT_co], ABC):
    """A penalty on the parameters that the spec chose for it.

    Attributes
    ----------
    elementwise
        Whether the penalty is a sum over single values. Then `penalize` may get any stretch of a
        parameter, flat; otherwise it gets one whole parameter, in its shape.
    """

    elementwise: ClassVar[bool] = True

    @abstractmethod
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        """Add the penalty's gradient to ``grad``, and return the penalty.

        Parameters
        ----------
        value
            Parameters; not to be written.
        grad
            Their gradient.
        scratch
            Memory for intermediate results, of the same shape.
        """
