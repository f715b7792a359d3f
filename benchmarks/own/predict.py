"""Layerkit's worker for inference: ``Network.predict`` on one sample or many."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.mnist import test_part
from benchmarks.own.train import blas_threads
from benchmarks.turns import serve
from benchmarks.workloads import Workload, spec_text
from layerkit import build, parse_spec


def prepare(workload: Workload, steps: int) -> tuple[Callable[[], object], str]:
    """Return what asks the network so many times, other samples each time."""
    network = build(parse_spec(spec_text(workload), "json"))
    inputs = test_part().images
    batch = workload.batch
    starts = [step * batch % len(inputs) for step in range(steps)]

    def turn() -> None:
        for start in starts:
            network.predict(inputs[start : start + batch])

    return turn, blas_threads()


if __name__ == "__main__":
    serve(prepare)
