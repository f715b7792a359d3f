"""Contract of regularizers: penalties on parameters, added to the loss and to the gradient."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, TypeAlias, TypeVar

from pydantic import Strict

from layerkit.arrays import Array
from layerkit.component import Component, Config
from layerkit.contracts.blocks import blocks_of
from layerkit.contracts.layer import Parameter
from layerkit.registry import FromRegistry

Patterns: TypeAlias = Annotated[tuple[str, ...], Strict(strict=False)]


class RegularizerConfig(Config):
    """Base of regularizer configs.

    Attributes
    ----------
    parameters
        Patterns over parameter paths, such as ``"dense_1.*"`` or ``"*.bias"``; a pattern that
        matches nothing is an error. By default every parameter but the biases.
    """

    parameters: Patterns | None = None


REGULARIZERS = RegularizerConfig.define_kind("regularizer", "layerkit.regularizers")
AnyRegularizer: TypeAlias = Annotated[RegularizerConfig, FromRegistry(REGULARIZERS)]
RegularizerT_co = TypeVar("RegularizerT_co", bound=RegularizerConfig, covariant=True)


class Regularizer(Component[RegularizerT_co], ABC):
    """A penalty on the parameters that the spec chose for it."""

    def __init__(self, config: RegularizerT_co, parameters: Sequence[Parameter]) -> None:
        super().__init__(config)
        self.parameters = parameters

    @abstractmethod
    def apply(self) -> float:
        """Add the penalty's gradient to the parameters' gradients; return the penalty."""


class ElementwiseRegularizer(Regularizer[RegularizerT_co], ABC):
    """A penalty that is a sum over single values, so that it can be worked block by block.

    The engine may call `penalize` itself, block by block, so `apply` must do nothing else.
    """

    def __init__(self, config: RegularizerT_co, parameters: Sequence[Parameter]) -> None:
        super().__init__(config, parameters)
        self._blocks = [
            block
            for each in parameters
            for block in blocks_of(Parameter(each.value.reshape(-1), each.grad.reshape(-1)))
        ]

    @abstractmethod
    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        """Add the gradient of one block's penalty to ``grad``; return that penalty."""

    def apply(self) -> float:
        """Penalize every block."""
        return sum(self.penalize(each.value, each.grad, each.scratch) for each in self._blocks)
