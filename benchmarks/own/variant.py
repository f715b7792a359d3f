"""Layerkit's worker without one of its tricks; see `benchmarks.variants.table`."""

from __future__ import annotations

import sys

from benchmarks.own.train import TakeTurns, training_threads
from benchmarks.turns import Turns, chosen_steps, chosen_workload
from benchmarks.variants.table import VARIANTS
from benchmarks.workloads import spec_text
from layerkit import parse_spec, train


def main() -> None:
    """Train the workload in the variant that the command line names."""
    turns = Turns()
    workload = chosen_workload()
    variant = next(each for each in VARIANTS if each.name == sys.argv[2])
    spec = variant.change(parse_spec(spec_text(workload), "json"))
    callbacks = [] if variant.callback is None else [variant.callback()]
    train(spec, [*callbacks, TakeTurns(turns, chosen_steps(workload), training_threads(spec))])


if __name__ == "__main__":
    main()
