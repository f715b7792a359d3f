"""Short forms of the fault tests, each to be run on a Layerkit with a fault of its own in it."""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.faults.judge import CORRUPT, DIFFERENT, LOST, OTHER, Mistake
from tests.faults.order import order_mistakes
from tests.faults.scenarios import POLICIES, Scenarios
from tests.faults.test_every_step import resume_mistakes
from tests.faults.test_moments import disturbed, ending_mistakes, second_signal_mistakes
from tests.faults.test_races import RUNNERS, race_mistakes
from tests.faults.tracing import errors, kills
from tests.faults.trials import error_mistakes, failed, kill_mistakes
from tests.faults.workshop import LONGEST, Workshop

SHORT = "every 3 steps"


def _order(workshop: Workshop) -> Iterator[Mistake]:
    played = Scenarios(workshop, *POLICIES[SHORT])
    for command in ("run", "extend"):
        yield from order_mistakes(played.of(command).calls)


def _kills(workshop: Workshop) -> Iterator[Mistake]:
    for policy in (SHORT, "every step"):
        played = Scenarios(workshop, *POLICIES[policy])
        for command in ("extend", "run"):
            scenario = played.of(command)
            faults = kills(scenario.calls)
            for fault in [*faults[10:24], *faults[::5], *faults[-20::3]]:
                yield from kill_mistakes(scenario, workshop, fault)


def _errors(workshop: Workshop) -> Iterator[Mistake]:
    scenario = Scenarios(workshop, *POLICIES[SHORT]).of("run")
    for fault in errors(scenario.calls, every=False)[::3]:
        yield from error_mistakes(scenario, workshop, fault)


def _sizes(workshop: Workshop) -> Iterator[Mistake]:
    scenario = Scenarios(workshop, *POLICIES["at the end"]).of("run")
    for largest in range(2000, 4000, 60):
        scenario.prepare()
        ran = workshop.layerkit(*scenario.arguments, largest=largest)
        yield from failed(scenario, workshop, ran)


def _steps(workshop: Workshop) -> Iterator[Mistake]:
    played = Scenarios(workshop, *POLICIES["50 steps"])
    results = played.results(17)
    for step in (4, 5, 6, 20, 41, 49, 50):
        yield from resume_mistakes(workshop, played, results, step, "step")
    yield from resume_mistakes(workshop, played, results, 27, "epoch")


def _flips(workshop: Workshop) -> Iterator[Mistake]:
    played = Scenarios(workshop, *POLICIES[SHORT])
    played.results(3)
    directory = played.directory / "whole-3"
    for name, kind in (
        ("checkpoints/step-000000009.safetensors", "checkpoint"),
        ("model.safetensors", "run"),
        ("manifest.json", "run"),
        ("spec.toml", "run"),
    ):
        found = workshop.damages("flips", directory / name, kind, "0", str(10**9), "7")
        if found.loads:
            yield Mistake(CORRUPT, f"expected {name} to be refused, found that it loads")


def _fallback(workshop: Workshop) -> Iterator[Mistake]:
    """Damage the newest checkpoint of a run that was killed, or of one that was extended."""
    scenario = Scenarios(workshop, *POLICIES[SHORT]).of("resume")
    scenario.prepare()
    steps = sorted(scenario.directory.glob("checkpoints/step-*.safetensors"))
    content = steps[-1].read_bytes()
    steps[-1].write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    ran = workshop.layerkit(*scenario.arguments)
    if ran.code or "warning: " not in ran.err:
        yield Mistake(LOST, f"expected an older checkpoint and a warning, found {ran}")
    found = workshop.inspect(scenario.directory)
    if not scenario.results[0].same(found):
        yield Mistake(DIFFERENT, f"expected the results of the whole run, found {found}")


def _races(workshop: Workshop) -> Iterator[Mistake]:
    for command in ("run", "resume"):
        scenario = Scenarios(workshop, *POLICIES[SHORT]).of(command)
        for _ in range(8):
            scenario.prepare()
            forks = [workshop.fork("main", *scenario.arguments) for _ in range(RUNNERS)]
            for fork in forks:
                workshop.go(fork)
            ran = [workshop.wait(fork) for fork in forks]
            yield from race_mistakes(scenario, ran, workshop.inspect(scenario.directory))


def _signals(workshop: Workshop) -> Iterator[Mistake]:
    scenario = Scenarios(workshop, *POLICIES["longer"]).of("run")
    yield from second_signal_mistakes(scenario, workshop)
    draw = random.Random(1)  # noqa: S311
    for trial in range(40):
        wait, gap = draw.uniform(0.01, 0.3), draw.uniform(0, 0.02)
        moments = [(wait, signal.SIGINT), (gap, signal.SIGTERM)][: 1 + trial % 4]
        ran, steps = disturbed(workshop, scenario, moments)
        signals = [number for _, number in moments]
        yield from ending_mistakes(scenario, workshop, ran, steps, signals)


def _gone(workshop: Workshop) -> Iterator[Mistake]:
    scenario = Scenarios(workshop, *POLICIES["every step"]).of("run")
    scenario.prepare()
    fork = workshop.fork("main", *scenario.arguments, "--set", "training.epochs=1000")
    workshop.go(fork)
    until = time.monotonic() + LONGEST
    checkpoints = scenario.directory / "checkpoints"
    while not list(checkpoints.glob("*.safetensors")) and time.monotonic() < until:
        time.sleep(0.002)
    shutil.rmtree(scenario.directory, ignore_errors=True)
    ran = workshop.wait(fork)
    if ran.code != 4:
        yield Mistake(OTHER, f"expected exit code 4, found {ran}")


CHECKS: Mapping[str, Callable[[Workshop], Iterator[Mistake]]] = {
    "order": _order,
    "kills": _kills,
    "errors": _errors,
    "sizes": _sizes,
    "steps": _steps,
    "flips": _flips,
    "fallback": _fallback,
    "races": _races,
    "signals": _signals,
    "gone": _gone,
}
"""By their names."""


def first_mistake(workshop: Workshop, check: str) -> str:
    """Return the first mistake that a check finds; empty if it finds none.

    A Layerkit that does not come to the end of an undisturbed run has made a mistake too.
    """
    try:
        for mistake in CHECKS[check](workshop):
            return f"{mistake.kind}: {mistake.text}"
    except (AssertionError, EOFError, OSError, ValueError) as error:
        return f"undisturbed: {error}"
    return ""


def overlay(package: Path, directory: Path) -> Path:
    """Copy a package; return the directory that it is imported from."""
    shutil.copytree(package, directory / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    return directory
