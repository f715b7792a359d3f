from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.gradient_transform import GradientTransform, GradientTransformConfig
from layerkit.state import State
from layerkit.testing.gradient_transform import check_gradient_transform


class HalveConfig(GradientTransformConfig):
    """A right transform."""


HalveT_co = TypeVar("HalveT_co", bound=HalveConfig, covariant=True)


class Halve(GradientTransform[HalveT_co]):
    def apply(self, gradients: Sequence[Array], step: int) -> None:
        for grad in gradients:
            np.multiply(grad, 0.5, out=grad)


class RightConfig(HalveConfig):
    type: Literal["right"] = "right"


@final
class Right(Halve[RightConfig]):
    pass


class EnlargesConfig(HalveConfig):
    type: Literal["enlarges"] = "enlarges"


@final
class Enlarges(Halve[EnlargesConfig]):
    def apply(self, gradients: Sequence[Array], step: int) -> None:
        for grad in gradients:
            np.multiply(grad, 1.5, out=grad)


class WorksOnACopyConfig(HalveConfig):
    type: Literal["works_on_a_copy"] = "works_on_a_copy"


@final
class WorksOnACopy(Halve[WorksOnACopyConfig]):
    def apply(self, gradients: Sequence[Array], step: int) -> None:
        super().apply([grad.copy() for grad in gradients], step)


class TurnsAroundConfig(HalveConfig):
    type: Literal["turns_around"] = "turns_around"


@final
class TurnsAround(Halve[TurnsAroundConfig]):
    def apply(self, gradients: Sequence[Array], step: int) -> None:
        for grad in gradients:
            np.multiply(grad, -0.5, out=grad)


class AddsConfig(HalveConfig):
    type: Literal["adds"] = "adds"


@final
class Adds(Halve[AddsConfig]):
    def apply(self, gradients: Sequence[Array], step: int) -> None:
        for grad in gradients:
            np.add(grad, 1e-9, out=grad)


class DividesByZeroConfig(HalveConfig):
    type: Literal["divides_by_zero"] = "divides_by_zero"


@final
class DividesByZero(Halve[DividesByZeroConfig]):
    def apply(self, gradients: Sequence[Array], step: int) -> None:
        for grad in gradients:
            np.divide(grad, 1e9 * np.abs(grad).max(), out=grad)


class OverflowsConfig(HalveConfig):
    type: Literal["overflows"] = "overflows"


@final
class Overflows(Halve[OverflowsConfig]):
    """Squares what has no square in float32."""

    def apply(self, gradients: Sequence[Array], step: int) -> None:
        norm = np.sqrt(sum(np.vdot(grad, grad) for grad in gradients))
        for grad in gradients:
            np.multiply(grad, norm / (1 + norm), out=grad)


class DrawsConfig(HalveConfig):
    type: Literal["draws"] = "draws"


@final
class Draws(Halve[DrawsConfig]):
    def apply(self, gradients: Sequence[Array], step: int) -> None:
        for grad in gradients:
            np.multiply(grad, np.random.default_rng().uniform(0.5, 1), out=grad)


class RemembersConfig(HalveConfig):
    type: Literal["remembers"] = "remembers"


@final
class Remembers(Halve[RemembersConfig]):
    """Scales by the largest gradient so far."""

    largest = 1.0

    def apply(self, gradients: Sequence[Array], step: int) -> None:
        for grad in gradients:
            self.largest = max(self.largest, float(np.abs(grad).max()))
        for grad in gradients:
            np.divide(grad, self.largest, out=grad)


@dataclass
class Norm(State):
    norm: float = 0.0


class DeclaresStateConfig(HalveConfig):
    type: Literal["declares_state"] = "declares_state"


@final
class DeclaresState(Halve[DeclaresStateConfig]):
    """Declares state, which the engine does not save of transforms."""

    def state(self) -> State:
        return Norm()


class RoundsConfig(HalveConfig):
    type: Literal["rounds"] = "rounds"


@final
class Rounds(Halve[RoundsConfig]):
    def apply(self, gradients: Sequence[Array], step: int) -> None:
        for grad in gradients:
            if grad.dtype == np.float32:
                np.multiply(grad, 0.99, out=grad)
        super().apply(gradients, step)


class NoisyConfig(HalveConfig):
    """A transform that draws, and says so."""

    draws: ClassVar[bool] = True


class NoiseConfig(NoisyConfig):
    type: Literal["noise"] = "noise"


class Noisy(Halve[HalveT_co]):
    drawn: np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None = None

    def apply(self, gradients: Sequence[Array], step: int) -> None:
        for grad in gradients:
            self.add(grad)

    def add(self, grad: Array) -> None:
        if self.drawn is None or self.drawn.shape != grad.shape:
            self.drawn = np.zeros(grad.shape)
        self.context.rng.standard_normal(out=self.drawn)
        np.add(grad, self.drawn, out=grad, casting="same_kind")


@final
class Noise(Noisy[NoiseConfig]):
    pass


class BiasedConfig(NoisyConfig):
    type: Literal["biased"] = "biased"


@final
class Biased(Noisy[BiasedConfig]):
    def add(self, grad: Array) -> None:
        np.add(grad, self.context.rng.uniform(0, 1, grad.shape), out=grad)


class FixedConfig(NoisyConfig):
    type: Literal["fixed"] = "fixed"


@final
class Fixed(Noisy[FixedConfig]):
    """Adds the same noise in every run."""

    def add(self, grad: Array) -> None:
        np.add(grad, np.random.default_rng(0).normal(size=grad.shape), out=grad)


class FallsConfig(NoisyConfig):
    type: Literal["falls"] = "falls"


@final
class Falls(Halve[FallsConfig]):
    """Adds noise that differs from step to step in its size alone."""

    def apply(self, gradients: Sequence[Array], step: int) -> None:
        self.context.random.start(0)
        for grad in gradients:
            np.add(grad, self.context.rng.normal(size=grad.shape) / step, out=grad)


@pytest.mark.right_component(RightConfig())
def test_a_right_transform_passes() -> None:
    check_gradient_transform(RightConfig())


@pytest.mark.right_component(EnlargesConfig())
def test_a_transform_may_enlarge_if_that_is_said() -> None:
    check_gradient_transform(EnlargesConfig(), may_enlarge=True)


class HalvesACopyConfig(HalveConfig):
    type: Literal["halves_a_copy"] = "halves_a_copy"


@final
class HalvesACopy(Halve[HalvesACopyConfig]):
    def apply(self, gradients: Sequence[Array], step: int) -> None:
        for grad in gradients:
            grad[...] = grad / 2


class SilentNoiseConfig(HalveConfig):
    """Does not say that it draws."""

    type: Literal["silent_noise"] = "silent_noise"


@final
class SilentNoise(Noisy[SilentNoiseConfig]):
    pass


@pytest.mark.right_component(NoiseConfig())
def test_a_transform_may_draw_if_that_is_said() -> None:
    check_gradient_transform(NoiseConfig())
    with pytest.raises(AssertionError, match=r"^draws_nothing: .* set draws on the config"):
        check_gradient_transform(SilentNoiseConfig())


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (BiasedConfig(), "changes_nothing_on_average"),
        (FixedConfig(), "draws_anew"),
        (FallsConfig(), "draws_anew"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, GradientTransformConfig) else "",
)
def test_a_wrong_transform_that_draws_is_caught_by_name(
    config: GradientTransformConfig, check: str
) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: "):
        check_gradient_transform(config)


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (EnlargesConfig(), "never_larger"),
        (WorksOnACopyConfig(), "changes_something"),
        (TurnsAroundConfig(), "points_the_same_way"),
        (AddsConfig(), "zero_stays_zero"),
        (DividesByZeroConfig(), "stays_finite"),
        (OverflowsConfig(), "stays_finite"),
        (DrawsConfig(), "transform_is_repeatable"),
        (RemembersConfig(), "carries_nothing_over"),
        (DeclaresStateConfig(), "carries_nothing_over"),
        (RoundsConfig(), "float32_agrees_with_float64"),
        (HalvesACopyConfig(), "steady_step_allocates_nothing"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, GradientTransformConfig) else "",
)
def test_a_wrong_transform_is_caught_by_name(config: GradientTransformConfig, check: str) -> None:
    name = config.type_name()
    with pytest.raises(AssertionError, match=f"^{check}: gradient transform '{name}'"):
        check_gradient_transform(config)
