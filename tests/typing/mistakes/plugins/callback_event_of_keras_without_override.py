"""An event by its name in Keras, not marked `@override`."""

from dataclasses import dataclass
from typing import Literal, final

from typing_extensions import override

import layerkit as lk
from layerkit.plugin import CallbackConfig, ConfiguredCallback, State


class StopAt(lk.Callback):
    def __init__(self, accuracy: float) -> None:
        self.accuracy = accuracy
        self.run: lk.Run | None = None

    @override
    def training_started(self, event: lk.TrainingStarted, run: lk.Run) -> None:
        self.run = run

    def on_epoch_end(self, event: lk.EpochEnded) -> None:
        if self.run is not None and event.validation["accuracy"] >= self.accuracy:
            self.run.stop("good enough")


class CounterConfig(CallbackConfig):
    """Counts steps."""

    type: Literal["counter"] = "counter"


@dataclass
class Count(State):
    steps: int = 0


@final
class Counter(ConfiguredCallback[CounterConfig]):
    def __init__(self, config: CounterConfig) -> None:
        super().__init__(config)
        self._count = Count()

    def state(self) -> State | None:
        return self._count

    def step_ended(self, event: lk.StepEnded) -> None:
        self._count.steps += 1
