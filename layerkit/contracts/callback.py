"""Contract of callbacks: code that runs at the events of a run, to observe, log or stop it."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, ClassVar, Protocol, TypeAlias, TypeVar, final

from layerkit.arrays import Array
from layerkit.component import Component, Config, Extension
from layerkit.contracts.events import (
    EpochEnded,
    EpochStarted,
    GradientReady,
    StepEnded,
    TrainingEnded,
    TrainingStarted,
    ValidationStarted,
)
from layerkit.contracts.figures import BestEpoch
from layerkit.fields import FromRegistry
from layerkit.state import State


class Run(Protocol):
    """The run that a callback sees."""

    @property
    def parameters(self) -> Mapping[str, Array]:
        """Every parameter by its path; views, which may be written."""
        ...

    @property
    def gradients(self) -> Mapping[str, Array]:
        """The gradient of every parameter; of a batch while `Callback.gradient_ready` runs."""
        ...

    @property
    def arrays(self) -> Mapping[str, Array]:
        """Parameters and the layers' state by path; views, which may be written."""
        ...

    @property
    def figures(self) -> Mapping[str, bool]:
        """Every validation loss or metric by name, ``loss`` first; True: higher is better."""
        ...

    @property
    def directory(self) -> Path | None:
        """The run directory, None for a run that writes nothing."""
        ...

    def stop(self, reason: str) -> None:
        """End training once the events of this step or epoch are over."""
        ...

    def pause(self) -> None:
        """End the run once the events of this step or epoch are over, to be resumed later.

        Nothing is tested then. What `save` was asked for is written first.
        """
        ...

    def recalibrate(self) -> None:
        """Compute the layers' running statistics again, by one pass over the training examples."""
        ...

    def save(self, path: Path) -> None:
        """Save all that is needed to resume from here, once every callback has had the event.

        What `Callback.gradient_ready` asks for is written once the step has ended.
        """
        ...


class Callback(Extension):
    """Base of callbacks; a subclass defines the methods for the events that it wants.

    From Python, any subclass will do. One that specs can name derives from `ConfiguredCallback`.
    """

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Handle the start of training, or its resumption; keep ``run`` to use it later."""

    def epoch_started(self, event: EpochStarted) -> None:
        """Handle the start of an epoch."""

    def gradient_ready(self, event: GradientReady) -> None:
        """Handle the gradient of a step; defining this method costs some time per step."""

    def step_ended(self, event: StepEnded) -> None:
        """Handle the end of a step; must be quick."""

    def validation_started(self, event: ValidationStarted) -> None:
        """Handle the start of validation; called even without validation examples."""

    def epoch_ended(self, event: EpochEnded) -> None:
        """Handle the end of an epoch, after its validation."""

    def training_ended(self, event: TrainingEnded) -> None:
        """Handle the end of training."""

    def state(self) -> State | None:
        """Return what must survive a restart, from `training_started` on; None if nothing."""
        return None


class CallbackConfig(Config):
    """Base of callback configs.

    Attributes
    ----------
    changes_parameters
        Whether the callback may change parameters or layers' state; others only read them.
    """

    changes_parameters: ClassVar[bool] = False

    def check(self, figures: Mapping[str, bool], *, validates: bool) -> None:
        """Check that the callback can work in the run; by default any.

        Parameters
        ----------
        figures
            The validation figures (loss and metrics) by name; True: higher is better.
        validates
            Whether there are validation examples.

        Raises
        ------
        ShapeError
            If it cannot.
        """

    def copies(self) -> int:
        """Return how many copies of all parameters and layers' state it keeps, by default none.

        For the memory estimate.
        """
        return 0

    def best(self, history: Sequence[EpochEnded], figures: Mapping[str, bool]) -> BestEpoch | None:
        """Return the epoch that the callback found best in a run, by default None: it seeks none.

        Parameters
        ----------
        history
            Every epoch, in order.
        figures
            The validation figures (loss and metrics) by name; True: higher is better.
        """
        return None

    @final
    def build(self) -> ConfiguredCallback[CallbackConfig]:
        """Return the callback that this config describes."""
        return ConfiguredCallback[CallbackConfig].class_for(self)(self)


CALLBACKS = CallbackConfig.define_kind("callback", "layerkit.callbacks")
AnyCallback: TypeAlias = Annotated[CallbackConfig, FromRegistry(CALLBACKS)]
CallbackT_co = TypeVar("CallbackT_co", bound=CallbackConfig, covariant=True)


class ConfiguredCallback(Component[CallbackT_co], Callback, ABC):
    """A callback that specs can name."""
