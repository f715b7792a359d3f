"""Contract of optimizers: how a gradient changes the parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias, TypeVar

import numpy as np
from annotated_types import Gt
from pydantic import Field

from layerkit.arrays import Array
from layerkit.component import Component, Config
from layerkit.contracts.blocks import spans
from layerkit.contracts.layer import Parameter
from layerkit.contracts.schedule import SCHEDULES, AnySchedule
from layerkit.registry import FromRegistry, default


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
    schedule: AnySchedule = Field(default_factory=default(SCHEDULES, "constant"))

    def slots(self) -> tuple[str, ...]:
        """Return a name for each vector of state kept beside the parameters, none by default."""
        return ()


OPTIMIZERS = OptimizerConfig.define_kind("optimizer", "layerkit.optimizers")
AnyOptimizer: TypeAlias = Annotated[OptimizerConfig, FromRegistry(OPTIMIZERS)]
OptimizerT_co = TypeVar("OptimizerT_co", bound=OptimizerConfig, covariant=True)


class Optimizer(Component[OptimizerT_co], ABC):
    """Changes all parameters at once, in place.

    Parameters
    ----------
    config
        Its options.
    parameter
        All parameters of the network as one flat vector, and their gradient as another.
    slots
        The vectors of state that `OptimizerConfig.slots` names, each as long as the parameters,
        zero at first. The engine owns, saves and restores them.
    """

    def __init__(
        self, config: OptimizerT_co, parameter: Parameter, slots: Mapping[str, Array]
    ) -> None:
        super().__init__(config)
        self.parameter = parameter
        self.slots = slots

    @abstractmethod
    def step(self, learning_rate: float, count: int) -> None:
        """Change the parameters by their gradient; ``count`` is the step's number from 1."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the flat vectors, short enough to stay in cache while it is worked on.

    Attributes
    ----------
    value, grad
        Parameters and gradient.
    slots
        The optimizer's state, in the order of `OptimizerConfig.slots`.
    scratch
        Room for intermediate results.
    """

    value: Array
    grad: Array
    slots: tuple[Array, ...]
    scratch: Array


def blocks_of(
    parameter: Parameter, slots: Sequence[Array], cuts: Sequence[slice]
) -> tuple[Block, ...]:
    """Return blocks of the flat vectors; they share one scratch, so that it stays in cache."""
    longest = max((cut.stop - cut.start for cut in cuts), default=0)
    scratch = np.zeros(longest, parameter.value.dtype)
    return tuple(
        Block(
            parameter.value[cut],
            parameter.grad[cut],
            tuple(slot[cut] for slot in slots),
            scratch[: cut.stop - cut.start],
        )
        for cut in cuts
    )


class ElementwiseOptimizer(Optimizer[OptimizerT_co], ABC):
    """An optimizer that treats every parameter alike, so that it can work block by block."""

    def __init__(
        self, config: OptimizerT_co, parameter: Parameter, slots: Mapping[str, Array]
    ) -> None:
        super().__init__(config, parameter, slots)
        arrays = [slots[name] for name in config.slots()]
        self._blocks = blocks_of(parameter, arrays, [*spans(parameter.value.size)])

    @abstractmethod
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        """Change one block; may overwrite its gradient."""

    def step(self, learning_rate: float, count: int) -> None:
        """Change every block."""
        for block in self._blocks:
            self.update(block, learning_rate, count)
