from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from tests.faults.counts import Counts
from tests.faults.judge import DIFFERENT, OTHER, Mistake, directory_mistakes, message_mistakes
from tests.faults.scenarios import Scenario, Scenarios
from tests.faults.workshop import Inspected, Workshop
from tests.helpers.commands import Ran

RUNNERS = 8
ROUNDS = 10
MANY_ROUNDS = 100


@pytest.mark.parametrize("command", ["run", "run into an empty directory", "resume"])
def test_of_eight_runs_into_one_directory_one_has_it(
    command: str,
    workshop: Workshop,
    scenarios: dict[str, Scenarios],
    counts: Counts,
    *,
    is_long: bool,
) -> None:
    played = scenarios["every 3 steps"].of(command.split(maxsplit=1)[0])
    for number in range(MANY_ROUNDS if is_long else ROUNDS):
        played.prepare()
        if command.endswith("directory"):
            played.directory.mkdir()
        forks = [workshop.fork("main", *played.arguments) for _ in range(RUNNERS)]
        for fork in forks:
            workshop.go(fork)
        ran = [workshop.wait(fork) for fork in forks]
        found = workshop.inspect(played.directory)
        counts.add("8 runs racing", f"{command} {number}", race_mistakes(played, ran, found))
    counts.check()


def race_mistakes(played: Scenario, ran: Sequence[Ran], found: Inspected) -> Iterator[Mistake]:
    """Go through what is wrong with runs of which one alone may have got the directory."""
    for each in ran:
        yield from message_mistakes(each)
    codes = sorted(each.code for each in ran)
    if codes != [0] + [2] * (RUNNERS - 1):
        errors = "".join(each.err for each in ran)
        yield Mistake(OTHER, f"expected one 0, the others 2, found {codes}: {errors}")
    yield from directory_mistakes(played, found, played.results[0].end.last)
    if not played.results[0].same(found) or found.partial:
        yield Mistake(DIFFERENT, f"expected the results of one run, found {found}")
