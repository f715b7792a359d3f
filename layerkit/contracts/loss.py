"""Contract of losses: what training makes small."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, TypeAlias, TypeVar

import numpy as np

from layerkit.arrays import Array, Shape, Targets
from layerkit.component import Component, Config
from layerkit.contracts.dataset import Target
from layerkit.contracts.output import OutputContext
from layerkit.fields import FromRegistry


class LossConfig(Config, ABC):
    """Base of loss configs."""

    @abstractmethod
    def check(self, output: Shape, target: Target) -> None:
        """Check that the loss can compare such outputs with such targets.

        Raises
        ------
        ShapeError
            If it cannot.
        """

    def build(self, context: OutputContext) -> Loss[LossConfig]:
        """Return the loss that this config describes."""
        return Loss[LossConfig].class_for(self)(self, context)


LOSSES = LossConfig.define_kind("loss", "layerkit.losses")
AnyLoss: TypeAlias = Annotated[LossConfig, FromRegistry(LOSSES)]
LossT_co = TypeVar("LossT_co", bound=LossConfig, covariant=True)


class Loss(Component[LossT_co], ABC):
    """Mean loss of a batch, its gradient, and what the outputs mean."""

    def __init__(self, config: LossT_co, context: OutputContext) -> None:
        super().__init__(config)
        self.context = context

    @abstractmethod
    def value(self, outputs: Array, targets: Targets) -> float:
        """Return the mean loss over the batch."""

    @abstractmethod
    def gradient(self, outputs: Array, targets: Targets, out: Array) -> float:
        """Return the mean loss, and write its gradient with respect to ``outputs`` into ``out``."""

    def predict(self, outputs: Array, out: Array) -> None:
        """Write what the network predicts into ``out``: probabilities where outputs are logits."""
        np.copyto(out, outputs)
