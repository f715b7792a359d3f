"""A decay by epochs."""

from __future__ import annotations

from typing import Annotated, Literal, final

from annotated_types import Gt, Le

from layerkit.plugin import Schedule, ScheduleConfig


class PlaceholderConfig(ScheduleConfig):
    """Decay by epochs: ``learning_rate * factor ** epoch``, with epochs counted from 0.

    Attributes
    ----------
    factor
        Above 0, to 1.
    """

    type: Literal["placeholder"] = "placeholder"
    factor: Annotated[float, Gt(0), Le(1)] = 0.95


@final
class Placeholder(Schedule[PlaceholderConfig]):
    """See `PlaceholderConfig`."""

    def __call__(self, step: int) -> float:
        """Return the learning rate of a step, counted from 0."""
        epoch = step // self.context.steps_per_epoch
        return self.context.start * self.config.factor**epoch
