"""Polynomial decay."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self, final

from annotated_types import Ge, Gt
from pydantic import model_validator

from layerkit.plugin import Schedule, ScheduleConfig, ScheduleContext, problem


class PolynomialConfig(ScheduleConfig):
    """Down to a share ``last``, along a power of the time left; by default in a straight line.

    ``learning_rate * (last + (1 - last) * (1 - t / length)^power)`` at step ``t``, counted from 0;
    after ``length`` the number stays at ``learning_rate * last``. With a ``last`` of 0 the same as
    PyTorch's ``PolynomialLR``. Keras' ``PolynomialDecay`` is given the last rate itself.

    Attributes
    ----------
    power
        Above 0; 1 is a straight line.
    last
        Share of the number that is left at the end, from 0.
    epochs, steps
        The length, at least 1; one of them, or none for the whole run.

    References
    ----------
    Chen, Papandreou, Kokkinos, Murphy, Yuille (2018), DeepLab: semantic image segmentation with
    deep convolutional nets, atrous convolution, and fully connected CRFs, section 4.1, as "poly".
    """

    type: Literal["polynomial"] = "polynomial"
    power: Annotated[float, Gt(0)] = 1.0
    last: Annotated[float, Ge(0)] = 0.0
    epochs: Annotated[int, Gt(0)] | None = None
    steps: Annotated[int, Gt(0)] | None = None

    @model_validator(mode="after")
    def _has_one_length_at_most(self) -> Self:
        if self.steps is not None and self.epochs is not None:
            raise problem("wrong-value", "polynomial expects either steps or epochs, found both")
        return self


@final
class Polynomial(Schedule[PolynomialConfig]):
    """See `PolynomialConfig`."""

    def __init__(self, config: PolynomialConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        epochs = config.epochs or context.epochs
        self._length = config.steps or epochs * context.steps_per_epoch

    def __call__(self, step: int) -> float:
        """Return the number of a step."""
        config = self.config
        left = max(1 - step / self._length, 0.0)
        return self.context.start * (config.last + (1 - config.last) * math.pow(left, config.power))
