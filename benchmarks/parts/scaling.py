"""Throughput as the network grows, against its matrix products' own time."""

from __future__ import annotations

from functools import partial
from statistics import median

from pydantic import BaseModel

from benchmarks.contenders import CONTENDERS, LAYERKIT
from benchmarks.grids import Grid, number, ratio_within
from benchmarks.machine import measured_now
from benchmarks.race import race
from benchmarks.say import Say
from benchmarks.section import Section
from benchmarks.spread import paired_ratios, spread
from benchmarks.workloads import tanh_network

ROUNDS = 4
WIDTHS = (32, 64, 128, 256, 512, 1024, 2048, 4096)
DEPTHS = (1, 2, 4, 8, 16, 32)
BATCHES = (1, 4, 16, 64, 256, 1024, 4096)
SWEEPS = {
    "width": {width: tanh_network(width, 2, 128) for width in WIDTHS},
    "depth": {depth: tanh_network(128, depth, 128) for depth in DEPTHS},
    "batch": {batch: tanh_network(512, 2, batch) for batch in BATCHES},
}
"""784 inputs, tanh, SGD with momentum: two layers of that width at batch 128, that many layers of
128 units at batch 128, two layers of 512 at that batch."""
MODULES = ("benchmarks.own.train", "benchmarks.own.floor")


class Point(BaseModel):
    """One size: microseconds a step of Layerkit and of the quicker floor, round by round."""

    size: int
    examples: int
    layerkit: list[float]
    floor: list[float]


class Scaling(Section):
    """Every sweep's points."""

    sweeps: dict[str, list[Point]]

    def grids(self) -> list[Grid]:
        """Return a table for each sweep."""
        return [_grid(name, points) for name, points in self.sweeps.items()]


def measure(say: Say) -> Scaling:
    """Race Layerkit against the floors at every size."""
    measured = measured_now()
    sweeps: dict[str, list[Point]] = {}
    for name, workloads in SWEEPS.items():
        sweeps[name] = []
        for size, workload in workloads.items():
            say(f"scaling: {name} {size}")
            contenders = [each for each in CONTENDERS if each.module in MODULES]
            runners = [partial(each.start, workload) for each in contenders]
            times = {
                who: [1e6 * seconds / workload.steps for seconds in found.seconds]
                for who, found in race(runners, ROUNDS, lambda _: None).times.items()
            }
            layerkit = times.pop(LAYERKIT)
            floor = min(times.values(), key=median)
            sweeps[name].append(
                Point(size=size, examples=workload.batch, layerkit=layerkit, floor=floor)
            )
    return Scaling(measured=measured, sweeps=sweeps)


def _grid(sweep: str, points: list[Point]) -> Grid:
    rows = [
        [
            f"{point.size:,}",
            number(median(point.layerkit)),
            number(1e6 * point.examples / median(point.layerkit)),
            number(median(point.floor)),
            ratio_within(spread(paired_ratios(point.layerkit, point.floor))),
        ]
        for point in points
    ]
    heads = (sweep, "µs a step", "examples a second", "floor, µs", "of the floor's time")
    return Grid(f"As {sweep} grows", heads, rows)
