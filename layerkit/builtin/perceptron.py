"""Perceptron loss."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from layerkit.plugin import (
    ClassTarget,
    LossPlan,
    MarginLoss,
    MarginLossConfig,
    Shape,
    ShapeError,
    Target,
)


class PerceptronConfig(MarginLossConfig):
    """The rule of the perceptron as a loss: only what is on the wrong side counts.

    ``max(0, -sign * output)``, with ``sign`` 1 for class 1 and -1 for class 0.

    For two classes and one neuron, whose output ``(1,)`` is positive for class 1; ``(time, 1)``
    where the data have a class for every step. The gradient is ``-weight * sign`` where the output
    has the wrong sign or is 0, else 0: so a step of gradient descent, of one example at a time, is
    Rosenblatt's rule, from weights that are 0 too. The prediction is ``(2,)``,
    ``[-output, output]``: scores, no probabilities. This is ``Perceptron`` of scikit-learn; PyTorch
    and Keras have none.

    Attributes
    ----------
    class_weights
        How much the examples of each class count, numbers from 0 in the order of the classes; the
        mean over a batch is a weighted mean. None: all the same.

    References
    ----------
    Rosenblatt (1958), The perceptron: a probabilistic model for information storage and
    organization in the brain.
    """

    margin: ClassVar[float] = 0.0
    slope_at_margin: ClassVar[float] = 1.0

    type: Literal["perceptron"] = "perceptron"

    def plan(self, output: Shape, target: Target) -> LossPlan:
        """Plan one loss per example, or per step, of two classes."""
        if isinstance(target, ClassTarget) and target.classes != 2:
            raise ShapeError(
                f"perceptron expects two classes, found {target.classes}", hint="use hinge"
            )
        return super().plan(output, target)


@final
class Perceptron(MarginLoss[PerceptronConfig]):
    """See `PerceptronConfig`."""
