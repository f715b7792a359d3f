"""Losses of numbers: the mean, over the values of an example, of a function of each."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Annotated, TypeVar

import numpy as np
from annotated_types import Gt

from layerkit.arrays import Array, Shape, Targets
from layerkit.contracts.dataset import Target
from layerkit.contracts.loss import Loss, LossConfig
from layerkit.contracts.output import LossPlan, OutputContext, check_one_output_per_value


class ValueLossConfig(LossConfig, ABC):
    """Base of configs of losses that compare every output with one number of the target."""

    def plan(self, output: Shape, target: Target) -> LossPlan:
        """Plan one loss per example, or per step: per place along all axes but the last."""
        found = check_one_output_per_value(self.display_name, output, target)
        return LossPlan(found.shape, found.shape[:-1])


ValueLossT_co = TypeVar("ValueLossT_co", bound=ValueLossConfig, covariant=True)


class ValueLoss(Loss[ValueLossT_co], ABC):
    """A loss of numbers; a subclass writes down the function and its derivative."""

    def __init__(self, config: ValueLossT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        *steps, self._values = context.output_shape or (1,)
        shape = (math.prod(steps), self._values)
        self._target = context.buffer(shape)
        self._losses = context.buffer(shape)
        self._scratch = context.buffer(shape)
        self._sums = context.buffer(shape[:1])

    @abstractmethod
    def losses(self, outputs: Array, targets: Array, out: Array, scratch: Array) -> None:
        """Write the loss of every value into ``out``; all four have the same shape."""

    @abstractmethod
    def slopes(self, outputs: Array, targets: Array, out: Array, scratch: Array) -> None:
        """Write the derivative of every loss with respect to its output into ``out``."""

    def aim(self, targets: Targets, out: Array) -> None:
        """Write what outputs are compared with into ``out``; by default the targets themselves."""
        np.copyto(out, targets, casting="same_kind")

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        """Weighted sum of the means over values."""
        n = len(outputs)
        aim, losses, sums = self._target[:n], self._losses[:n], self._sums[:n]
        self.aim(targets.reshape(aim.shape), aim)
        self.losses(outputs.reshape(aim.shape), aim, losses, self._scratch[:n])
        losses.sum(axis=-1, out=sums)
        return float(np.dot(sums.reshape(-1), weights.reshape(-1))) / self._values

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        """Weighted sum of the means over values; ``weight * slope / values``."""
        n = len(outputs)
        loss = self.value(outputs, targets, weights)
        aim, slopes = self._target[:n], self._losses[:n]
        self.slopes(outputs.reshape(aim.shape), aim, slopes, self._scratch[:n])
        np.multiply(slopes, weights.reshape(n, -1, 1), out=slopes)
        np.multiply(slopes.reshape(out.shape), 1 / self._values, out=out)
        return loss

    def predict(self, outputs: Array, out: Array) -> None:
        """Copy the outputs."""
        np.copyto(out, outputs.reshape(out.shape))


class DifferenceLossConfig(ValueLossConfig, ABC):
    """Base of configs of losses that are a function of ``output - target``.

    Attributes
    ----------
    target_mean, target_deviation
        The network learns ``(target - target_mean) / target_deviation``, and that is what the loss
        compares its outputs with; it predicts in the targets' own units.
    """

    target_mean: float = 0.0
    target_deviation: Annotated[float, Gt(0)] = 1.0


DifferenceLossT_co = TypeVar("DifferenceLossT_co", bound=DifferenceLossConfig, covariant=True)


class DifferenceLoss(ValueLoss[DifferenceLossT_co], ABC):
    """A loss of differences; a subclass writes down the function and its derivative."""

    def __init__(self, config: DifferenceLossT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        self._is_scaled = (config.target_mean, config.target_deviation) != (0, 1)

    @abstractmethod
    def of_differences(self, differences: Array, out: Array, scratch: Array) -> None:
        """Write the loss of every ``output - target`` into ``out``."""

    @abstractmethod
    def slopes_of_differences(self, differences: Array, out: Array) -> None:
        """Write the derivative at every ``output - target`` into ``out``."""

    def losses(self, outputs: Array, targets: Array, out: Array, scratch: Array) -> None:
        """Apply `of_differences`; leaves the differences in ``targets``."""
        np.subtract(outputs, targets, out=targets)
        self.of_differences(targets, out, scratch)

    def slopes(self, outputs: Array, targets: Array, out: Array, scratch: Array) -> None:
        """Apply `slopes_of_differences` to what `losses` left."""
        self.slopes_of_differences(targets, out)

    def aim(self, targets: Targets, out: Array) -> None:
        """Write the targets, in the units of the outputs."""
        np.copyto(out, targets, casting="same_kind")
        if self._is_scaled:
            np.subtract(out, self.config.target_mean, out=out)
            np.divide(out, self.config.target_deviation, out=out)

    def predict(self, outputs: Array, out: Array) -> None:
        """Copy the outputs, in the units of the targets."""
        super().predict(outputs, out)
        if self._is_scaled:
            np.multiply(out, self.config.target_deviation, out=out)
            np.add(out, self.config.target_mean, out=out)
