from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, final

import numpy as np
import pytest

from layerkit.contracts.callback import CallbackConfig, ConfiguredCallback, Run
from layerkit.contracts.events import (
    EpochEnded,
    EpochStarted,
    GradientReady,
    StepEnded,
    TrainingEnded,
    TrainingStarted,
    ValidationStarted,
)
from layerkit.errors import ShapeError
from layerkit.state import State
from layerkit.testing.callback import check_callback


@dataclass
class Count(State):
    count: int = 0


class RightConfig(CallbackConfig):
    """Stops after some epochs, counted in its own way."""

    type: Literal["right"] = "right"
    epochs: int = 3


@final
class Right(ConfiguredCallback[RightConfig]):
    def __init__(self, config: RightConfig) -> None:
        super().__init__(config)
        self._count = Count()
        self._run: Run | None = None

    def state(self) -> State:
        return self._count

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run

    def epoch_started(self, event: EpochStarted) -> None:
        self._count.count += 1

    def epoch_ended(self, event: EpochEnded) -> None:
        if self._run is not None and self._count.count >= self.config.epochs:
            self._run.stop("enough")


class ForgetsConfig(CallbackConfig):
    """The same, but the count is lost in a restart."""

    type: Literal["forgets"] = "forgets"


@final
class Forgets(ConfiguredCallback[ForgetsConfig]):
    def __init__(self, config: ForgetsConfig) -> None:
        super().__init__(config)
        self._count = 0
        self._run: Run | None = None

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run

    def epoch_ended(self, event: EpochEnded) -> None:
        self._count += 1
        if self._run is not None and self._count == 3:
            self._run.stop("enough")


class ForgetsArraysConfig(CallbackConfig):
    """Takes the parameters back to those of the first step at the end; they are not saved."""

    changes_parameters: ClassVar[bool] = True

    type: Literal["forgets_arrays"] = "forgets_arrays"


@final
class ForgetsArrays(ConfiguredCallback[ForgetsArraysConfig]):
    def __init__(self, config: ForgetsArraysConfig) -> None:
        super().__init__(config)
        self._run: Run | None = None
        self._first: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32 | np.float64]]] = {}

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run

    def step_ended(self, event: StepEnded) -> None:
        if self._run is not None and not self._first:
            self._first = {path: each.copy() for path, each in self._run.arrays.items()}

    def training_ended(self, event: TrainingEnded) -> None:
        if self._run is not None:
            for path, array in self._first.items():
                np.copyto(self._run.arrays[path], array)


class DecaysParametersConfig(CallbackConfig):
    """Shrinks the parameters, and does not say that it does."""

    type: Literal["decays_parameters"] = "decays_parameters"


@final
class DecaysParameters(ConfiguredCallback[DecaysParametersConfig]):
    def __init__(self, config: DecaysParametersConfig) -> None:
        super().__init__(config)
        self._run: Run | None = None

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run

    def step_ended(self, event: StepEnded) -> None:
        if self._run is not None:
            for array in self._run.parameters.values():
                np.multiply(array, 0.99, out=array)


class ClipsConfig(CallbackConfig):
    """Changes the gradient, and with it where the step leads to."""

    type: Literal["clips"] = "clips"


@final
class Clips(ConfiguredCallback[ClipsConfig]):
    def __init__(self, config: ClipsConfig) -> None:
        super().__init__(config)
        self._run: Run | None = None

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run

    def gradient_ready(self, event: GradientReady) -> None:
        if self._run is not None:
            for array in self._run.gradients.values():
                np.clip(array, -1e-3, 1e-3, out=array)


class LooksAtAccuracyConfig(CallbackConfig):
    """Needs a figure that not every run has, and does not say so in planning."""

    type: Literal["looks_at_accuracy"] = "looks_at_accuracy"


@final
class LooksAtAccuracy(ConfiguredCallback[LooksAtAccuracyConfig]):
    def epoch_ended(self, event: EpochEnded) -> None:
        assert event.validation["accuracy"] >= 0


class LooksAtLossConfig(CallbackConfig):
    """Needs validation examples, and does not say so in planning."""

    type: Literal["looks_at_loss"] = "looks_at_loss"


@final
class LooksAtLoss(ConfiguredCallback[LooksAtLossConfig]):
    def epoch_ended(self, event: EpochEnded) -> None:
        assert event.validation["loss"] >= 0


class RefusesAllConfig(CallbackConfig):
    type: Literal["refuses_all"] = "refuses_all"

    def check(self, figures: Mapping[str, bool], *, validates: bool) -> None:
        raise ShapeError("expected another run")


@final
class RefusesAll(ConfiguredCallback[RefusesAllConfig]):
    pass


class FailsAtValidationConfig(CallbackConfig):
    type: Literal["fails_at_validation"] = "fails_at_validation"


@final
class FailsAtValidation(ConfiguredCallback[FailsAtValidationConfig]):
    def validation_started(self, event: ValidationStarted) -> None:
        raise ValueError("too late")


class DrawsConfig(CallbackConfig):
    type: Literal["draws_in_callback"] = "draws_in_callback"


@final
class Draws(ConfiguredCallback[DrawsConfig]):
    def step_ended(self, event: StepEnded) -> None:
        np.random.rand()  # noqa: NPY002  # which is what is wrong with it


class AnotherStateConfig(CallbackConfig):
    type: Literal["another_state"] = "another_state"


@final
class AnotherState(ConfiguredCallback[AnotherStateConfig]):
    def state(self) -> State:
        return Count()


@dataclass
class Names(State):
    names: list[str] = field(default_factory=list[str])


class StateOfListsConfig(CallbackConfig):
    type: Literal["state_of_lists"] = "state_of_lists"


@final
class StateOfLists(ConfiguredCallback[StateOfListsConfig]):
    def __init__(self, config: StateOfListsConfig) -> None:
        super().__init__(config)
        self._names = Names()

    def state(self) -> State:
        return self._names


class GrowsConfig(CallbackConfig):
    """Has an array as long as the steps so far, where restoring needs the same length."""

    type: Literal["grows"] = "grows"


@dataclass
class Losses(State):
    losses: np.ndarray[tuple[int, ...], np.dtype[np.float32 | np.float64]] = field(
        default_factory=lambda: np.zeros(0)
    )


@final
class Grows(ConfiguredCallback[GrowsConfig]):
    def __init__(self, config: GrowsConfig) -> None:
        super().__init__(config)
        self._losses = Losses()

    def state(self) -> State:
        return self._losses

    def step_ended(self, event: StepEnded) -> None:
        self._losses.losses = np.append(self._losses.losses, event.loss)


class IsAsLongAsTheRunConfig(CallbackConfig):
    type: Literal["is_as_long_as_the_run"] = "is_as_long_as_the_run"


@final
class IsAsLongAsTheRun(ConfiguredCallback[IsAsLongAsTheRunConfig]):
    """Keeps a loss for every epoch of the run, so that no longer run can take them."""

    def __init__(self, config: IsAsLongAsTheRunConfig) -> None:
        super().__init__(config)
        self._losses = Losses()

    def state(self) -> State:
        return self._losses

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._losses.losses = np.zeros(event.epochs)

    def epoch_ended(self, event: EpochEnded) -> None:
        self._losses.losses[event.epoch - 1] = event.train["loss"]


@dataclass
class First(State):
    weight: np.ndarray[tuple[int, ...], np.dtype[np.float32 | np.float64]] = field(
        default_factory=lambda: np.zeros(0)
    )


class KeepsAReferenceConfig(CallbackConfig):
    """Remembers the first weight, but keeps the memory in which later ones are written."""

    type: Literal["keeps_a_reference"] = "keeps_a_reference"


@final
class KeepsAReference(ConfiguredCallback[KeepsAReferenceConfig]):
    def __init__(self, config: KeepsAReferenceConfig) -> None:
        super().__init__(config)
        self._first = First()

    def state(self) -> State:
        return self._first

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._first.weight = next(iter(run.arrays.values()))


class SeedsNumpyConfig(CallbackConfig):
    """Makes a run repeatable in its own way."""

    type: Literal["seeds_numpy"] = "seeds_numpy"


@final
class SeedsNumpy(ConfiguredCallback[SeedsNumpyConfig]):
    def training_started(self, event: TrainingStarted, run: Run) -> None:
        np.random.seed(0)  # noqa: NPY002  # which is what is wrong with it


@pytest.mark.right_component(RightConfig())
def test_a_right_callback_passes() -> None:
    check_callback(RightConfig())
    check_callback(RightConfig(epochs=9), epochs=2, seed=3)


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (RefusesAllConfig(), "fits_the_run"),
        (FailsAtValidationConfig(), "takes_every_event"),
        (DrawsConfig(), "takes_every_event"),
        (LooksAtAccuracyConfig(), "planning_knows"),
        (LooksAtLossConfig(), "planning_knows"),
        (DecaysParametersConfig(), "leaves_parameters_alone"),
        (ClipsConfig(), "leaves_parameters_alone"),
        (AnotherStateConfig(), "state_can_be_saved"),
        (StateOfListsConfig(), "state_can_be_saved"),
        (ForgetsConfig(), "resumes_in_the_same_bits"),
        (ForgetsArraysConfig(), "resumes_in_the_same_bits"),
        (GrowsConfig(), "resumes_in_the_same_bits"),
        (IsAsLongAsTheRunConfig(), "state_fits_a_longer_run"),
        (KeepsAReferenceConfig(), "state_can_be_saved"),
        (SeedsNumpyConfig(), "takes_every_event"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, CallbackConfig) else "",
)
def test_a_wrong_callback_is_caught_by_name(config: CallbackConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: callback '{config.type_name()}'"):
        check_callback(config)


def test_a_failure_names_the_event() -> None:
    with pytest.raises(AssertionError, match=r"after step 1: .*set changes_parameters"):
        check_callback(DecaysParametersConfig())
    with pytest.raises(AssertionError, match=r"saved after epoch 1: .*expected"):
        check_callback(ForgetsConfig())
