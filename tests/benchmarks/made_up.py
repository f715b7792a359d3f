"""Made-up results."""

from __future__ import annotations

from benchmarks.contenders import FLOOR, LAYERKIT, TORCH
from benchmarks.machine import Machine, Measured
from benchmarks.parts.speed import Raced
from benchmarks.parts.step_profile import Clocked, Profile
from benchmarks.race import Race, Times
from benchmarks.results import Results

MEASURED = Measured(date="2026-11-23", busy=0.01)


def raced() -> Raced:
    times = {
        LAYERKIT: Times(seconds=[0.4, 0.8, 0.5], threads="1"),
        TORCH: Times(seconds=[1.0, 2.0, 1.0], threads="2"),
        FLOOR: Times(seconds=[0.2, 0.4, 0.2], threads="2"),
    }
    failures = {"jax": "ModuleNotFoundError: No module named 'jax'"}
    return Raced(measured=MEASURED, name="W1", steps=100, race=Race(times=times, failures=failures))


def profile() -> Profile:
    def run(seconds: float) -> Clocked:
        by_name = {"products": 0.6, "optimizer": 0.2}
        return Clocked(steps=100, seconds=seconds, by_name=by_name, clocks_seconds=0.01)

    return Profile(measured=MEASURED, runs=[run(1.0), run(2.0), run(0.9)])


def results() -> Results:
    machine = Machine(
        processor="A processor",
        cores=2,
        system="Linux x86_64",
        python="3.11.7",
        versions={"numpy": "2.4.6"},
        blas="openblas 0.3.31 (SkylakeX)",
        installed={"torch==2.13.0": "", "jax>=0.7": "ERROR: no matching distribution"},
    )
    return Results(machine=machine, parts={"W1": raced(), "profile": profile()})
