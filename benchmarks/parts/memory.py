"""Peak memory of a process that trains W2 for one epoch, dataset included."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.contenders import LAYERKIT, Contender, contenders_of
from benchmarks.grids import Grid, number
from benchmarks.machine import measured_now
from benchmarks.say import Say
from benchmarks.section import Section
from benchmarks.worker import WorkerError
from benchmarks.workloads import EXAMPLES, WORKLOADS, Workload

GOAL_MB = 350
TURNS = 3
"""Turns of a worker: two to warm up, one on demand. Together they make the epoch."""


class Memory(Section):
    """Megabytes (2**20 bytes) at the peak, by contender; reasons of those who failed."""

    peak_mb: dict[str, float]
    failures: dict[str, str]

    def grids(self) -> list[Grid]:
        """Return the table, smallest first."""
        rows: list[list[str]] = []
        for name in sorted(self.peak_mb, key=lambda name: self.peak_mb[name]):
            peak = self.peak_mb[name]
            goal = [f"≤ {GOAL_MB}", "yes" if peak <= GOAL_MB else "no"] if name == LAYERKIT else []
            rows.append([name, number(peak), *(goal or ["", ""])])
        rows += [[name, f"did not run: {reason}", "", ""] for name, reason in self.failures.items()]
        return [Grid("Peak memory training W2", ("", "MB", "goal", "met"), rows)]


def measure(say: Say) -> Memory:
    """Train for an epoch in a process of its own for every contender, one after another."""
    measured = measured_now()
    peaks: dict[str, float] = {}
    failures: dict[str, str] = {}
    for contender, workload in _who():
        say(f"memory: {contender.name}")
        steps = EXAMPLES // workload.batch // TURNS
        with contender.start(workload, steps).worker as worker:
            try:
                worker.wait_until_ready()
                peaks[contender.name] = worker.turn()["peak_mb"]
            except WorkerError as error:
                failures[contender.name] = str(error)
    return Memory(measured=measured, peak_mb=peaks, failures=failures)


def _who() -> Iterator[tuple[Contender, Workload]]:
    """Yield who trains what: those who cannot drop out train the same network without."""
    chosen: set[str] = set()
    for workload in (WORKLOADS["W2"], WORKLOADS["W2n"]):
        for contender in contenders_of(workload):
            if contender.name not in chosen and not contender.is_floor:
                chosen.add(contender.name)
                yield contender, workload
