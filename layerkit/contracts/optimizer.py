"""Contract of optimizers: how a gradient changes the parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Annotated, TypeAlias, TypeVar

from annotated_types import Gt
from pydantic import Field

from layerkit.arrays import Array
from layerkit.component import Component, Config
from layerkit.contracts.blocks import Block, blocks_of
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


class ElementwiseOptimizer(Optimizer[OptimizerT_co], ABC):
    """An optimizer that treats every parameter alike, so that it can work block by block.

    The engine may call `update` itself, block by block, so `step` must do nothing else.
    """

    def __init__(
        self, config: OptimizerT_co, parameter: Parameter, slots: Mapping[str, Array]
    ) -> None:
        super().__init__(config, parameter, slots)
        self._blocks = blocks_of(parameter, [slots[name] for name in config.slots()])

    @abstractmethod
    def update(self, block: Block, learning_rate: float, count: int) -> None:
        """Change one block; may overwrite its gradient."""

    def step(self, learning_rate: float, count: int) -> None:
        """Change every block."""
        for block in self._blocks:
            self.update(block, learning_rate, count)
