"""Time to accuracy: the main job to 98 % right on the test images, side by side with torch."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from pydantic import BaseModel

from benchmarks.grids import Grid, number, ratio
from benchmarks.machine import measured_now
from benchmarks.race import REST
from benchmarks.say import Say
from benchmarks.section import Section
from benchmarks.worker import Worker
from layerkit import load_spec

TARGET = 0.98
SEEDS = (1, 2, 3)
SPEC = Path(__file__).resolve().parents[2] / "specs" / "mnist_tanh_dropout.toml"
LAYERKIT, TORCH = "layerkit", "torch"
COMMANDS = {
    LAYERKIT: ("benchmarks.own.accuracy",),
    TORCH: ("benchmarks.peers.torch_accuracy",),
    "torch, byte masks": ("benchmarks.peers.torch_accuracy", "byte-masks"),
}


class Climb(BaseModel):
    """One run: seconds from the start of the process to training, then of every epoch."""

    start_seconds: float
    seconds: list[float]
    accuracies: list[float]

    @property
    def arrived(self) -> bool:
        """Whether it reached the target."""
        return self.accuracies[-1] >= TARGET


class Accuracy(Section):
    """The runs of everybody, seed by seed."""

    climbs: dict[str, list[Climb]]

    def grids(self) -> list[Grid]:
        """Return the table: medians over the seeds."""
        base = [sum(climb.seconds) for climb in self.climbs[TORCH]]
        rows: list[list[str]] = []
        for name, climbs in self.climbs.items():
            seconds = [sum(climb.seconds) for climb in climbs]
            whole = [climb.start_seconds + sum(climb.seconds) for climb in climbs]
            ratios = [own / other for own, other in zip(seconds, base, strict=True)]
            arrived = sum(climb.arrived for climb in climbs)
            rows.append(
                [
                    name,
                    f"{arrived} of {len(climbs)}",
                    ", ".join(str(len(climb.seconds)) for climb in climbs),
                    ", ".join(number(each) for each in seconds),
                    ratio(median(ratios)),
                    number(median(each / epochs for each, epochs in _by_epochs(climbs))),
                    number(median(whole)),
                ]
            )
        heads = (
            "",
            "reached",
            "epochs",
            "seconds of training",
            "of torch's",
            "seconds an epoch",
            "seconds of the process",
        )
        return [Grid(f"The main job to {TARGET:.0%} on the test images, by seed", heads, rows)]


def measure(say: Say) -> Accuracy:
    """Train from every seed, an epoch each in turn, until all are there."""
    measured = measured_now()
    climbs: dict[str, list[Climb]] = {name: [] for name in COMMANDS}
    epochs = load_spec(SPEC).training.epochs
    for seed in SEEDS:
        with ExitStack() as stack:
            running: dict[str, Worker] = {}
            for name, (module, *arguments) in COMMANDS.items():
                begin = time.perf_counter()
                worker = Worker([module, str(SPEC), str(seed), *arguments])
                running[name] = stack.enter_context(worker)
                worker.wait_until_ready()
                start_seconds = time.perf_counter() - begin
                climbs[name].append(Climb(start_seconds=start_seconds, seconds=[], accuracies=[]))
            for epoch in range(epochs):
                say(f"time to accuracy: seed {seed}, epoch {epoch + 1}")
                for name in [*running]:
                    time.sleep(REST)
                    figures = running[name].turn()
                    climb = climbs[name][-1]
                    climb.seconds.append(figures["seconds"])
                    climb.accuracies.append(figures["accuracy"])
                    if climb.arrived:
                        del running[name]
    return Accuracy(measured=measured, climbs=climbs)


def _by_epochs(climbs: list[Climb]) -> list[tuple[float, int]]:
    return [(sum(climb.seconds), len(climb.seconds)) for climb in climbs]
