from __future__ import annotations

import itertools

import pytest

from tests.faults.counts import Counts
from tests.faults.scenarios import COMMANDS, Scenarios
from tests.faults.tracing import Fault, errors, kills
from tests.faults.trials import error_mistakes, kill_mistakes
from tests.faults.workshop import Workshop

SHARES = 8


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_killed_at_any_system_call_loses_nothing(
    command: str,
    share: int,
    workshop: Workshop,
    scenarios: dict[str, Scenarios],
    counts: Counts,
) -> None:
    played = scenarios["every 3 steps"].of(command)
    for fault in itertools.islice(kills(played.calls), share, None, SHARES):
        counts.add(
            "SIGKILL at a call", f"{command}: {fault}", kill_mistakes(played, workshop, fault)
        )
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
    played = scenarios["every 3 steps"].of(command)
    faults: list[Fault] = errors(played.calls, every=is_long)
    for fault in itertools.islice(faults, share, None, SHARES):
        counts.add(
            fault.what.removeprefix("error="),
            f"{command}: {fault}",
            error_mistakes(played, workshop, fault),
        )
    counts.check()
