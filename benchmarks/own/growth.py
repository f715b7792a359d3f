"""Layerkit's worker for growing data: a turn is an epoch over the examples of a file."""

from __future__ import annotations

import json
import sys
import time
from typing import final

from benchmarks.own.train import blas_threads
from benchmarks.turns import Turns
from layerkit import parse_spec, train
from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import EpochEnded, TrainingStarted

BATCH = 256
UNITS = 32


@final
class EpochTurns(Callback):
    """Ends a turn with every epoch."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._begin = time.perf_counter()
        self._load_seconds = 0.0

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Keep how long it took to get here, and wait for the first turn."""
        del event, run
        self._load_seconds = time.perf_counter() - self._begin
        self._turns.ready(blas_threads())
        self._turns.wait()

    def epoch_ended(self, event: EpochEnded) -> None:
        """End the turn and wait for the next."""
        del event
        self._turns.done(self._turns.stop(), load_seconds=self._load_seconds)
        self._turns.wait()


def main() -> None:
    """Train on the file that the command line names."""
    turns = Turns()
    spec = {
        "data": {"type": "npz", "path": sys.argv[1], "classes": 2},
        "layers": [{"type": "dense", "units": UNITS}, "tanh", {"type": "dense", "units": 2}],
        "loss": "softmax_cross_entropy",
        "optimizer": {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9},
        "training": {"epochs": 1_000_000, "batch_size": BATCH},
    }
    train(parse_spec(json.dumps(spec), "json"), [EpochTurns(turns)])


if __name__ == "__main__":
    main()
