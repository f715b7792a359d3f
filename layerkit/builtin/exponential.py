"""Exponential decay."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self, final

from annotated_types import Gt, Le
from pydantic import model_validator

from layerkit.plugin import Schedule, ScheduleConfig, ScheduleContext, problem


class ExponentialConfig(ScheduleConfig):
    """Smaller by the same factor at every step.

    ``learning_rate * factor^(t / length)`` at step ``t``, counted from 0: multiplied by ``factor``
    in the course of ``length``. The same as Keras' ``ExponentialDecay`` and, with ``steps = 1``, as
    PyTorch's ``ExponentialLR`` that is called after every step. For a number that changes at the
    start of an epoch only, see ``step``.

    Attributes
    ----------
    epochs, steps
        The length, at least 1; one of them.
    factor
        Above 0, up to 1.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 8.3.1, on rates that decay.
    """

    type: Literal["exponential"] = "exponential"
    epochs: Annotated[int, Gt(0)] | None = None
    steps: Annotated[int, Gt(0)] | None = None
    factor: Annotated[float, Gt(0), Le(1)]

    @model_validator(mode="after")
    def _has_one_length(self) -> Self:
        if (self.steps is None) == (self.epochs is None):
            found = "none" if self.steps is None else "both"
            raise problem(
                "wrong-value", f"exponential expects either steps or epochs, found {found}"
            )
        return self


@final
class Exponential(Schedule[ExponentialConfig]):
    """See `ExponentialConfig`."""

    def __init__(self, config: ExponentialConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self._length = config.steps or (config.epochs or 0) * context.steps_per_epoch

    def __call__(self, step: int) -> float:
        """Return the number of a step."""
        return self.context.start * math.pow(self.config.factor, step / self._length)
