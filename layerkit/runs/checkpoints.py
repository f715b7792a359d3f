"""Checkpoints of a run: when they are written, where they are, and which is the last."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import final

from layerkit.arrays import all_finite
from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import EpochEnded, StepEnded, TrainingStarted
from layerkit.errors import FileError, UsageError
from layerkit.formats.atomic import sync_directory
from layerkit.interrupts import Interruption
from layerkit.spec.models import Checkpoints

_NAME = re.compile(r"step-(\d{9,})\.safetensors")


class CheckpointDirectory:
    """The checkpoints in a run directory.

    A file under its final name is whole: it is written under another name first. It has a checksum
    over all of it.

    Parameters
    ----------
    path
        The directory, made when the first checkpoint is due.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self) -> None:
        """Make the directory, if it is not there.

        Raises
        ------
        FileError
            If it cannot be made.
        """
        try:
            self.path.mkdir(exist_ok=True)
            sync_directory(self.path.parent)
        except OSError as error:
            raise FileError(f"{self.path}: cannot be made: {error.strerror}") from error

    def after_step(self, step: int) -> Path:
        """Return the file for the checkpoint after a step."""
        return self.path / f"step-{step:09d}.safetensors"

    def steps(self) -> list[tuple[int, Path]]:
        """Return the checkpoints that are there, with their steps, the newest first."""
        try:
            names = [path.name for path in self.path.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise FileError(f"{self.path}: cannot be read: {error.strerror}") from error
        matches = [match for name in names if (match := _NAME.fullmatch(name))]
        found = [(int(match[1]), self.path / match[0]) for match in matches]
        return sorted(found, reverse=True)

    def last(self) -> Path:
        """Return the checkpoint after the latest step.

        Raises
        ------
        UsageError
            If there is none.
        """
        return self._newest()[1]

    def last_step(self) -> int:
        """Return after which step the last checkpoint was made; raises what `last` does."""
        return self._newest()[0]

    def _newest(self) -> tuple[int, Path]:
        found = self.steps()
        if not found:
            raise UsageError(
                f"{self.path.parent}: expected a checkpoint to resume from, found none: the run "
                "ended before it saved one; run its spec again"
            )
        return found[0]

    def remove_old(self, keep: int) -> None:
        """Remove all but the newest checkpoints."""
        for _, path in self.steps()[keep:]:
            with suppress(OSError):  # the next call tries again
                path.unlink()


@final
class Checkpointer(Callback):
    """Saves the run as its spec says, and when it is interrupted.

    Parameters
    ----------
    directory
        Where to.
    policy
        How often.
    interruption
        What ends the run from outside.
    best
        Writes the weights of the best epoch, with every checkpoint.
    """

    def __init__(
        self,
        directory: CheckpointDirectory,
        policy: Checkpoints,
        interruption: Interruption,
        best: Callable[[], None],
    ) -> None:
        self._best = best
        self._directory = directory
        self._policy = policy
        self._interruption = interruption
        self._seconds = (
            None if policy.every_minutes == "never" else 60 * float(policy.every_minutes)
        )
        self._saved_at = time.monotonic()
        self._run: Run | None = None

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Start the clock."""
        self._directory.make()
        self._run = run
        self._saved_at = time.monotonic()
        self._interruption.is_awaited = True

    def step_ended(self, event: StepEnded) -> None:
        """Save if it is time to."""
        every = self._policy.every_steps
        due = self._seconds is not None and time.monotonic() - self._saved_at >= self._seconds
        if due or (every is not None and event.step % every == 0) or self._interruption.error:
            self._save(event.step)

    def epoch_ended(self, event: EpochEnded) -> None:
        """Save if it is time to."""
        every = self._policy.every_epochs
        if (every is not None and event.epoch % every == 0) or self._interruption.error:
            self._save(event.step)

    def _save(self, step: int) -> None:
        if self._run is None or not all_finite(self._run.arrays.values()):
            return  # training has diverged, which the next step finds
        self._best()
        self._directory.remove_old(self._policy.keep)
        self._run.save(self._directory.after_step(step))
        if self._interruption.error is not None:
            self._run.pause()
        self._saved_at = time.monotonic()
