"""What the checks of `check_callback` work on: a callback in runs of a small network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from layerkit.arrays import Array
from layerkit.contracts.callback import Callback, CallbackConfig
from layerkit.engine.data import load_data
from layerkit.engine.network import Network
from layerkit.engine.trainer import History, Trainer
from layerkit.plan.network import plan_network
from layerkit.spec.loading import parse_spec
from layerkit.spec.models import ModelSpec
from layerkit.state import Numbers, saved

SPEC = """
metrics = ["accuracy"]
layers = [{type = "dense", units = 4}, "tanh", "dropout", {type = "dense", units = 3}]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 6, test_per_class = 0, validation = 6}
optimizer = {type = "sgd", learning_rate = 0.1, momentum = 0.9}
training = {epochs = 4, batch_size = 4, threads = 1}
"""
TIMES = "seconds"
"""Numbers of this name may differ from one run to the next."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that came to its end."""

    network: Network
    history: History
    callback: Callback

    @property
    def epochs(self) -> list[dict[str, object]]:
        """All values of an epoch but times."""
        return [
            {
                "step": epoch.step,
                "learning rate": epoch.learning_rate,
                "train": dict(epoch.train),
                "validation": dict(epoch.validation),
            }
            for epoch in self.history.epochs
        ]

    @property
    def numbers(self) -> Numbers:
        """The numbers of the callback's state, but times."""
        state = self.callback.state()
        return {} if state is None else _without_times(saved(state)[0])

    @property
    def remembered(self) -> dict[str, Array]:
        """The arrays of the callback's state."""
        state = self.callback.state()
        return {} if state is None else saved(state)[1]


@dataclass(frozen=True, slots=True)
class CallbackCase:
    """What `check_callback` was asked to check."""

    config: CallbackConfig
    epochs: int
    seed: int

    def spec(self, **update: object) -> ModelSpec:
        """Return the spec of the runs, with the callback."""
        spec = parse_spec(SPEC)
        training = spec.training.model_copy(update={"epochs": self.epochs})
        own = {"seed": self.seed, "training": training, "callbacks": (self.config,)}
        return spec.model_copy(update={**own, **update})

    def run(
        self,
        spec: ModelSpec | None = None,
        others: Sequence[Callback] = (),
        resumed: Path | None = None,
        directory: Path | None = None,
    ) -> Ended:
        """Train to the end, with the callback and others after it."""
        alone = (spec or self.spec()).model_copy(update={"callbacks": ()})
        network, callback = Network(plan_network(alone)), self.config.build()
        callbacks = [callback, *others]
        trainer = Trainer(network, load_data(network.plan), callbacks, directory=directory)
        if resumed is not None:
            trainer.resume(resumed)
        return Ended(network, trainer.train(), callback)


def _without_times(numbers: Numbers) -> Numbers:
    return {
        name: _without_times(value) if isinstance(value, dict) else value
        for name, value in numbers.items()
        if name != TIMES
    }
