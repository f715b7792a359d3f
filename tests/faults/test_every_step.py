from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.faults.counts import Counts
from tests.faults.judge import DIFFERENT, UNHANDLED, Mistake
from tests.faults.scenarios import Results, Scenarios
from tests.faults.workshop import Workshop

EPOCHS, STEPS = 17, 3
SHARES = 4


@pytest.mark.parametrize("share", range(SHARES))
def test_a_run_interrupted_at_any_step_is_resumed_to_the_same_end(
    share: int, workshop: Workshop, scenarios: dict[str, Scenarios], counts: Counts
) -> None:
    played = scenarios["50 steps"]
    results = played.results(EPOCHS)
    for step in range(1 + share, EPOCHS * STEPS + 1, SHARES):
        for when in ("step", *["epoch"] * (step % STEPS == 0)):
            mistakes = resume_mistakes(workshop, played, results, step, when)
            counts.add("interrupted at a step", f"after {when}, {step} steps", mistakes)
    counts.check()


def resume_mistakes(
    workshop: Workshop, played: Scenarios, results: Results, step: int, when: str
) -> Iterator[Mistake]:
    directory = workshop.path("interrupted")
    ran = workshop.do("interrupted_at", played.spec(EPOCHS), directory, str(step), when)
    if ran.code:
        yield Mistake(UNHANDLED, f"expected it to be resumed, found {ran}")
    found = workshop.inspect(directory)
    if not results.same(found):
        yield Mistake(DIFFERENT, f"expected the results of the whole run, found {found}")
    shutil.rmtree(directory, ignore_errors=True)
