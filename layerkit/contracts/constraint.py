"""Contract of constraints: they keep parameters within limits after every step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, TypeAlias, TypeVar, final

from layerkit.arrays import Array
from layerkit.component import Component, Config
from layerkit.contracts.regularizer import Patterns
from layerkit.fields import FromRegistry


class ConstraintConfig(Config):
    """Base of constraint configs.

    Attributes
    ----------
    parameters
        Patterns over parameter paths; a pattern that matches nothing is an error. By default every
        parameter that decays: all but biases and scales and shifts of normalization.
    """

    parameters: Patterns | None = None

    @final
    def build(self, value: Array) -> Constraint[ConstraintConfig]:
        """Return the constraint that this config describes, for one parameter."""
        return Constraint[ConstraintConfig].class_for(self)(self, value)


CONSTRAINTS = ConstraintConfig.define_kind("constraint", "layerkit.constraints")
AnyConstraint: TypeAlias = Annotated[ConstraintConfig, FromRegistry(CONSTRAINTS)]
ConstraintT_co = TypeVar("ConstraintT_co", bound=ConstraintConfig, covariant=True)


class Constraint(Component[ConstraintT_co], ABC):
    """Keeps one parameter within limits.

    Parameters
    ----------
    config
        Its options.
    value
        The parameter, in its shape; written in place.
    """

    def __init__(self, config: ConstraintT_co, value: Array) -> None:
        super().__init__(config)
        self.value = value

    @abstractmethod
    def apply(self) -> None:
        """Change the parameter as little as is needed; called after every step."""
