"""Rprop, for the gradient of all training examples at once."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self, final

import numpy as np
from annotated_types import Gt, Lt
from pydantic import model_validator

from layerkit.plugin import Optimizer, OptimizerConfig, Span, problem


class RpropConfig(OptimizerConfig):
    """Steps by the sign of the gradient alone, each parameter's of a length of its own.

    Lengths begin as the learning rate. Where the gradient has the same sign as at the step before,
    the length is multiplied by ``grow``; where it has the other, by ``shrink``, and the parameter
    stays where it is for this step. Lengths stay from ``min_step`` to ``max_step``. A schedule or a
    group's rate is a factor of all lengths.

    The signs of different batches say little, so ``training.batch_size`` must be ``"full"``. The
    same as PyTorch's ``Rprop``, whose ``etas`` are ``shrink`` and ``grow``, and whose
    ``step_sizes`` are ``min_step`` and ``max_step``, but that there a schedule changes nothing
    after the first step. Keras has none.

    Attributes
    ----------
    learning_rate
        Above 0, by default 0.01: the first lengths.
    shrink
        Above 0 and below 1.
    grow
        Above 1.
    min_step, max_step
        Above 0.

    References
    ----------
    Riedmiller, Braun (1993), A direct adaptive method for faster backpropagation learning: the
    RPROP algorithm.
    Igel, Hüsken (2000), Improving the Rprop learning algorithm, as iRprop-.
    """

    needs_full_batch: ClassVar[bool] = True
    adaptive: ClassVar[bool] = True

    type: Literal["rprop"] = "rprop"
    learning_rate: Annotated[float, Gt(0)] = 0.01
    shrink: Annotated[float, Gt(0), Lt(1)] = 0.5
    grow: Annotated[float, Gt(1)] = 1.2
    min_step: Annotated[float, Gt(0)] = 1e-6
    max_step: Annotated[float, Gt(0)] = 50.0

    @model_validator(mode="after")
    def _lengths_are_in_order(self) -> Self:
        if self.min_step > self.max_step:
            raise problem(
                "wrong-value",
                f"rprop expects a min_step of at most max_step = {self.max_step:g}, "
                f"found {self.min_step:g}",
            )
        return self

    def slots(self) -> tuple[str, ...]:
        """Return the signs of the last gradient, and the lengths."""
        return ("signs", "lengths")


@final
class Rprop(Optimizer[RpropConfig]):
    """See `RpropConfig`."""

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Change the lengths, then step against the signs."""
        config = self.config
        signs, lengths = span.slots
        if step == 1:
            lengths.fill(config.learning_rate)
        sign, agreement = span.grad, span.scratch
        np.sign(span.grad, out=sign)
        np.multiply(sign, signs, out=agreement)  # 1, -1, or 0 after a step that was left out
        # 1 + a * (half + b * a) is grow, shrink or 1 without an array of conditions.
        half = (config.grow - config.shrink) / 2
        factor = signs
        np.multiply(agreement, (config.grow + config.shrink) / 2 - 1, out=factor)
        np.add(factor, half, out=factor)
        np.multiply(factor, agreement, out=factor)
        np.add(factor, 1, out=factor)
        np.multiply(lengths, factor, out=lengths)
        np.maximum(lengths, config.min_step, out=lengths)
        np.minimum(lengths, config.max_step, out=lengths)
        np.minimum(agreement, 0, out=agreement)
        np.add(agreement, 1, out=agreement)  # 0 where the sign has changed, else 1
        np.multiply(sign, agreement, out=signs)
        np.multiply(signs, lengths, out=agreement)
        np.multiply(agreement, learning_rate / config.learning_rate, out=agreement)
        np.subtract(span.value, agreement, out=span.value)
