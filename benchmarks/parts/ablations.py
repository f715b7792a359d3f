"""What each of Layerkit's tricks is worth: the same training without it, side by side."""

from __future__ import annotations

from functools import partial

from benchmarks.contenders import CONTENDERS, LAYERKIT
from benchmarks.grids import Grid, ratio_within
from benchmarks.machine import measured_now
from benchmarks.race import Race, Runner, race
from benchmarks.say import Say
from benchmarks.section import Section
from benchmarks.spread import paired_ratios, spread
from benchmarks.variants.table import VARIANTS, Variant
from benchmarks.worker import Worker
from benchmarks.workloads import WORKLOADS, Workload

ROUNDS = 25
TURNS = 4
"""Turns in place of one of the races': many short ones tell small differences better."""
REST = 0.15
CHOSEN = ("W1", "W2", "W3", "W4", "W5")


class Ablations(Section):
    """The races of Layerkit and its variants, by workload."""

    races: dict[str, Race]

    def grids(self) -> list[Grid]:
        """Return the times without each trick, as multiples of the time with all."""
        rows = [
            [variant.name, *(_shown(variant, name, self.races[name]) for name in self.races)]
            for variant in VARIANTS
        ]
        title = "Layerkit's time without one of its tricks, as a multiple of its own"
        return [Grid(title, ("", *self.races), rows)]


def measure(say: Say) -> Ablations:
    """Race Layerkit against its variants."""
    measured = measured_now()
    races: dict[str, Race] = {}
    layerkit = next(contender for contender in CONTENDERS if contender.name == LAYERKIT)
    for name in CHOSEN:
        workload = WORKLOADS[name]
        runners = [partial(layerkit.start, workload, workload.steps // TURNS)]
        runners += [
            partial(_start, variant, workload) for variant in VARIANTS if name in variant.workloads
        ]
        races[name] = race(runners, ROUNDS, _prefixed(say, f"{name} without tricks: "), REST)
    return Ablations(measured=measured, races=races)


def _prefixed(say: Say, prefix: str) -> Say:
    return lambda text: say(prefix + text)


def _shown(variant: Variant, workload: str, found: Race) -> str:
    if workload not in variant.workloads:
        return ""
    if variant.name not in {**found.times, **found.failures}:
        return "not measured"
    if variant.name in found.failures:
        return f"did not run: {found.failures[variant.name]}"
    own = [seconds / variant.lengthened for seconds in found.times[variant.name].seconds]
    return ratio_within(spread(paired_ratios(own, found.times[LAYERKIT].seconds)))


def _start(variant: Variant, workload: Workload) -> Runner:
    module = "benchmarks.own.variant"
    steps = workload.steps // TURNS * variant.lengthened
    worker = Worker([module, workload.name, variant.name], steps=steps)
    return Runner(variant.name, worker)
