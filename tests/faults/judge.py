"""What is judged a mistake, after something has gone wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.faults.scenarios import Scenario
from tests.faults.tracing import Call
from tests.faults.workshop import Inspected, Workshop
from tests.helpers.commands import Ran

CORRUPT = "corrupt loads"
SILENT = "silent successes"
DIFFERENT = "resumes that differ"
UNHANDLED = "unhandled exceptions"
LOST = "lost checkpoints"
OTHER = "other mistakes"
MISTAKES = (CORRUPT, SILENT, DIFFERENT, UNHANDLED, LOST, OTHER)
"""The kinds of mistakes that are counted."""
_SAVED = re.compile(r"/step-(\d+)\.safetensors$")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that must not be.

    Attributes
    ----------
    kind
        One of `MISTAKES`.
    text
        What was expected and found.
    """

    kind: str
    text: str


def saved_steps(calls: Sequence[Call]) -> list[int]:
    """Return the steps of the checkpoints that got their final names in a recording."""
    return [
        int(match[1])
        for call in calls
        if call.is_rename and call.result == 0 and (match := _SAVED.search(call.paths[-1]))
    ]


def message_mistakes(ran: Ran) -> Iterator[Mistake]:
    """Go through what is wrong with what a command printed."""
    if "Traceback" in ran.err or ran.code == 1:
        yield Mistake(UNHANDLED, f"expected no traceback, found exit code {ran.code}: {ran.err}")
    elif ran.code < 0:
        yield Mistake(OTHER, f"expected an exit code, found {ran.code}: {ran.err}")
    elif ran.code > 0 and _errors(ran) != 1:
        yield Mistake(OTHER, f"expected one error that says what failed, found {ran.err!r}")


def _errors(ran: Ran) -> int:
    """Return how many errors were printed; a signal that arrives meanwhile says that it did."""
    lines = [line for line in ran.err.splitlines() if line.startswith("error: ")]
    signals = [line for line in lines if line in {"error: interrupted", "error: terminated"}]
    return len(lines) - max(0, len(signals) - 1)


def directory_mistakes(scenario: Scenario, found: Inspected, least: int) -> Iterator[Mistake]:
    """Go through what is wrong with what is in a run directory, whatever happened to the run.

    Parameters
    ----------
    scenario
        What was disturbed.
    found
        What is there.
    least
        After which step a checkpoint was saved.
    """
    attempts = [("the weights", found.weights), ("the best", found.best)]
    attempts += [(f"checkpoint {step}", each) for step, each in found.checkpoints.items()]
    for name, attempt in attempts:
        if not attempt.is_handled:
            yield Mistake(UNHANDLED, f"expected {name} to load or not to: {attempt.refused}")
    loaded = {found.weights.digest, found.best.digest} - {""}
    if not loaded <= scenario.weights:
        yield Mistake(CORRUPT, "expected weights that the run had, found others")
    for step, attempt in found.checkpoints.items():
        if attempt.digest and attempt.digest not in scenario.states(step):
            yield Mistake(CORRUPT, f"expected the state after step {step}, found another")
        if attempt.refused:
            yield Mistake(LOST, f"expected a whole file under its name: {attempt.refused}")
    if found.last < least:
        yield Mistake(LOST, f"expected a checkpoint after step {least}, found {found.last}")
    if found.status == "finished" and not any(each.same(found) for each in scenario.results):
        yield Mistake(SILENT, "expected the results of a run that is finished, found others")


def end_mistakes(scenario: Scenario, ran: Ran, found: Inspected) -> Iterator[Mistake]:
    """Go through what is wrong with a command that was disturbed and ended by itself."""
    yield from message_mistakes(ran)
    if ran.code == 0:
        results = scenario.results[0]
        if not results.same(found):
            yield Mistake(SILENT, f"expected the results of the whole run, found {found}")
        elif found.last < results.end.last:
            yield Mistake(SILENT, f"expected the last checkpoint, found that of {found.last}")
        elif found.partial:
            yield Mistake(OTHER, f"expected no unfinished files, found {found.partial}")


def recovery_mistakes(
    scenario: Scenario, workshop: Workshop, command: Sequence[str], before: Inspected
) -> Iterator[Mistake]:
    """Give a command that is to recover what was disturbed, and go through what is wrong then."""
    ran = workshop.layerkit(*command)
    yield from message_mistakes(ran)
    found = workshop.inspect(scenario.directory)
    yield from directory_mistakes(scenario, found, before.last)
    is_same = command == scenario.arguments or len(scenario.results) == 1
    accepted = scenario.results[: 1 if is_same else None]
    if ran.code == 0:
        if not any(each.same(found) for each in accepted):
            yield Mistake(DIFFERENT, f"'{' '.join(command)}' left {found}")
        elif found.partial:
            yield Mistake(OTHER, f"expected no unfinished files, found {found.partial}")
    elif before.status == "finished" and ran.code == 2:
        if not any(each.same(found) for each in accepted):
            yield Mistake(DIFFERENT, f"'{' '.join(command)}' refused, and left {found}")
    elif before.last >= 0:
        yield Mistake(LOST, f"expected '{' '.join(command)}' to resume: {ran.code} {ran.err}")
    elif ran.code not in {2, 3}:
        yield Mistake(OTHER, f"expected exit code 2 or 3, found {ran.code}: {ran.err}")
