"""A right loss, for wrong ones to derive from."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from layerkit.arrays import Array, Shape, Targets
from layerkit.contracts.dataset import Target, VectorTarget
from layerkit.contracts.loss import Loss, LossConfig
from layerkit.contracts.output import LossPlan, OutputContext
from layerkit.errors import ShapeError


class SquaresConfig(LossConfig):
    """Half the squared distance along the last axis."""

    def plan(self, output: Shape, target: Target) -> LossPlan:
        if target != VectorTarget(output):
            raise ShapeError(f"expects targets of shape {output}, found {target}")
        return LossPlan(output, output[:-1])


SquaresT_co = TypeVar("SquaresT_co", bound=SquaresConfig, covariant=True)


class Squares(Loss[SquaresT_co]):
    def __init__(self, config: SquaresT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        self.difference = np.zeros((context.capacity, *context.output_shape), context.dtype)
        self.unused = np.zeros_like(self.difference)

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        return self.gradient(outputs, targets, weights, self.unused[: len(outputs)])

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        difference = self.difference[: len(outputs)]
        np.subtract(outputs, targets, out=difference, casting="same_kind")
        np.multiply(difference, weights[..., np.newaxis], out=out)
        return float(np.vdot(out, difference)) / 2
