from __future__ import annotations

import itertools

import pytest

from tests.faults.counts import Counts
from tests.faults.scenarios import COMMANDS, Scenarios
from tests.faults.tracing import errors, kills
from tests.faults.trials import error_mistakes, kill_mistakes
from tests.faults.workshop import Workshop

SHARES = 6
SHORT = "every 3 steps"
LONG = (SHORT, "every step", "every epoch", "every 2 steps")
"""Checkpoint policies."""


def strides(command: str, *, is_long: bool) -> int:
    """Return at how many calls one is disturbed; a run at all of them."""
    return 1 if is_long or command == "run" else 4


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_killed_at_any_system_call_loses_nothing(
    command: str,
    share: int,
    workshop: Workshop,
    scenarios: dict[str, Scenarios],
    counts: Counts,
    *,
    is_long: bool,
) -> None:
    for policy in LONG if is_long else (SHORT,):
        played = scenarios[policy].of(command)
        faults = kills(played.calls)[:: strides(command, is_long=is_long)]
        for fault in itertools.islice(faults, share, None, SHARES):
            mistakes = kill_mistakes(played, workshop, fault)
            counts.add("SIGKILL at a call", f"{command}, {policy}: {fault}", mistakes)
    counts.check()


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("command", COMMANDS)
def test_a_call_that_fails_is_reported_and_loses_nothing(
    command: str,
    share: int,
    workshop: Workshop,
    scenarios: dict[str, Scenarios],
    counts: Counts,
    *,
    is_long: bool,
) -> None:
    played = scenarios[SHORT].of(command)
    faults = errors(played.calls, every=is_long)[:: strides(command, is_long=is_long)]
    for fault in itertools.islice(faults, share, None, SHARES):
        mistakes = error_mistakes(played, workshop, fault)
        counts.add(fault.what.removeprefix("error="), f"{command}: {fault}", mistakes)
    counts.check()
