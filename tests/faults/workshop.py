"""The other end of `tests.faults.server`: starts it, and lets it fork."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import BaseModel, TypeAdapter

from tests.faults.server import Order, Task
from tests.faults.tracing import strace
from tests.helpers.commands import Ran, environment

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST = 120.0
"""Seconds that a command may take."""


class Attempt(BaseModel):
    """What came of an attempt to load a file: a digest of its content, or a refusal."""

    digest: str
    refused: str
    is_handled: bool


class Inspected(BaseModel):
    """What is in a run directory, as Layerkit loads it."""

    weights: Attempt
    best: Attempt
    checkpoints: dict[int, Attempt]
    facts: dict[str, object]
    exists: bool
    history: list[object]
    names: list[str]

    @property
    def status(self) -> object:
        """How the run ended, by its manifest."""
        return self.facts.get("status")

    @property
    def last(self) -> int:
        """After which step the newest checkpoint was saved that loads; -1 without any."""
        whole = (step for step, each in self.checkpoints.items() if each.digest)
        return max(whole, default=-1)

    @property
    def partial(self) -> list[str]:
        """Files that a write left unfinished."""
        return [name for name in self.names if name.endswith(".partial")]


class Damages(BaseModel):
    """How many damaged files were tried, and which of them were loaded or not refused by us."""

    tried: int
    loads: dict[str, Attempt]


class Trajectory(BaseModel):
    """What a run's states are after each step, and its weights at any time."""

    states: dict[int, list[str]]
    weights: list[str]


_INSPECTED = TypeAdapter(list[Inspected])


@dataclass(frozen=True, slots=True)
class Fork:
    """A process that waits to be let go."""

    pid: int
    out: Path
    err: Path

    def send(self, number: signal.Signals) -> None:
        """Send a signal; only before it is waited for, when its id may be another's."""
        os.kill(self.pid, number)


class Workshop:
    """Forks commands of Layerkit.

    Parameters
    ----------
    process
        The server, with pipes for its input and output.
    directory
        Where commands run, and where specs and baselines are.
    """

    def __init__(self, process: subprocess.Popen[str], directory: Path) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("expected a process with pipes")
        self._orders, self._answers = process.stdin, process.stdout
        self._count = 0
        self.directory = directory

    def path(self, name: str) -> Path:
        """Return a path in the directory that nothing has yet."""
        self._count += 1
        return self.directory / f"{name}-{self._count}"

    def fork(self, kind: str, *arguments: str | Path, largest: int | None = None) -> Fork:
        """Return a fork that waits to be let go."""
        out, err = self.path("out"), self.path("err")
        given = [str(each) for each in arguments]
        task = Task(kind, given, str(self.directory), str(out), str(err), largest)
        return Fork(self._ordered(Order("fork", task)), out, err)

    def go(self, fork: Fork) -> None:
        """Let a fork go."""
        self._ordered(Order("go", pid=fork.pid))

    def wait(self, fork: Fork) -> Ran:
        """Wait for the end of a fork."""
        code = self._ordered(Order("wait", pid=fork.pid, seconds=LONGEST))
        out, err = (each.read_text("utf-8", "replace") for each in (fork.out, fork.err))
        fork.out.unlink()
        fork.err.unlink()
        return Ran(code, out, err)

    def do(self, kind: str, *arguments: str | Path, largest: int | None = None) -> Ran:
        """Do something in a fork."""
        fork = self.fork(kind, *arguments, largest=largest)
        self.go(fork)
        return self.wait(fork)

    def layerkit(self, *arguments: str | Path, largest: int | None = None) -> Ran:
        """Run a command."""
        return self.do("main", *arguments, largest=largest)

    def traced(self, options: Sequence[str], *arguments: str | Path) -> tuple[Ran, list[str]]:
        """Run a command under strace; return what it left, and the lines of the recording."""
        fork = self.fork("main", *arguments)
        recording = self.path("strace")
        with subprocess.Popen(
            [strace(), "-f", "-o", recording, *options, "-p", str(fork.pid)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as tracer:
            status = Path(f"/proc/{fork.pid}/status")
            until = time.monotonic() + LONGEST
            while "TracerPid:\t0\n" in status.read_text():
                if tracer.poll() is not None or time.monotonic() > until:
                    _, err = tracer.communicate()
                    raise RuntimeError(f"strace did not attach: {err}")
                time.sleep(0.001)
            self.go(fork)
            ran = self.wait(fork)
            tracer.communicate(timeout=LONGEST)
        lines = recording.read_text("utf-8", "replace").splitlines()
        recording.unlink()
        return ran, lines

    def inspect(self, directory: Path) -> Inspected:
        """Return what is in a run directory."""
        ran = self.do("inspect", directory)
        assert ran.code == 0, ran.err
        return _INSPECTED.validate_json(ran.out)[0]

    def trajectory(self, spec: Path, directory: Path) -> Trajectory:
        """Run a spec, and return what it went through."""
        ran = self.do("trajectory", spec, directory, self.path("snapshots"))
        assert ran.code == 0, ran.err
        return Trajectory.model_validate_json(ran.out)

    def damages(self, kind: str, *arguments: str | Path) -> Damages:
        """Return what came of damages to a file; see the server's functions of these names."""
        ran = self.do(kind, *arguments)
        assert ran.code == 0, ran.err
        return Damages.model_validate_json(ran.out)

    def _ordered(self, order: Order) -> int:
        self._orders.write(json.dumps(asdict(order)) + "\n")
        self._orders.flush()
        answer = self._answers.readline()
        if not answer:
            raise EOFError("the server has ended")
        return int(answer)


@contextmanager
def working(
    directory: Path, package: Path = ROOT, prefix: Sequence[str] = ()
) -> Generator[Workshop]:
    """Start a server, and end it.

    Parameters
    ----------
    directory
        Where commands run.
    package
        The directory that Layerkit is imported from.
    prefix
        A command that the server is an argument of.
    """
    extra: Mapping[str, str] = {"PYTHONPATH": os.pathsep.join([str(package), str(ROOT)])}
    with subprocess.Popen(
        [*prefix, sys.executable, "-P", Path(__file__).with_name("server.py")],
        cwd=directory,
        env=environment(**extra),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Workshop(process, directory)
        finally:
            if process.stdin is not None:
                process.stdin.close()
