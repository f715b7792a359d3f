"""Layerkit's worker: the training loop that users run, which takes a turn every so many steps."""

from __future__ import annotations

from typing import final

from threadpoolctl import threadpool_info

from benchmarks.turns import Turns, chosen_steps, chosen_workload
from benchmarks.workloads import spec_text
from layerkit import ModelSpec, parse_spec, plan_network, train
from layerkit.contracts.callback import Callback
from layerkit.contracts.events import StepEnded

WARM_UP_TURNS = 2


@final
class TakeTurns(Callback):
    """Stops training after every turn until the driver says go."""

    def __init__(self, turns: Turns, steps: int, threads: str) -> None:
        self._threads = threads
        self._turns = turns
        self._steps = steps

    def step_ended(self, event: StepEnded) -> None:
        """End the turn, if it is over, and wait for the next."""
        turn, left = divmod(event.step, self._steps)
        if left or turn < WARM_UP_TURNS:
            return
        if turn == WARM_UP_TURNS:
            self._turns.ready(self._threads)
        else:
            self._turns.done(self._turns.stop())
        self._turns.wait()


def blas_threads() -> str:
    """Return the threads of the BLAS that is loaded, as they are set now."""
    blas = {str(info["num_threads"]) for info in threadpool_info() if info["user_api"] == "blas"}
    return "/".join(sorted(blas)) or "1"


def training_threads(spec: ModelSpec) -> str:
    """Return the threads that training will use, and on what."""
    threads = plan_network(spec).threads
    shards, products = threads.shards, threads.blas_threads
    return f"{shards}, each a shard" if shards > 1 else str(products)


def main() -> None:
    """Train until the driver goes away."""
    turns = Turns()
    workload = chosen_workload()
    spec = parse_spec(spec_text(workload), "json")
    train(spec, [TakeTurns(turns, chosen_steps(workload), training_threads(spec))])


if __name__ == "__main__":
    main()
