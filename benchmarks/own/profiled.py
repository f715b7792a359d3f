"""Layerkit's worker for the profile: where the time of a training step goes, by name.

Clocks are put around every component's methods, the matrix products and the engine's own parts
before training starts. They tell what one Python thread does.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from types import ModuleType
from typing import final

import numpy as np

from benchmarks.turns import chosen_steps, chosen_workload
from benchmarks.workloads import spec_text
from layerkit import ModelSpec, parse_spec, plan_network, train
from layerkit.contracts.callback import Callback
from layerkit.contracts.events import StepEnded
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.loss import Loss, LossConfig
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig
from layerkit.engine.batches import BatchLoader
from layerkit.engine.step import TrainingStep
from layerkit.randomness import RandomBytes

WARM_UP = 200
CALIBRATION_CALLS = 100_000
PRODUCTS, RANDOM_BYTES, ENGINE = "products", "random bytes", "engine"


class Clocks:
    """Measures calls by name: seconds in a call, less those in calls that it makes itself."""

    def __init__(self) -> None:
        self.calls = 0
        self.seconds: dict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def clear(self) -> None:
        """Start anew."""
        self.calls = 0
        self.seconds.clear()

    def around(self, owner: type | ModuleType, method: str, name: str) -> None:
        """Measure a function under a name, from now on."""
        inner: Callable[..., object] = getattr(owner, method)
        setattr(owner, method, self.timed(inner, name))

    def timed(self, inner: Callable[..., object], name: str) -> Callable[..., object]:
        """Return the function with a clock around it."""
        now, stack = time.perf_counter, self._inner

        def timed(*arguments: object, **options: object) -> object:
            stack.append(0.0)
            start = now()
            result = inner(*arguments, **options)
            took = now() - start
            self.calls += 1
            self.seconds[name] += took - stack.pop()
            stack[-1] += took
            return result

        return timed


def install(clocks: Clocks, spec: ModelSpec) -> None:
    """Put clocks around everything that a step of the spec does."""
    for name, layer in {
        config.type_name() or "layer": Layer[LayerConfig].class_for(config)
        for config in spec.layers
    }.items():
        clocks.around(layer, "forward", name)
        clocks.around(layer, "backward", name)
    for penalty in {type(each.build()) for each in spec.regularizers}:
        clocks.around(penalty, "penalize", "penalties")
    clocks.around(Optimizer[OptimizerConfig].class_for(spec.optimizer), "update", "optimizer")
    clocks.around(Loss[LossConfig].class_for(spec.loss), "gradient", "loss")
    clocks.around(BatchLoader, "load", "gather")
    clocks.around(RandomBytes, "refill", RANDOM_BYTES)
    clocks.around(TrainingStep, "__call__", ENGINE)
    clocks.around(np, "matmul", PRODUCTS)


def clock_seconds() -> float:
    """Return what a clock itself costs at every call."""
    nothing = Clocks().timed(lambda: None, "nothing")
    start = time.perf_counter()
    for _ in range(CALIBRATION_CALLS):
        nothing()
    return (time.perf_counter() - start) / CALIBRATION_CALLS


@final
class Report(Callback):
    """After so many steps, writes what the clocks say as a line of JSON, and ends the process."""

    def __init__(self, clocks: Clocks, steps: int) -> None:
        self._clocks = clocks
        self._steps = steps
        self._start = 0.0

    def step_ended(self, event: StepEnded) -> None:
        """Start after warming up, and end after the steps."""
        if event.step == WARM_UP:
            self._clocks.clear()
            self._start = time.perf_counter()
        if event.step == WARM_UP + self._steps:
            seconds = time.perf_counter() - self._start
            report = {
                "steps": self._steps,
                "seconds": seconds,
                "by_name": self._clocks.seconds,
                "clocks_seconds": clock_seconds() * self._clocks.calls,
            }
            sys.stdout.write(json.dumps(report))
            sys.stdout.flush()
            sys.exit(0)


def main() -> None:
    """Profile the workload that the command line names."""
    workload = chosen_workload()
    spec = parse_spec(spec_text(workload), "json")
    if plan_network(spec).threads.shards > 1:
        sys.exit(f"{workload.name}: expected a network that trains in one Python thread")
    clocks = Clocks()
    install(clocks, spec)
    train(spec, [Report(clocks, chosen_steps(workload))])


if __name__ == "__main__":
    main()
