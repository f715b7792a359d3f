"""Step decay at given epochs."""

from __future__ import annotations

from bisect import bisect_right
from typing import Annotated, Literal, Self, final

from annotated_types import Gt, Le, MinLen
from pydantic import Strict, model_validator

from layerkit.plugin import Schedule, ScheduleConfig, ScheduleContext, problem


class MultiStepConfig(ScheduleConfig):
    """Multiply by ``factor`` at each of some epochs or steps.

    ``learning_rate * factor^k``, where ``k`` of the ``epochs``, or ``steps``, are over: with
    ``epochs = [30, 60]`` the first 30 epochs have the learning rate itself. The same as PyTorch's
    ``MultiStepLR``, whose ``milestones`` these are, and whose ``gamma`` is ``factor``.

    Attributes
    ----------
    epochs, steps
        At least one number above 0, in ascending order; one of the two lists.
    factor
        Above 0, up to 1.

    References
    ----------
    He, Zhang, Ren, Sun (2016), Deep residual learning for image recognition, section 4.2.
    """

    type: Literal["multi_step"] = "multi_step"
    epochs: Annotated[tuple[Annotated[int, Gt(0)], ...], Strict(strict=False), MinLen(1)] | None = (
        None
    )
    steps: Annotated[tuple[Annotated[int, Gt(0)], ...], Strict(strict=False), MinLen(1)] | None = (
        None
    )
    factor: Annotated[float, Gt(0), Le(1)] = 0.1

    @model_validator(mode="after")
    def _has_one_list_in_order(self) -> Self:
        if (self.steps is None) == (self.epochs is None):
            found = "none" if self.steps is None else "both"
            raise problem(
                "wrong-value", f"multi_step expects either steps or epochs, found {found}"
            )
        given = self.steps or self.epochs or ()
        if list(given) != sorted(set(given)):
            raise problem(
                "wrong-value",
                f"multi_step expects numbers in ascending order, found {list(given)}",
                f"write {sorted(set(given))}",
            )
        return self


@final
class MultiStep(Schedule[MultiStepConfig]):
    """See `MultiStepConfig`."""

    def __init__(self, config: MultiStepConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        in_steps = [epoch * context.steps_per_epoch for epoch in config.epochs or ()]
        self._ends = in_steps or list(config.steps or ())

    def __call__(self, step: int) -> float:
        """Return the number after the reductions so far."""
        factor: float = self.config.factor ** bisect_right(self._ends, step)
        return self.context.start * factor
