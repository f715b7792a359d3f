"""A number given at some epochs."""

from __future__ import annotations

from bisect import bisect_right
from typing import Annotated, Literal, Self, TypeAlias, final

from annotated_types import Ge, MinLen
from pydantic import Field, Strict, model_validator

from layerkit.plugin import Schedule, ScheduleConfig, ScheduleContext, problem

Starts: TypeAlias = Annotated[tuple[Annotated[int, Ge(0)], ...], Strict(strict=False), MinLen(1)]


class PiecewiseConfig(ScheduleConfig):
    """A factor from each of some epochs or steps on, constant or in straight lines in between.

    At ``epochs[i]``, or ``steps[i]``, the number is ``learning_rate * factors[i]``. Until the next
    one it stays (``interpolate = "constant"``) or goes to the next one's in a straight line
    (``"linear"``); after the last it stays.

    Constant, the same as Keras' ``PiecewiseConstantDecay``, which is given rates and leaves out the
    first boundary, 0. PyTorch has ``LambdaLR``.

    Attributes
    ----------
    epochs, steps
        Numbers in ascending order, the first 0; one of the two lists.
    factors
        From 0, as many.
    interpolate
        ``"constant"`` or ``"linear"``.

    References
    ----------
    Krizhevsky, Sutskever, Hinton (2012), ImageNet classification with deep convolutional neural
    networks, section 5, where the rate was lowered by hand.
    """

    type: Literal["piecewise"] = "piecewise"
    epochs: Annotated[Starts | None, Field(examples=[[0, 10]])] = None
    steps: Starts | None = None
    factors: Annotated[
        tuple[Annotated[float, Ge(0)], ...], Strict(strict=False), Field(examples=[[1.0, 0.1]])
    ]
    interpolate: Literal["constant", "linear"] = "constant"

    @model_validator(mode="after")
    def _has_one_list_in_order(self) -> Self:
        if (self.steps is None) == (self.epochs is None):
            found = "none" if self.steps is None else "both"
            raise problem("wrong-value", f"piecewise expects either steps or epochs, found {found}")
        given = self.steps or self.epochs or ()
        if list(given) != sorted({0, *given}):
            raise problem(
                "wrong-value",
                f"piecewise expects numbers in ascending order from 0, found {list(given)}",
                f"write {sorted({0, *given})}",
            )
        if len(given) != len(self.factors):
            raise problem(
                "wrong-value",
                f"piecewise expects a factor for each of {list(given)}, "
                f"found {len(self.factors)}: {list(self.factors)}",
            )
        return self


@final
class Piecewise(Schedule[PiecewiseConfig]):
    """See `PiecewiseConfig`."""

    def __init__(self, config: PiecewiseConfig, context: ScheduleContext) -> None:
        super().__init__(config, context)
        in_steps = [epoch * context.steps_per_epoch for epoch in config.epochs or ()]
        self._starts = in_steps or list(config.steps or ())

    def __call__(self, step: int) -> float:
        """Return the number of the step's piece."""
        factors, starts = self.config.factors, self._starts
        piece = bisect_right(starts, step) - 1
        factor = factors[piece]
        if self.config.interpolate == "linear" and piece + 1 < len(starts):
            share = (step - starts[piece]) / (starts[piece + 1] - starts[piece])
            factor += (factors[piece + 1] - factor) * share
        return self.context.start * factor
