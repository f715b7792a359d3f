"""Plays a scenario with a fault in it, and judges what comes of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence

from tests.faults.judge import (
    OTHER,
    Mistake,
    directory_mistakes,
    end_mistakes,
    message_mistakes,
    recovery_mistakes,
    saved_steps,
)
from tests.faults.scenarios import Scenario
from tests.faults.tracing import Fault, recorded
from tests.faults.workshop import Workshop
from tests.helpers.commands import Ran

FILES = 4
"""The exit code of a command that cannot read or write a file."""


def kill_mistakes(scenario: Scenario, workshop: Workshop, fault: Fault) -> Iterator[Mistake]:
    """Kill a command at a system call, and go through what is wrong then."""
    scenario.prepare()
    ran, lines = workshop.traced(fault.options(scenario.paths), *scenario.arguments)
    if ran.code != -9:
        yield Mistake(OTHER, f"expected it to be killed, found exit code {ran.code}: {ran.err}")
    yield from recovered(scenario, workshop, saved_steps(recorded(lines)))


def error_mistakes(scenario: Scenario, workshop: Workshop, fault: Fault) -> Iterator[Mistake]:
    """Let a system call of a command fail, and go through what is wrong then."""
    scenario.prepare()
    ran, lines = workshop.traced(fault.options(scenario.paths), *scenario.arguments)
    if not any("INJECTED" in line for line in lines):
        yield Mistake(OTHER, "expected a call to fail, found that none did")
    is_unlinking = fault.call.startswith("unlink")
    yield from failed(
        scenario, workshop, ran, saved_steps(recorded(lines)), is_unlinking=is_unlinking
    )


def failed(
    scenario: Scenario,
    workshop: Workshop,
    ran: Ran,
    saved: Sequence[int] = (),
    *,
    is_unlinking: bool = False,
) -> Iterator[Mistake]:
    """Go through what is wrong with a command that could not write something.

    Parameters
    ----------
    scenario, workshop
        What was disturbed, and where.
    ran
        What it left.
    saved
        The steps after which checkpoints were saved.
    is_unlinking
        Whether it was the removal of a file that failed.
    """
    if ran.code == 0:
        found = workshop.inspect(scenario.directory)
        yield from end_mistakes(scenario, ran, found)
        yield from directory_mistakes(scenario, found, max([scenario.least, *saved]))
        return
    yield from message_mistakes(ran)
    found = workshop.inspect(scenario.directory)
    unfinished = [name for name in found.partial if name not in scenario.unfinished]
    if unfinished and not is_unlinking:
        yield Mistake(OTHER, f"expected no unfinished files, found {unfinished}")
    if any(isinstance(line, str) for line in found.history):
        yield Mistake(OTHER, f"expected whole lines in the history, found {found.history}")
    if ran.code != FILES:
        yield Mistake(OTHER, f"expected exit code {FILES}, found {ran.code}: {ran.err}")
    yield from recovered(scenario, workshop, saved)


def recovered(scenario: Scenario, workshop: Workshop, saved: Sequence[int]) -> Iterator[Mistake]:
    """Judge a directory whose run has not ended well, and whether a command recovers it.

    Parameters
    ----------
    scenario
        What was disturbed.
    workshop
        Where.
    saved
        The steps after which checkpoints were saved.
    """
    found = workshop.inspect(scenario.directory)
    if not found.exists:
        return
    yield from directory_mistakes(scenario, found, max([scenario.least, *saved]))
    if len(scenario.recoveries) == 1:
        yield from recovery_mistakes(scenario, workshop, scenario.recoveries[0], found)
        return
    left = workshop.path("left")
    scenario.directory.rename(left)
    for command in scenario.recoveries:
        shutil.rmtree(scenario.directory, ignore_errors=True)
        shutil.copytree(left, scenario.directory)
        yield from recovery_mistakes(scenario, workshop, command, found)
    shutil.rmtree(left)
