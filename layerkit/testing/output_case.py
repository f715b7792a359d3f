"""Outputs and targets to check a loss or a metric with, and what both must refuse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from layerkit.arrays import Array, FloatType, Shape, Targets
from layerkit.contracts.dataset import ClassTarget, Target, VectorTarget
from layerkit.contracts.loss import LossConfig
from layerkit.contracts.metric import MetricConfig
from layerkit.contracts.output import LossPlan, OutputContext
from layerkit.errors import ShapeError
from layerkit.randomness import generator
from layerkit.testing.expect import expect_same
from layerkit.testing.sampling import FLOAT64, draw_apart, draw_targets

ConfigT_co = TypeVar("ConfigT_co", bound=LossConfig | MetricConfig, covariant=True)


@dataclass(frozen=True, slots=True)
class OutputCase(Generic[ConfigT_co]):
    """What `check_loss` or `check_metric` was asked to check.

    Attributes
    ----------
    config
        Of the loss or metric.
    output_shape
        Per-example shape of the network's outputs or, for a metric, of what the loss predicts.
    target
        What the targets are.
    batch_sizes
        Numbers of examples.
    seed
        Of outputs, targets and weights.
    """

    config: ConfigT_co
    output_shape: Shape
    target: Target
    batch_sizes: tuple[int, ...]
    seed: int

    @property
    def largest(self) -> int:
        """The largest batch."""
        return max(self.batch_sizes)

    def context(self, capacity: int, dtype: FloatType = FLOAT64) -> OutputContext:
        """Return the end of a network with such outputs."""
        plan = LossPlan(self.output_shape, self.items)
        if isinstance(self.config, LossConfig):
            plan = self.config.plan(self.output_shape, self.target)
        return OutputContext(self.output_shape, self.target, plan, capacity, dtype)

    @property
    def items(self) -> Shape:
        """Shape of the losses of one example; for a metric, what Layerkit's own losses have."""
        if isinstance(self.config, LossConfig):
            return self.config.plan(self.output_shape, self.target).items
        if isinstance(self.target, ClassTarget):
            return self.target.shape
        return self.target.shape[:-1]

    def weights(self, count: int, dtype: FloatType = FLOAT64) -> Array:
        """Return weights of a batch that add up to about 1, the same every time."""
        rng = generator(self.seed, "weights")
        return (rng.uniform(0.2, 1.8, (count, *self.items)) / count).astype(dtype)

    def check(self, output: Shape) -> None:
        """Let the config check that shape; raises ShapeError if it refuses."""
        if isinstance(self.config, LossConfig):
            self.config.plan(output, self.target)
        else:
            self.config.check(output, self.target)

    def targets(self, count: int, dtype: FloatType = FLOAT64) -> Targets:
        """Return a batch of targets, the same every time."""
        return draw_targets(generator(self.seed, "targets"), self.target, count, dtype)

    def outputs(self, count: int, dtype: FloatType = FLOAT64) -> Array:
        """Return a batch of outputs: away from 0, or from targets of the same shape.

        A metric of classes gets probabilities: positive, adding up to 1.
        """
        shape = (count, *self.output_shape)
        drawn = draw_apart(generator(self.seed, "outputs"), shape)
        if isinstance(self.target, ClassTarget):
            if isinstance(self.config, MetricConfig):
                np.exp(drawn, out=drawn)
                drawn /= drawn.sum(axis=-1, keepdims=True)
        elif self.target.shape == self.output_shape:
            drawn += self.targets(count)
        return drawn.astype(dtype)


@dataclass(frozen=True, slots=True)
class Arguments:
    """Outputs, targets and weights, and copies from before they were passed on."""

    outputs: Array
    targets: Targets
    weights: Array
    outputs_before: Array
    targets_before: Targets
    weights_before: Array

    @classmethod
    def of(cls, case: OutputCase[LossConfig | MetricConfig]) -> Arguments:
        """Return a largest batch of a case."""
        outputs, targets = case.outputs(case.largest), case.targets(case.largest)
        weights = case.weights(case.largest)
        return cls(outputs, targets, weights, outputs.copy(), targets.copy(), weights.copy())

    def expect_untouched(self, after: str) -> None:
        """Check that all are still what they were."""
        expect_same(f"outputs after {after}", self.outputs_before, self.outputs)
        expect_same(f"weights after {after}", self.weights_before, self.weights)
        wrong = np.flatnonzero(self.targets_before != self.targets)
        if wrong.size:
            raise AssertionError(
                f"targets after {after}: expected {self.targets_before.flat[wrong[0]]}, "
                f"found {self.targets.flat[wrong[0]]}; {wrong.size} values differ"
            )


def accepts_outputs(case: OutputCase[LossConfig | MetricConfig]) -> None:
    """Check that the config takes the outputs and targets that it is checked with."""
    case.check(case.output_shape)


def refuses_other_outputs(case: OutputCase[LossConfig | MetricConfig]) -> None:
    """Check that one output too many is a ShapeError before training, not a crash in it."""
    *rest, last = case.output_shape or (1,)
    other = (*rest, last + 1)
    try:
        case.check(other)
    except ShapeError:
        return
    raise AssertionError(f"expected a ShapeError for outputs of shape {other}, found none")


def refuses_other_targets(case: OutputCase[LossConfig | MetricConfig]) -> None:
    """Check that targets of the other kind are taken, or refused by a ShapeError, not a crash."""
    other = VectorTarget((3,)) if isinstance(case.target, ClassTarget) else ClassTarget(3)
    try:
        OutputCase(case.config, (3,), other, case.batch_sizes, case.seed).check((3,))
    except ShapeError:
        return


ACCEPTANCE_CHECKS = (accepts_outputs, refuses_other_outputs, refuses_other_targets)
