"""Contract of optimizers: how a gradient changes the parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar, TypeAlias, TypeVar

from annotated_types import Gt

from layerkit.arrays import Array
from layerkit.component import Component, Config
from layerkit.contracts.schedule import SCHEDULES, AnySchedule
from layerkit.fields import FromRegistry, default


class OptimizerConfig(Config):
    """Base of optimizer configs.

    Attributes
    ----------
    learning_rate
        Above 0; what the schedule starts from.
    schedule
        How the learning rate changes over the run; constant by default.
    """

    learning_rate: Annotated[float, Gt(0)]
    schedule: AnySchedule = default(SCHEDULES, "constant")

    def slots(self) -> tuple[str, ...]:
        """Return a name for each vector of state kept beside the parameters, none by default."""
        return ()

    def build(self) -> Optimizer[OptimizerConfig]:
        """Return the optimizer that this config describes."""
        return Optimizer[OptimizerConfig].class_for(self)(self)


OPTIMIZERS = OptimizerConfig.define_kind("optimizer", "layerkit.optimizers")
AnyOptimizer: TypeAlias = Annotated[OptimizerConfig, FromRegistry(OPTIMIZERS)]
OptimizerT_co = TypeVar("OptimizerT_co", bound=OptimizerConfig, covariant=True)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the network's parameters, flat, with all that an update needs.

    Attributes
    ----------
    value, grad
        Parameters and gradient.
    slots
        The optimizer's state, in the order of `OptimizerConfig.slots`; zero before the first step.
    scratch
        Room for intermediate results.
    """

    value: Array
    grad: Array
    slots: tuple[Array, ...]
    scratch: Array


class Optimizer(Component[OptimizerT_co], ABC):
    """Changes parameters in place.

    Attributes
    ----------
    elementwise
        Whether every element is changed by its own gradient and state alone. Then the engine
        chooses how long a span is, so that it stays in cache; otherwise a span has all parameters.
    """

    elementwise: ClassVar[bool] = True

    @abstractmethod
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Change the parameters of a span; may overwrite its gradient.

        Parameters
        ----------
        span
            What to change.
        learning_rate
            Of this step.
        step
            The step's number from 1.
        """
