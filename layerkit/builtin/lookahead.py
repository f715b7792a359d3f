"""Lookahead around another optimizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, ClassVar, Literal, Self, final

import numpy as np
from annotated_types import Gt, Le
from pydantic import model_validator

from layerkit.plugin import (
    AnyOptimizer,
    Optimizer,
    OptimizerConfig,
    OptimizerContext,
    Schedule,
    ScheduleConfig,
    Scope,
    Span,
    State,
    is_table,
    problem,
)


class LookaheadConfig(OptimizerConfig):
    """Slow weights that follow those of another optimizer, which starts from them again.

    The other optimizer takes ``steps`` steps; then ``slow += alpha * (w - slow)`` and ``w = slow``.
    Slow weights begin as the parameters before the first step. The other optimizer's state is left
    as it is. PyTorch and Keras have none.

    Learning rate, schedule and groups are lookahead's own, and are those of the other optimizer.

    Attributes
    ----------
    learning_rate
        Above 0; that of the other optimizer, which need not say it again.
    optimizer
        The other one, any that does not need all parameters at once, as L-BFGS does.
    steps
        At least 1.
    alpha
        Above 0, up to 1, where it changes nothing.

    References
    ----------
    Zhang, Lucas, Hinton, Ba (2019), Lookahead optimizer: k steps forward, 1 step back, algorithm 1.
    """

    uses_decay: ClassVar[bool] = True

    type: Literal["lookahead"] = "lookahead"
    optimizer: AnyOptimizer
    steps: Annotated[int, Gt(0)] = 5
    alpha: Annotated[float, Gt(0), Le(1)] = 0.5

    @model_validator(mode="before")
    @classmethod
    def _has_one_learning_rate(cls, table: object) -> object:
        """Give the other optimizer the learning rate, unless it says one."""
        if not is_table(table) or "learning_rate" not in table:
            return table
        rate, inner = table["learning_rate"], table.get("optimizer")
        if isinstance(inner, str):
            inner = {"type": inner}
        if is_table(inner):
            return {**table, "optimizer": {"learning_rate": rate, **inner}}
        if isinstance(inner, OptimizerConfig) and "learning_rate" not in inner.model_fields_set:
            return {**table, "optimizer": inner.model_copy(update={"learning_rate": rate})}
        return table

    @model_validator(mode="after")
    def _fits_the_optimizer(self) -> Self:
        inner = self.optimizer
        name = inner.display_name
        if Optimizer[OptimizerConfig].class_for(inner).scope == "network":
            raise problem(
                "wrong-value",
                f"lookahead expects an optimizer of single parameters, found {name}",
                f"{name} changes all parameters at once; use it alone",
            )
        if inner.learning_rate != self.learning_rate:
            raise problem(
                "wrong-value",
                f"lookahead expects one learning rate, found {self.learning_rate:g} and "
                f"{inner.learning_rate:g} of {name}",
                f"leave out that of {name}",
            )
        if inner.groups or inner.schedule.type_name() != "constant":
            raise problem(
                "wrong-value",
                f"lookahead expects schedule and groups beside its learning_rate, found them "
                f"within {name}",
                "move them out of optimizer.optimizer",
            )
        if not inner.uses_decay and any(group.decay is not None for group in self.groups):
            raise problem(
                "wrong-value",
                f"groups expects no decay, as {name} has no weight decay by groups",
                "leave it out",
            )
        return self

    def slots(self) -> tuple[str, ...]:
        """Return the slow weights, and the slots of the other optimizer."""
        return ("slow", *(f"inner_{name}" for name in self.optimizer.slots()))

    def vectors(self) -> int:
        """Return those of the other optimizer."""
        return self.optimizer.vectors()


@final
class Lookahead(Optimizer[LookaheadConfig]):
    """See `LookaheadConfig`."""

    scope: ClassVar[Scope] = (
        "parameter"  # which suits the other optimizer, whether it works by parameter or not
    )

    def __init__(self, config: LookaheadConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        slots = {name: context.slots[f"inner_{name}"] for name in config.optimizer.slots()}
        self._inner = config.optimizer.build(replace(context, slots=slots))

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Let the other optimizer step; now and then, let the slow weights follow."""
        value, slow = span.value, span.slots[0]
        if step == 1:
            np.copyto(slow, value)
        self._inner.update(replace(span, slots=span.slots[1:]), learning_rate, step)
        if step % self.config.steps == 0:
            np.subtract(value, slow, out=value)
            np.multiply(value, self.config.alpha, out=value)
            np.add(slow, value, out=slow)
            np.copyto(value, slow)

    def schedules(self) -> Sequence[Schedule[ScheduleConfig]]:
        """Return those of the other optimizer."""
        return self._inner.schedules()

    def state(self) -> State | None:
        """Return that of the other optimizer."""
        return self._inner.state()
