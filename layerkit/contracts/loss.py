"""Contract of losses: the number that training minimizes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, ClassVar, TypeAlias, TypeVar, final

import numpy as np

from layerkit.arrays import Array, Shape, Targets
from layerkit.component import Component, Config
from layerkit.contracts.dataset import Target
from layerkit.contracts.output import LossPlan, OutputContext
from layerkit.fields import FromRegistry


class LossConfig(Config, ABC):
    """Base of loss configs.

    Attributes
    ----------
    takes_logits
        Whether outputs are any numbers, of which the loss makes probabilities itself.
    """

    takes_logits: ClassVar[bool] = False

    @abstractmethod
    def plan(self, output: Shape, target: Target) -> LossPlan:
        """Return what the loss makes of such outputs and such targets.

        Raises
        ------
        ShapeError
            If it cannot compare them.
        """

    @final
    def build(self, context: OutputContext) -> Loss[LossConfig]:
        """Return the loss that this config describes."""
        return Loss[LossConfig].class_for(self)(self, context)


LOSSES = LossConfig.define_kind("loss", "layerkit.losses")
AnyLoss: TypeAlias = Annotated[LossConfig, FromRegistry(LOSSES)]
LossT_co = TypeVar("LossT_co", bound=LossConfig, covariant=True)


class Loss(Component[LossT_co], ABC):
    """Weighted sum of the losses of a batch, its gradient, and what the outputs mean.

    The engine makes the weights: 1 divided by the number of items, times what examples, classes and
    masks weigh. A loss multiplies by them and never divides by the batch size.
    """

    def __init__(self, config: LossT_co, context: OutputContext) -> None:
        super().__init__(config)
        self.context = context

    @abstractmethod
    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        """Return ``sum(weights * losses)``, with weights ``(n, *items)``."""

    @abstractmethod
    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        """Return what `value` does; write its gradient with respect to ``outputs`` into ``out``."""

    @property
    def weighs(self) -> bool:
        """Whether `weigh` changes anything; by default whether a subclass defines it."""
        return type(self).weigh is not Loss[LossConfig].weigh

    def weigh(self, targets: Targets, weights: Array) -> None:
        """Multiply ``weights``, in place, by what the targets weigh, such as class weights."""

    def predict(self, outputs: Array, out: Array) -> None:
        """Write what the network predicts into ``out``: probabilities where outputs are logits."""
        np.copyto(out, outputs)
