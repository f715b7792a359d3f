"""The driver's side of a worker: start it, hear that it is ready, and give it turns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import Self

from benchmarks.turns import STEPS_VARIABLE


class WorkerError(Exception):
    """A worker did not get ready, or died on its turn; says what it last wrote."""


class Worker:
    """A process that idles between its turns; see `benchmarks.turns`.

    Parameters
    ----------
    command
        Module and arguments.
    environment
        Variables to set.
    steps
        Of a turn; by default the workload's.

    Attributes
    ----------
    threads
        Once it is ready: how many it uses, in words.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        steps: int | None = None,
    ) -> None:
        self.threads = ""
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # __exit__ does
        steps_set = {} if steps is None else {STEPS_VARIABLE: str(steps)}
        self._process = subprocess.Popen(  # noqa: S603  # the modules are our own
            [sys.executable, "-m", *command],
            env={**os.environ, **(environment or {}), **steps_set},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def wait_until_ready(self) -> None:
        """Wait until the worker has warmed up.

        Raises
        ------
        WorkerError
            If it dies before.
        """
        self.threads = str(self._read()["threads"])

    def turn(self) -> Mapping[str, float]:
        """Give the worker one turn; return its figures, ``seconds`` among them."""
        if self._process.stdin is None:
            raise WorkerError("the worker has no input")
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return {name: float(value) for name, value in self._read().items()}

    def _read(self) -> dict[str, str | float]:
        line = "" if self._process.stdout is None else self._process.stdout.readline()
        if not line:
            self._process.wait()
            raise WorkerError(self._last_words())
        message: dict[str, str | float] = json.loads(line)
        return message

    def _last_words(self) -> str:
        self._errors.seek(0)
        lines = [line.strip() for line in self._errors if line.strip()]
        return lines[-1] if lines else f"ended with {self._process.returncode}"
