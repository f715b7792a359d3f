"""State as a dict."""

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

    @override
    def epoch_ended(self, event: lk.EpochEnded) -> None:
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

    def state(self) -> dict[str, int]:
        return {}

    def step_ended(self, event: lk.StepEnded) -> None:
        self._count.steps += 1

# mypy 44: Return type "dict[str, int]" of "state" incompatible with return type "State | None" in supertype "layerkit.component.Component" [override]
# mypy 44: Return type "dict[str, int]" of "state" incompatible with return type "State | None" in supertype "layerkit.contracts.callback.Callback" [override]
# pyright 44: Method "state" overrides class "Component" in an incompatible manner [reportIncompatibleMethodOverride]
