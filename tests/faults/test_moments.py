"""What comes at any time: SIGKILL, and the signals that ask a run to end."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from tests.faults.counts import Counts
from tests.faults.judge import LOST, OTHER, SILENT, Mistake, message_mistakes
from tests.faults.scenarios import Scenario, Scenarios
from tests.faults.trials import recovered
from tests.faults.workshop import Workshop
from tests.helpers.commands import Ran

SHARES = 4
TRIALS, MANY_TRIALS = 32, 100
"""In all shares together, for SIGKILL and for each number of signals."""
ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
AWAITED = 20.0
"""Seconds that something of a run may take to happen."""
PATIENCE = 2
"""How many signals wait until the run has saved."""


def seconds(workshop: Workshop, played: Scenario) -> float:
    """Return how long the command takes."""
    played.prepare()
    start = time.perf_counter()
    workshop.layerkit(*played.arguments)
    return time.perf_counter() - start


def saved(played: Scenario) -> list[int]:
    """Return after which steps there are checkpoints now."""
    paths = (played.directory / "checkpoints").glob("step-*.safetensors")
    return [int(path.stem.removeprefix("step-")) for path in paths]


def disturbed(
    workshop: Workshop, played: Scenario, moments: Sequence[tuple[float, signal.Signals]]
) -> tuple[Ran, list[int]]:
    """Send signals to a command, each after some seconds since the one before; return what it left.

    Also returns after which steps there were checkpoints before the first.
    """
    played.prepare()
    fork = workshop.fork("main", *played.arguments)
    workshop.go(fork)
    steps: list[int] = []
    for index, (wait, number) in enumerate(moments):
        time.sleep(wait)
        if index == 0:
            steps = saved(played)
        fork.send(number)
    return workshop.wait(fork), steps


@pytest.mark.parametrize("share", range(SHARES))
def test_a_run_killed_at_any_time_loses_nothing(
    share: int,
    workshop: Workshop,
    scenarios: dict[str, Scenarios],
    counts: Counts,
    *,
    is_long: bool,
) -> None:
    played = scenarios["longer"].of("run")
    draw = random.Random(share)  # noqa: S311
    longest = seconds(workshop, played)
    for _ in range((MANY_TRIALS if is_long else TRIALS) // SHARES):
        wait = draw.uniform(0, longest)
        ran, steps = disturbed(workshop, played, [(wait, signal.SIGKILL)])
        mistakes = list(recovered(played, workshop, steps))
        if ran.code not in {0, -signal.SIGKILL}:
            mistakes.append(Mistake(OTHER, f"expected it to be killed, found {ran}"))
        counts.add("SIGKILL at a random time", f"after {wait:.3f} s", mistakes)
    counts.check()


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_run_that_is_asked_to_end_saves_what_it_has(
    number: int,
    share: int,
    workshop: Workshop,
    scenarios: dict[str, Scenarios],
    counts: Counts,
    *,
    is_long: bool,
) -> None:
    played = scenarios["longer"].of("run")
    draw = random.Random(10 * number + share)  # noqa: S311
    longest = seconds(workshop, played)
    for trial in range((MANY_TRIALS if is_long else TRIALS) // SHARES):
        moments = [(draw.uniform(0, longest), draw.choice(ASKING))]
        gap = 0.02 if trial % 2 else longest / 4
        moments += [(draw.uniform(0, gap), draw.choice(ASKING)) for _ in range(number - 1)]
        ran, steps = disturbed(workshop, played, moments)
        text = ", ".join(f"{name.name} after {wait:.3f} s" for wait, name in moments)
        signals = [name for _, name in moments]
        counts.add(
            f"signals: {number}", text, ending_mistakes(played, workshop, ran, steps, signals)
        )
    counts.check()


def ending_mistakes(
    played: Scenario,
    workshop: Workshop,
    ran: Ran,
    steps: Sequence[int],
    signals: Sequence[signal.Signals],
) -> Iterator[Mistake]:
    """Go through what is wrong with a run that was asked to end."""
    found = workshop.inspect(played.directory)
    if ran.code == 0:
        if not played.results[0].same(found):
            yield Mistake(SILENT, f"expected the results of the whole run, found {found}")
        return
    if -ran.code in signals:  # it came before anybody could handle it, or after all was saved
        if found.exists and found.status in {None, "running"}:
            yield Mistake(OTHER, f"expected it to be handled, found {found}")
        yield from recovered(played, workshop, steps)
        return
    yield from message_mistakes(ran)
    if ran.code not in {CODES[each] for each in signals}:
        yield Mistake(OTHER, f"expected the exit code of one of {signals}, found {ran}")
    has_begun = found.exists and found.status is not None
    if has_begun and len(signals) <= PATIENCE:
        if found.status == "running":
            yield Mistake(OTHER, f"expected a status that says how it ended, found {found}")
        if found.last >= 0 and not found.weights.digest:
            yield Mistake(LOST, f"expected weights, found {found.weights.refused}")
        if found.partial and (found.last >= 0 or len(signals) == 1):
            yield Mistake(OTHER, f"expected no unfinished files, found {found.partial}")
    yield from recovered(played, workshop, steps)


def test_a_second_signal_waits_while_the_first_is_obeyed(
    workshop: Workshop, scenarios: dict[str, Scenarios], counts: Counts, *, is_long: bool
) -> None:
    for trial in range(10 if is_long else 3):
        mistakes = list(second_signal_mistakes(scenarios["longer"].of("run"), workshop))
        counts.add("second signal while saving", f"trial {trial}", mistakes, tried=len(ASKING))
    counts.check()


def second_signal_mistakes(played: Scenario, workshop: Workshop) -> Iterator[Mistake]:
    """Ask a long run to end, and again as soon as its checkpoint is there."""
    checkpoints, history = played.directory / "checkpoints", played.directory / "history.jsonl"
    longer = ("--set", "training.epochs=1000", "--set", "checkpoints={every_epochs = 1000}")
    for number in ASKING:
        played.prepare()
        fork = workshop.fork("main", *played.arguments, *longer)
        workshop.go(fork)
        _await(lambda: history.exists() and history.stat().st_size > 0)
        fork.send(number)
        _await(lambda: any(checkpoints.glob("*.safetensors")))
        fork.send(number)
        ran, found = workshop.wait(fork), workshop.inspect(played.directory)
        if ran.code not in {CODES[number], -number}:  # the latter once all is saved
            yield Mistake(OTHER, f"expected {number.name} to end the run, found {ran}")
        if found.status not in {"Interrupted", "Terminated"} or not found.weights.digest:
            yield Mistake(LOST, f"expected a status and weights, found {found}")


def _await(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + AWAITED
    while not is_so() and time.monotonic() < until:
        time.sleep(0.0005)
