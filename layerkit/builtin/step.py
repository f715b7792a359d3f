"""Step decay."""

from __future__ import annotations

from typing import Annotated, Literal, Self, final

from annotated_types import Gt, Le
from pydantic import model_validator

from layerkit.plugin import Schedule, ScheduleConfig, ScheduleContext, problem


class StepConfig(ScheduleConfig):
    """Multiply by ``factor`` again and again after so many epochs or steps.

    ``learning_rate * factor^floor(t / length)`` at epoch or step ``t``, counted from 0. The same as
    PyTorch's ``StepLR``, whose ``gamma`` is ``factor``, and, where ``epochs`` is 1, as its
    ``ExponentialLR``; and as Keras' ``ExponentialDecay(staircase=True)``.

    Attributes
    ----------
    epochs, steps
        The length, at least 1; one of them.
    factor
        Above 0, up to 1.

    References
    ----------
    He, Zhang, Ren, Sun (2016), Deep residual learning for image recognition, section 3.4, where the
    rate is divided by 10 now and then.
    """

    type: Literal["step"] = "step"
    epochs: Annotated[int, Gt(0)] | None = None
    steps: Annotated[int, Gt(0)] | None = None
    factor: Annotated[float, Gt(0), Le(1)] = 0.1

    @model_validator(mode="after")
    def _has_one_length(self) -> Self:
        if (self.steps is None) == (self.epochs is None):
            found = "none" if self.steps is None else "both"
            raise problem("wrong-value", f"step expects either steps or epochs, found {found}")
        return self


@final
class Step(Schedule[StepConfig]):
    """See `StepConfig`."""

    def __init__(self, config: StepConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        self._length = config.steps or (config.epochs or 0) * context.steps_per_epoch

    def __call__(self, step: int) -> float:
        """Return the number after the reductions so far."""
        factor: float = self.config.factor ** (step // self._length)
        return self.context.start * factor
