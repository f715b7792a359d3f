"""A process that runs one command of ``layerkit`` after another.

A fresh interpreter takes half a second until Layerkit is there. So this one stays: it redirects
what a command prints, and ends the command as an interpreter ends, with a traceback for an
exception that nobody handles. Of `layerkit.cli.main` all is run but typer.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest.mock import patch

from layerkit.cli import main
from layerkit.cli.plugins import list_components, show_json
from layerkit.cli.run import run_spec
from layerkit.cli.summary import show_summary
from layerkit.cli.validate import validate_specs
from layerkit.registry import installed
from tests.helpers.commands import LONGEST, Ran, environment

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class _Order:
    """A command, the directory that it runs in, and one with distributions of plugins."""

    arguments: list[str]
    directory: str
    site: str


class Server:
    """Runs commands in the other process.

    Parameters
    ----------
    process
        That process, with pipes for its input and output.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("expected a process with pipes")
        self._orders, self._codes = process.stdin, process.stdout

    def run(self, *arguments: str | Path, directory: Path, site: Path) -> Ran:
        """Run ``layerkit`` in a directory, where the distributions of another are installed."""
        order = _Order([str(each) for each in arguments], str(directory), str(site))
        self._orders.write(json.dumps(asdict(order)) + "\n")
        self._orders.flush()
        code = self._codes.readline()
        if not code:
            raise EOFError(f"'{' '.join(order.arguments)}' ended its process")
        out, err = ((directory / each).read_text("utf-8") for each in ("out", "err"))
        return Ran(int(code), out, err)


@contextmanager
def serving() -> Generator[Server]:
    """Start the process that runs commands, and end it."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bad_components.server"],
        cwd=ROOT,
        env=environment(PYTHONPATH=str(ROOT)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Server(process)
        finally:
            if process.stdin is not None:
                process.stdin.close()


def _serve() -> None:
    """Run every command that comes in, and answer with its exit code."""
    orders, codes = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.dont_write_bytecode = True
    sys.path.insert(0, "")
    # Nothing that is written here is to survive a loss of power.
    with patch("os.fsync"), patch("layerkit.cli.verbs.do", _do):
        for line in orders:
            order = _Order(**json.loads(line))
            if order.site != sys.path[0]:
                sys.path[0] = order.site
                installed.cache_clear()
            with _redirected(order.directory):
                code = _exit_code(order.arguments)
            print(code, file=codes, flush=True)


@contextmanager
def _redirected(directory: str) -> Generator[None]:
    """Work in a directory, and write there what is printed."""
    os.chdir(directory)
    for descriptor, name in ((1, "out"), (2, "err")):
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, descriptor)
        os.close(file)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _do(arguments: Sequence[str]) -> int:
    """Do what the command line says; to let typer parse it takes as long as to run it."""
    verb, *others = arguments
    paths = [Path(each) for each in others if not each.startswith("-")]
    match verb:
        case "run":
            return run_spec(paths[0], (), paths[1], quiet="--quiet" in others)
        case "validate":
            return validate_specs(paths)
        case "summary":
            show_summary(paths[0], ())
        case "plugins":
            show_json(list_components())
        case _:
            raise ValueError(f"expected a verb, found '{verb}'")
    return 0


def _exit_code(arguments: Sequence[str]) -> int:
    """Run ``layerkit``, and return what the interpreter would leave with."""
    signal.alarm(LONGEST)
    try:
        return main(arguments)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException as error:  # noqa: BLE001
        sys.excepthook(type(error), error, error.__traceback__)
        return 1
    finally:
        signal.alarm(0)


if __name__ == "__main__":
    _serve()
