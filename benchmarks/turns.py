"""The worker's side of a race: get ready, then do a turn for every line that comes in.

A worker is a process of its own that idles between its turns. It writes one line of JSON when it
is ready and one after each turn. Whatever a library prints goes to standard error instead.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TextIO

from benchmarks.workloads import Workload, workload_named

STEPS_VARIABLE = "BENCHMARK_STEPS"
"""Environment variable that overrides the number of steps of a turn."""
_STATUS = Path("/proc/self/status")


class Turns:
    """Talks to the driver over the worker's standard input and output."""

    def __init__(self) -> None:
        self._out: TextIO = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self._start = 0.0

    def ready(self, threads: str) -> None:
        """Say that warming up is over, and how many threads work here."""
        self._say({"threads": threads})

    def wait(self) -> None:
        """Wait until the driver says go, and start the clock; leave if it is gone."""
        if not sys.stdin.readline():
            sys.stdout.flush()
            os._exit(0)  # no library gets to tidy up for seconds
        self._start = time.perf_counter()

    def stop(self) -> float:
        """Return the seconds since the clock was started."""
        return time.perf_counter() - self._start

    def done(self, seconds: float, **figures: float) -> None:
        """Say how long the turn took and what else it found."""
        self._say({"seconds": seconds, "peak_mb": peak_mb(), **figures})

    def _say(self, message: dict[str, str] | dict[str, float]) -> None:
        self._out.write(json.dumps(message) + "\n")
        self._out.flush()


def peak_mb() -> float:
    """Return the most memory that the process has held, in MB; 0 where the system doesn't tell.

    ``getrusage`` would not do: on Linux it counts what the parent held when it started us.
    """
    if _STATUS.exists():
        for line in _STATUS.read_text("utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def chosen_workload() -> Workload:
    """Return the workload that the worker's command line names."""
    return workload_named(sys.argv[1])


def chosen_steps(workload: Workload) -> int:
    """Return the steps of a turn: the workload's, unless the driver asked for others."""
    return int(os.environ.get(STEPS_VARIABLE, workload.steps))


def serve(prepare: Callable[[Workload, int], tuple[Callable[[], object], str]]) -> NoReturn:
    """Run a worker whose turns are calls.

    Parameters
    ----------
    prepare
        Given the workload and the steps of a turn, returns what does a turn, and the threads that
        it uses, in words.
    """
    turns = Turns()
    workload = chosen_workload()
    turn, threads = prepare(workload, chosen_steps(workload))
    for _ in range(2):
        turn()
    turns.ready(threads)
    while True:
        turns.wait()
        turn()
        turns.done(turns.stop())
