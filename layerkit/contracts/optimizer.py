"""Contract of optimizers: how a gradient changes the parameters."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Literal, Self, TypeAlias, TypeVar, final

from annotated_types import Ge, Gt
from pydantic import Field, Strict, model_validator

from layerkit.arrays import Array
from layerkit.component import Component, Config
from layerkit.contracts.layer_context import Parameter
from layerkit.contracts.regularizer import Patterns
from layerkit.contracts.schedule import (
    SCHEDULES,
    AnySchedule,
    Schedule,
    ScheduleConfig,
    ScheduleContext,
)
from layerkit.fields import FromRegistry, default
from layerkit.kernels import Kernels
from layerkit.problems import problem
from layerkit.strict_model import StrictModel

Scope: TypeAlias = Literal["elements", "parameter", "network"]
"""What an optimizer steps at a time; see `Optimizer`."""


class ParameterGroup(StrictModel):
    """Parameters with a learning rate or a weight decay of their own.

    Attributes
    ----------
    parameters
        Patterns over parameter paths, such as ``"encoder.*"``; a pattern that matches nothing is an
        error. A parameter belongs to the first group that matches it.
    rate
        Factor of the learning rate, from 0. 0 freezes: the parameters stay as they start.
    decay
        Factor of the optimizer's weight decay, from 0; by default 1 for weights, and 0 for biases
        and for scales and shifts of normalization.
    """

    parameters: Patterns
    rate: Annotated[float, Ge(0)] = 1.0
    decay: Annotated[float, Ge(0)] | None = None


class OptimizerConfig(Config):
    """Base of optimizer configs.

    Attributes
    ----------
    uses_decay
        Whether the optimizer has a weight decay, and so looks at `Span.decay`.
    adaptive
        Whether the step of a parameter does not grow with its gradient, as in Adam.
    usual_rate
        The highest learning rate that is no mistake.
    needs_full_batch
        Whether it is of no use unless ``training.batch_size`` is ``"full"``.
    learning_rate
        Above 0; what the schedule starts from.
    schedule
        How the learning rate changes over the run; constant by default.
    groups
        Parameters with a learning rate or a weight decay of their own.
    """

    uses_decay: ClassVar[bool] = False
    adaptive: ClassVar[bool] = False
    usual_rate: ClassVar[float] = 10.0
    needs_full_batch: ClassVar[bool] = False

    learning_rate: Annotated[float, Gt(0), Field(examples=[0.01])]
    schedule: AnySchedule = default(SCHEDULES, "constant")
    groups: Annotated[tuple[ParameterGroup, ...], Strict(strict=False)] = ()

    @model_validator(mode="after")
    def _schedules_have_what_to_multiply(self) -> Self:
        options = dict[str, object](self)
        for key, schedule in options.items():
            option = key.removesuffix("_schedule")
            if isinstance(schedule, ScheduleConfig) and options.get(option) == 0:
                raise problem(
                    "wrong-value",
                    f"{key} expects a {option} above 0",
                    f"set {option}, such as 0.9, or leave {key} out",
                )
        return self

    def slots(self) -> tuple[str, ...]:
        """Return a name for each vector of state kept beside the parameters, none by default."""
        return ()

    def vectors(self) -> int:
        """Return how many vectors of that length it keeps beside its slots, by default none.

        For the memory estimate.
        """
        return 0

    @final
    def build(self, context: OptimizerContext) -> Optimizer[OptimizerConfig]:
        """Return the optimizer that this config describes."""
        return Optimizer[OptimizerConfig].class_for(self)(self, context)


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
        Memory for intermediate results.
    decay
        Factor of the optimizer's weight decay: 0 for biases unless the spec says otherwise.
    """

    value: Array
    grad: Array
    slots: tuple[Array, ...]
    scratch: Array
    decay: float = 1.0


@dataclass(frozen=True, slots=True)
class OptimizerContext:
    """What an optimizer is built with.

    Attributes
    ----------
    parameter
        All parameters that training changes, flat, and their gradient.
    slots
        The optimizer's state by name, each as long as the parameters.
    objective
        Computes loss and gradient of the current batch again, penalties included, with the same
        random numbers, at the parameters as they are now; returns the loss.
    schedule_context
        The run, for schedules of the optimizer's own; see `schedule`.
    kernels
        Chooses the code of inner loops; ask it in ``__init__``.
    """

    parameter: Parameter
    slots: Mapping[str, Array]
    objective: Callable[[], float]
    schedule_context: ScheduleContext
    kernels: Kernels = field(default_factory=Kernels)

    def schedule(
        self, config: ScheduleConfig, start: float, option: str = "number", below: float = math.inf
    ) -> Schedule[ScheduleConfig]:
        """Return a schedule of another number than the learning rate, such as the momentum.

        Parameters
        ----------
        config, start
            The schedule, and the number in the spec, which it multiplies.
        option
            What the spec calls the number, for messages.
        below
            What it must stay below. It must be at least 0.

        Raises
        ------
        UsageError
            If the schedule leaves that range within the run.
        """
        schedule = config.build(replace(self.schedule_context, start=start))
        schedule.check_range(f"optimizer.{option}", below)
        return schedule


class Optimizer(Component[OptimizerT_co], ABC):
    """Changes parameters in place.

    Attributes
    ----------
    scope
        What a span is. ``"elements"``: every element is changed by its own gradient and state
        alone, so that the engine chooses a length that stays in cache. ``"parameter"``: one whole
        parameter. ``"network"``: all parameters that training changes.
    """

    scope: ClassVar[Scope] = "elements"

    def __init__(self, config: OptimizerT_co, context: OptimizerContext) -> None:
        super().__init__(config)
        self.context = context
        self._schedules: list[Schedule[ScheduleConfig]] = []

    @final
    def scheduled(
        self, option: str, start: float, schedule: ScheduleConfig | None, below: float
    ) -> Callable[[int], float]:
        """Return what gives a number of the optimizer at a step, counted from 1.

        Parameters
        ----------
        option
            What the spec calls the number: ``momentum``; its schedule is ``momentum_schedule``.
        start, schedule
            The number in the spec, and the schedule that multiplies it; None: it is constant.
        below
            What it must stay below. It must be at least 0.

        Raises
        ------
        UsageError
            If the schedule leaves that range within the run.
        """
        if schedule is None:
            return lambda _: start
        built = self.context.schedule(schedule, start, option, below)
        self._schedules.append(built)
        return lambda step: built(step - 1)

    @abstractmethod
    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Change the parameters of a span; may overwrite its gradient.

        Parameters
        ----------
        span
            What to change.
        learning_rate
            Of this step and this span, the rate of its group included.
        step
            The step's number from 1.
        """

    def schedules(self) -> Sequence[Schedule[ScheduleConfig]]:
        """Return the optimizer's own schedules; the engine passes every epoch to them.

        By default, those that `scheduled` was asked for.
        """
        return self._schedules
