"""Runs that are saved at every event, and resumed."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import final

from layerkit.arrays import Array
from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import (
    EpochEnded,
    EpochStarted,
    GradientReady,
    StepEnded,
    TrainingEnded,
    TrainingStarted,
    ValidationStarted,
)
from layerkit.engine.checkpoint import TrainingState, read_state
from layerkit.engine.data import load_data
from layerkit.engine.network import Network
from layerkit.engine.trainer import Trainer
from layerkit.engine.workers import threads_for
from layerkit.plan.network import plan_network
from layerkit.spec.models import ModelSpec
from layerkit.testing.ends import End, difference
from tests.helpers.specs import small_spec

PLAIN = """
seed = 3
metrics = ["accuracy"]
layers = [{type = "dense", units = 6}, "tanh", "dropout", {type = "dense", units = 3}]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 30, test_per_class = 0, validation = 12}
optimizer = {type = "sgd", learning_rate = 0.1, momentum = 0.9}
training = {epochs = 4, batch_size = 8, threads = 1}
"""


"""78 training examples: 10 steps an epoch, the last of them with 6."""


FULL = """
seed = 3
metrics = ["accuracy"]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 30, test_per_class = 0, validation = 12, spread = 1.0}
gradient_transforms = [
    {type = "clip_by_norm", max_norm = 0.5}, {type = "gradient_noise", variance = 1e-3},
]
constraints = [{type = "max_norm", limit = 1.0}]
regularizers = [{type = "l2", strength = 1e-3}]
layers = [
    {type = "dense", units = 6, name = "entry"},
    {type = "residual", layers = [
        {type = "dense", units = 6}, "batch_norm", "tanh",
        {type = "dropout", rate = 0.3, \
            rate_schedule = {type = "reduce_on_plateau", patience = 1, min_delta = 9.0}},
    ]},
    {type = "dense", units = 3},
]
callbacks = [{type = "average_weights", decay = 0.9, start_epoch = 2}, "gradient_norms"]

[optimizer]
type = "adamw"
learning_rate = 0.02
weight_decay = 0.1
groups = [{parameters = ["entry.*"], rate = 0.5}, {parameters = ["dense_2.weight"], decay = 2.0}]

[optimizer.schedule]
type = "warmup"
steps = 15
schedule = {type = "reduce_on_plateau", factor = 0.5, patience = 1, min_delta = 0.08}

[training]
epochs = 4
batch_size = 8
threads = 1
early_stopping = {patience = 4}
"""


SHORT = "training.epochs=2"


VARIANTS: dict[str, tuple[str, ...]] = {
    "plain": (PLAIN,),
    "adam, rates and a falling rate": (
        PLAIN,
        "optimizer={type='adam', groups=[{parameters=['dense_1.*'], rate=0.0}]}",
        "optimizer.schedule={type='inverse_time', decay=0.1}",
        SHORT,
    ),
    "lbfgs": (PLAIN, "optimizer={type='lbfgs'}", SHORT),
    "lbfgs with noise": (
        PLAIN,
        "optimizer={type='lbfgs'}",
        "gradient_transforms=[{type='gradient_noise', variance=1e-4}]",
        SHORT,
    ),
    "all at once": (FULL,),
    "all at once, stopped early": (FULL, "training.early_stopping={patience=1, min_delta=9.0}"),
    "all at once in float64": (FULL, "dtype=float64", SHORT),
    "two shards": (PLAIN, "training.threads=2", SHORT),
    "all at once in two shards": (FULL, "training.threads=2", SHORT),
}


def spec_of(text: str, *overrides: str) -> ModelSpec:
    return small_spec(*overrides, text=text)


@final
class Saver(Callback):
    """Saves the run at every event."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._run: Run | None = None
        self.paths: list[Path] = []

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run
        self._save("training_started")

    def epoch_started(self, event: EpochStarted) -> None:
        self._save(f"epoch_started_{event.epoch}")

    def gradient_ready(self, event: GradientReady) -> None:
        self._save(f"gradient_ready_{event.step}")

    def step_ended(self, event: StepEnded) -> None:
        self._save(f"step_ended_{event.step}")

    def validation_started(self, event: ValidationStarted) -> None:
        self._save(f"validation_started_{event.epoch}")

    def epoch_ended(self, event: EpochEnded) -> None:
        self._save(f"epoch_ended_{event.epoch}")

    def training_ended(self, event: TrainingEnded) -> None:
        self._save("training_ended")

    def _save(self, name: str) -> None:
        assert self._run is not None
        self.paths.append(self._directory / name)
        self._run.save(self.paths[-1])


@final
class Ending(Callback):
    """Saves the run at its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._run: Run | None = None

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run

    def training_ended(self, event: TrainingEnded) -> None:
        assert self._run is not None
        self._run.save(self._path)


def train(
    spec: ModelSpec, callbacks: Sequence[Callback] = (), resumed: Path | None = None
) -> Network:
    plan = plan_network(spec)
    network = Network(plan)
    with threads_for(plan.threads) as workers:
        trainer = Trainer(network, load_data(plan), callbacks, workers)
        if resumed is not None:
            trainer.resume(resumed)
        trainer.train()
    return network


def bits(arrays: Mapping[str, Array]) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in arrays.items()}


def expect_same_end(expected: TrainingState, found: TrainingState) -> None:
    """Compare parameters, layers' state, slots, what components remember, and history."""
    assert difference(_end(expected), _end(found)) == ""


def _end(state: TrainingState) -> End:
    return End({name: state.arrays[name] for name in ("parameters", "state")}, state)


@functools.cache
def stored() -> TrainingState:
    """Return the state of the plain run in the middle of an epoch."""
    with TemporaryDirectory() as directory:
        train(spec_of(PLAIN), [Saver(Path(directory))])
        return read_state(Path(directory) / "step_ended_15")
