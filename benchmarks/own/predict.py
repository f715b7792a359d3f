"""Layerkit's worker for inference: ``Network.predict`` on one sample or many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from benchmarks.mnist import test_part
from benchmarks.own.train import blas_threads
from benchmarks.turns import serve
from benchmarks.workloads import Workload, spec_text
from layerkit import build, parse_spec, plan_network


def prepare(workload: Workload, steps: int) -> tuple[Callable[[], object], str]:
    """Return what asks the network so many times, other samples each time."""
    spec = parse_spec(spec_text(workload), "json")
    # Floats from 0 to 1, which the other libraries get too.
    network = build(plan_network(spec, info=replace(spec.data.info(), scale=1.0)))
    inputs = test_part().scaled()
    batch = workload.batch
    starts = [step * batch % len(inputs) for step in range(steps)]

    def turn() -> None:
        for start in starts:
            network.predict(inputs[start : start + batch])

    return turn, blas_threads()


if __name__ == "__main__":
    serve(prepare)
