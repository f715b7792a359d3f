from __future__ import annotations

from typing import Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.constraint import Constraint, ConstraintConfig
from layerkit.testing.constraint import check_constraint


class BoxConfig(ConstraintConfig):
    """A right constraint: every element between -1 and 1."""


BoxT_co = TypeVar("BoxT_co", bound=BoxConfig, covariant=True)


class Box(Constraint[BoxT_co]):
    def apply(self) -> None:
        np.clip(self.value, -1, 1, out=self.value)


class RightConfig(BoxConfig):
    type: Literal["right"] = "right"


@final
class Right(Box[RightConfig]):
    pass


class ShrinksConfig(BoxConfig):
    """Not idempotent."""

    type: Literal["shrinks"] = "shrinks"


@final
class Shrinks(Box[ShrinksConfig]):
    def apply(self) -> None:
        np.multiply(self.value, 0.9, out=self.value)


class WorksOnACopyConfig(BoxConfig):
    type: Literal["works_on_a_copy"] = "works_on_a_copy"


@final
class WorksOnACopy(Box[WorksOnACopyConfig]):
    def __init__(self, config: WorksOnACopyConfig, value: Array) -> None:
        super().__init__(config, value.copy())


class DividesByZeroConfig(BoxConfig):
    type: Literal["divides_by_zero"] = "divides_by_zero"


@final
class DividesByZero(Box[DividesByZeroConfig]):
    def apply(self) -> None:
        np.divide(self.value, np.linalg.norm(self.value), out=self.value)


class DrawsConfig(BoxConfig):
    type: Literal["draws"] = "draws"


@final
class Draws(Box[DrawsConfig]):
    def __init__(self, config: DrawsConfig, value: Array) -> None:
        super().__init__(config, value)
        self.limit = np.random.default_rng().uniform(0.9, 1)

    def apply(self) -> None:
        # The second time nothing is left to do, so that only another run shows it.
        if np.abs(self.value).max() > 1:
            np.clip(self.value, -self.limit, self.limit, out=self.value)


class OncePerRunConfig(BoxConfig):
    type: Literal["once_per_run"] = "once_per_run"


@final
class OncePerRun(Box[OncePerRunConfig]):
    """Works out at the first step what to scale by, and keeps to it."""

    is_done = False

    def apply(self) -> None:
        if not self.is_done:
            super().apply()
        self.is_done = True


class RoundsConfig(BoxConfig):
    type: Literal["rounds"] = "rounds"


@final
class Rounds(Box[RoundsConfig]):
    def apply(self) -> None:
        super().apply()
        if self.value.dtype == np.float32:
            np.round(self.value, 1, out=self.value)


class ClipsACopyConfig(BoxConfig):
    type: Literal["clips_a_copy"] = "clips_a_copy"


@final
class ClipsACopy(Box[ClipsACopyConfig]):
    def apply(self) -> None:
        self.value[...] = np.clip(self.value, -1, 1)


@pytest.mark.right_component(RightConfig())
def test_a_right_constraint_passes() -> None:
    check_constraint(RightConfig())


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (ShrinksConfig(), "once_is_enough"),
        (WorksOnACopyConfig(), "changes_something"),
        (DividesByZeroConfig(), "stays_finite"),
        (DrawsConfig(), "constraint_is_repeatable"),
        (OncePerRunConfig(), "carries_nothing_over"),
        (RoundsConfig(), "float32_agrees_with_float64"),
        (ClipsACopyConfig(), "steady_step_allocates_nothing"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, ConstraintConfig) else "",
)
def test_a_wrong_constraint_is_caught_by_name(config: ConstraintConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: constraint '{config.type_name()}'"):
        check_constraint(config)
