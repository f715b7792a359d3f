"""The races: every workload's contenders side by side."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.contenders import FLOOR, FLOOR_ONE_THREAD, LAYERKIT, TORCH, contenders_of
from benchmarks.grids import Grid, ratio, ratio_within, within
from benchmarks.machine import measured_now
from benchmarks.race import Race, race
from benchmarks.say import Say
from benchmarks.section import Section
from benchmarks.spread import Spread, paired_ratios, spread
from benchmarks.workloads import WORKLOADS, Workload

ROUNDS = 9


class Raced(Section):
    """The race of one workload.

    Attributes
    ----------
    name
        The workload's.
    steps
        Of a turn.
    """

    name: str
    steps: int
    race: Race

    def microseconds(self, name: str) -> Spread:
        """Return a contender's time for a step."""
        return spread([1e6 * seconds / self.steps for seconds in self.race.times[name].seconds])

    def against(self, name: str, baseline: str) -> Spread | None:
        """Return a contender's time as a multiple of another's, paired by rounds."""
        times = self.race.times
        if name not in times or baseline not in times:
            return None
        return spread(paired_ratios(times[name].seconds, times[baseline].seconds))

    @property
    def floor(self) -> str:
        """The quicker of the two floors in NumPy."""
        floors = [name for name in (FLOOR, FLOOR_ONE_THREAD) if name in self.race.times]
        return min(floors, key=lambda name: self.microseconds(name).median, default=FLOOR)

    def grids(self) -> list[Grid]:
        """Return the table, quickest first."""
        workload = WORKLOADS[self.name]
        times, failures = self.race.times, self.race.failures
        rows = [
            [
                name,
                within(self.microseconds(name)),
                _shown(self.against(name, TORCH)),
                _shown(self.against(name, self.floor)),
                times[name].threads,
            ]
            for name in sorted(times, key=lambda name: self.microseconds(name).median)
        ]
        rows += [[name, f"did not run: {reason}", "", "", ""] for name, reason in failures.items()]
        what = "step" if workload.task == "train" else "call"
        heads = ("", f"µs a {what}", "of torch's time", "of the floor's", "threads")
        return [Grid(f"{workload.name}: {workload.title}", heads, rows)]


def measure(workload: Workload, say: Say) -> Raced:
    """Race a workload's contenders."""
    measured = measured_now()
    runners = [partial(contender.start, workload) for contender in contenders_of(workload)]
    found = race(runners, ROUNDS, lambda text: say(f"{workload.name}: {text}"))
    return Raced(measured=measured, name=workload.name, steps=workload.steps, race=found)


def goals_grid(speed: Mapping[str, Raced]) -> Grid:
    """Return what Layerkit was to reach, and what it reached."""
    rows: list[list[str]] = []
    for name, raced in speed.items():
        workload = WORKLOADS[name]
        torch, floor = raced.against(LAYERKIT, TORCH), raced.against(LAYERKIT, raced.floor)
        rows.append(
            [
                f"{name}: {workload.title}",
                _shown(torch),
                *_verdict(torch, workload.goals.torch),
                _shown(floor),
                *_verdict(floor, workload.goals.floor),
            ]
        )
    heads = ("", "of torch's time", "goal", "met", "of the floor's", "goal", "met")
    return Grid("Layerkit's time and its goals", heads, rows)


def _shown(spread: Spread | None) -> str:
    return "" if spread is None else ratio_within(spread)


def _verdict(found: Spread | None, goal: float | None) -> tuple[str, str]:
    if goal is None:
        return "", ""
    if found is None:
        return f"≤ {ratio(goal)}", "?"
    return f"≤ {ratio(goal)}", "yes" if found.median <= goal else "no"
