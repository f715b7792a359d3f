"""A race: contenders take turns, round after round, so that a noisy moment hits them alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from pydantic import BaseModel

from benchmarks.worker import Worker, WorkerError

REST = 0.25
"""Seconds between turns: OpenBLAS spins for 0.13 after a call, and that would cost the next."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Who takes part: what tables call it, and its worker."""

    name: str
    worker: Worker


class Times(BaseModel):
    """One runner's seconds a turn, round by round, its threads, and its memory at the peak."""

    seconds: list[float]
    threads: str
    peak_mb: float


class Race(BaseModel):
    """What came of a race: times of those who finished, reasons of those who didn't."""

    times: dict[str, Times]
    failures: dict[str, str]


def race(runners: Sequence[Callable[[], Runner]], rounds: int, say: Callable[[str], None]) -> Race:
    """Run a race; every runner is started, warmed up, and then given a turn a round.

    Runners warm up one by one, so that none crowds another's machine. Each round starts with
    another runner.
    """
    failures: dict[str, str] = {}
    with ExitStack() as stack:
        ready: list[Runner] = []
        for start in runners:
            runner = start()
            say(f"warming up {runner.name}")
            stack.enter_context(runner.worker)
            try:
                runner.worker.wait_until_ready()
            except WorkerError as error:
                failures[runner.name] = str(error)
            else:
                ready.append(runner)
        times = {
            runner.name: Times(seconds=[], threads=runner.worker.threads, peak_mb=0.0)
            for runner in ready
        }
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            first = number % max(len(ready), 1)
            for runner in [*ready[first:], *ready[:first]]:
                time.sleep(REST)
                figures = runner.worker.turn()
                times[runner.name].seconds.append(figures["seconds"])
                times[runner.name].peak_mb = figures["peak_mb"]
    return Race(times=times, failures=failures)
