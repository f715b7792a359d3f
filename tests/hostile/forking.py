"""A process that runs each command of ``layerkit`` in a fork of itself, and measures it.

A fork has all modules already, so what is measured is the command. Whatever a plugin does to its
process ends with the fork.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

from layerkit.cli import main
from layerkit.registry import installed
from tests.helpers.commands import Ran, environment
from tests.hostile.cases import GOOD

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 60
"""Seconds after which a command is killed."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command left, and what it took.

    Attributes
    ----------
    ran
        Exit code, standard output and standard error. A negative code is that of a signal.
    seconds
        Of processor time.
    bytes
        Of memory, more than the process had before.
    """

    ran: Ran
    seconds: float
    bytes: int


@dataclass(frozen=True, slots=True)
class _Order:
    """A command, the directory that it runs in, and one with distributions of plugins."""

    arguments: list[str]
    directory: str
    site: str


@dataclass(frozen=True, slots=True)
class _Answer:
    code: int
    seconds: float
    bytes: int


class Forking:
    """Runs commands in forks of the other process.

    Parameters
    ----------
    process
        That process, with pipes for its input and output.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("expected a process with pipes")
        self._orders, self._answers = process.stdin, process.stdout

    def run(self, *arguments: str | Path, directory: Path, site: Path | None = None) -> Measured:
        """Run ``layerkit`` in a directory, where the distributions of another are installed."""
        order = _Order([*map(str, arguments)], str(directory), "" if site is None else str(site))
        self._orders.write(json.dumps(asdict(order)) + "\n")
        self._orders.flush()
        answer = _Answer(**json.loads(self._answers.readline()))
        out, err = (_printed(directory, name) for name in ("out", "err"))
        return Measured(Ran(answer.code, out, err), answer.seconds, answer.bytes)


def _printed(directory: Path, name: str) -> str:
    """Return what was printed, beside the directory, which is not to change."""
    return _output(directory, name).read_text("utf-8")


def _output(directory: Path, name: str) -> Path:
    return directory.with_name(f"{directory.name}.{name}")


@contextmanager
def forking() -> Generator[Forking]:
    """Start the process that forks, and end it."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.hostile.forking"],
        cwd=ROOT,
        env=environment(PYTHONPATH=str(ROOT)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Forking(process)
        finally:
            if process.stdin is not None:
                process.stdin.close()


def _serve() -> None:
    orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.dont_write_bytecode = True
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
    warm = Path(os.environ.get("TMPDIR", "/tmp")) / f"layerkit-warm-{os.getpid()}.toml"  # noqa: S108
    warm.write_text(GOOD, encoding="utf-8")
    try:
        main(["validate", str(warm)])
        main(["plugins", "list"])
    finally:
        warm.unlink()
    for line in orders:
        answer = _answer(_Order(**json.loads(line)))
        print(json.dumps(asdict(answer)), file=answers, flush=True)


def _answer(order: _Order) -> _Answer:
    """Run a command in a fork."""
    sys.stdout.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, str(_resident()).encode())  # a fork has not all pages of its parent
        _run(order)
    before = int(os.read(reading, 100))
    os.close(reading)
    os.close(writing)
    _, status, used = os.wait4(child, 0)
    taken = used.ru_utime + used.ru_stime
    return _Answer(os.waitstatus_to_exitcode(status), taken, used.ru_maxrss * 1024 - before)


def _run(order: _Order) -> NoReturn:
    """Do what the command says, and leave with its exit code."""
    code = 1
    try:
        signal.alarm(LONGEST)
        directory = Path(order.directory)
        for descriptor, name in ((1, "out"), (2, "err")):
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            os.dup2(os.open(_output(directory, name), flags), descriptor)
        os.chdir(directory)
        if order.site:
            sys.path.insert(0, order.site)
            installed.cache_clear()
        code = main(order.arguments)
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException as error:  # noqa: BLE001
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _resident() -> int:
    """Return how much memory of this process is in use."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    _serve()
