"""Layerkit's worker for time to accuracy: a turn is an epoch of a spec, then a look at the test."""

from __future__ import annotations

import sys
from typing import final

from benchmarks.own.train import training_threads
from benchmarks.turns import Turns
from layerkit import load_data, load_spec, plan_network
from layerkit.contracts.callback import Callback
from layerkit.contracts.events import EpochEnded
from layerkit.engine.data import whole
from layerkit.engine.evaluation import Evaluator
from layerkit.engine.network import Network
from layerkit.engine.trainer import Trainer
from layerkit.engine.workers import threads_for


@final
class EpochTurns(Callback):
    """Ends a turn with every epoch; what the test takes is not counted."""

    def __init__(self, turns: Turns, evaluator: Evaluator) -> None:
        self._turns = turns
        self._evaluator = evaluator

    def epoch_ended(self, event: EpochEnded) -> None:
        """Stop the clock, look at the test examples, and wait for the next turn."""
        del event
        seconds = self._turns.stop()
        self._turns.done(seconds, accuracy=self._evaluator.evaluate().figures["accuracy"])
        self._turns.wait()


def main() -> None:
    """Train the spec that the command line names, from the seed that it names."""
    turns = Turns()
    path, seed = sys.argv[1:]
    plan = plan_network(load_spec(path, [f"seed={seed}"]))
    splits = load_data(plan)
    if splits.test is None:
        sys.exit(f"{path}: expected data with test examples")
    network = Network(plan)
    threads = training_threads(plan.spec)
    with threads_for(plan.threads) as workers:
        callbacks = [EpochTurns(turns, Evaluator(network, whole(splits.test)))]
        trainer = Trainer(network, splits, callbacks, workers)
        turns.ready(threads)
        turns.wait()
        trainer.train()


if __name__ == "__main__":
    main()
