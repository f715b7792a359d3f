"""How cost grows with data: synthetic examples from 10,000 to 10 million.

They are kept as bytes, 16 features each, and gathered a batch at a time for a small network.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

import numpy as np
from pydantic import BaseModel

from benchmarks.grids import Grid, number
from benchmarks.machine import measured_now
from benchmarks.say import Say
from benchmarks.section import Section
from benchmarks.worker import Worker

EXAMPLES = (10_000, 100_000, 1_000_000, 10_000_000)
FEATURES = 16
EPOCHS = 3


class Size(BaseModel):
    """One number of examples: seconds to load, seconds of every epoch, memory at the peak."""

    examples: int
    load_seconds: float
    seconds: list[float]
    peak_mb: float
    file_mb: float


class Growth(Section):
    """Every size."""

    sizes: list[Size]

    def grids(self) -> list[Grid]:
        """Return the table."""
        rows = [
            [
                f"{size.examples:,}",
                number(size.file_mb),
                number(size.load_seconds),
                number(median(size.seconds)),
                number(1e9 * median(size.seconds) / size.examples),
                number(size.peak_mb),
            ]
            for size in self.sizes
        ]
        heads = ("examples", "file, MB", "load, s", "epoch, s", "ns an example", "peak, MB")
        return [Grid(f"As data grow: {FEATURES} features, bytes", heads, rows)]


def measure(say: Say) -> Growth:
    """Train on files of every size, each in a process of its own."""
    measured = measured_now()
    sizes: list[Size] = []
    for examples in EXAMPLES:
        say(f"growth: {examples:,} examples")
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "examples.npz"
            write(path, examples)
            with Worker(["benchmarks.own.growth", str(path)]) as worker:
                worker.wait_until_ready()
                turns = [worker.turn() for _ in range(EPOCHS)]
            sizes.append(
                Size(
                    examples=examples,
                    load_seconds=turns[0]["load_seconds"],
                    seconds=[turn["seconds"] for turn in turns],
                    peak_mb=turns[-1]["peak_mb"],
                    file_mb=path.stat().st_size / 2**20,
                )
            )
    return Growth(measured=measured, sizes=sizes)


def write(path: Path, examples: int) -> None:
    """Write random bytes, and as the class whether the first is above the middle."""
    rng = np.random.default_rng(7)
    inputs = rng.integers(0, 256, (examples, FEATURES), np.uint8)
    targets = (inputs[:, 0] > 127).astype(np.uint8)
    np.savez(path, allow_pickle=False, train_inputs=inputs, train_targets=targets)
