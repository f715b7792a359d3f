"""A race: contenders take turns, round after round, so that a noisy moment hits them alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from pydantic import BaseModel

from benchmarks.say import Say
from benchmarks.worker import Worker, WorkerError

REST = 0.25
"""Seconds between turns: OpenBLAS spins for 0.13 after a call, and that would cost the next."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Who takes part: what tables call it, and its worker."""

    name: str
    worker: Worker


class Times(BaseModel):
    """One runner's seconds a turn, round by round, and the threads that it used, in words."""

    seconds: list[float]
    threads: str


class Race(BaseModel):
    """What came of a race: times of those who finished, reasons of those who didn't."""

    times: dict[str, Times]
    failures: dict[str, str]


def race(
    runners: Sequence[Callable[[], Runner]], rounds: int, say: Say, rest: float = REST
) -> Race:
    """Run a race; every runner is started, warmed up, and then given a turn a round.

    Runners warm up one by one, so that none crowds another's machine. Each round starts with
    another runner. Whoever dies is out, and none of his times count.
    """
    found = Race(times={}, failures={})
    with ExitStack() as stack:
        ready = [runner for start in runners if (runner := _started(stack, start(), found, say))]
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            first = number % max(len(ready), 1)
            for runner in [*ready[first:], *ready[:first]]:
                time.sleep(rest)
                if not _given_turn(runner, found):
                    ready.remove(runner)
    return found


def _started(stack: ExitStack, runner: Runner, found: Race, say: Say) -> Runner | None:
    """Return a runner once it has warmed up, unless it dies before."""
    say(f"warming up {runner.name}")
    stack.enter_context(runner.worker)
    try:
        runner.worker.wait_until_ready()
    except WorkerError as error:
        found.failures[runner.name] = str(error)
        return None
    found.times[runner.name] = Times(seconds=[], threads=runner.worker.threads)
    return runner


def _given_turn(runner: Runner, found: Race) -> bool:
    """Give a runner its turn and note the time; tell whether it lived."""
    try:
        figures = runner.worker.turn()
    except WorkerError as error:
        found.failures[runner.name] = str(error)
        del found.times[runner.name]
        return False
    found.times[runner.name].seconds.append(figures["seconds"])
    return True
