"""Layers that drop a share of their inputs."""

from __future__ import annotations

from typing import Annotated, Self

from annotated_types import Ge, Lt
from pydantic import model_validator

from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_schedules import Scheduled
from layerkit.contracts.schedule import AnySchedule
from layerkit.problems import problem


class DropoutRateConfig(LayerConfig):
    """Base of configs of layers that drop a share of their inputs.

    Attributes
    ----------
    rate
        The fraction dropped, from 0 to below 1.
    rate_schedule
        How the rate changes over the run: a schedule whose factors multiply ``rate``. It must stay
        below 1. Constant by default.

    Errors
    ------
    ``wrong-value``
        With a ``rate_schedule`` of a rate of 0.
    """

    rate: Annotated[float, Ge(0), Lt(1)] = 0.5
    rate_schedule: AnySchedule | None = None

    @model_validator(mode="after")
    def _schedule_needs_a_rate(self) -> Self:
        if self.rate_schedule is not None and self.rate == 0:
            raise problem(
                "wrong-value",
                "rate_schedule expects a rate above 0",
                "set rate, such as 0.5, or leave rate_schedule out",
            )
        return self

    def scheduled_rate(self, context: LayerContext) -> Scheduled:
        """Return the rate, whose value is that of the step under way."""
        return context.scheduled("rate", self.rate, self.rate_schedule, below=1.0)
