"""``layerkit plugins check``: the checks of `layerkit.testing` on what is installed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from itertools import groupby

from layerkit.cli.component import found_component
from layerkit.cli.output import say, terminal_width, wrapped
from layerkit.cli.tables import show
from layerkit.display.tables import new_table
from layerkit.errors import PluginError
from layerkit.formats.json_text import json_text
from layerkit.registry import Registry, installed
from layerkit.testing.suite import (
    NO_CASE,
    ComponentCheck,
    checks_of_component,
    component_checks,
    is_distribution,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks found of one component in one place.

    Attributes
    ----------
    kind, component, what
        Such as ``layer``, ``relu`` and ``layer 'relu' on (6,)``.
    checks
        How many were run.
    failures
        What those said that failed; each begins with the name of the check.
    unchecked
        Why nothing could be checked, if so.
    """

    kind: str
    component: str
    what: str
    checks: int
    failures: list[str]
    unchecked: str | None = None


def check_plugins(name: str, *, as_json: bool, registry: Registry | None = None) -> int:
    """Run the checks of a component or of all that a distribution registers; print what they found.

    Raises
    ------
    UsageError
        If there is no such component or distribution.
    """
    found = _run(_checks(name, registry or installed()))
    if as_json:
        say(json_text([asdict(each) for each in found], indent=2))
    else:
        _show(found)
    return PluginError.exit_code if any(each.failures for each in found) else 0


def _checks(name: str, registry: Registry) -> Sequence[ComponentCheck]:
    # What a plugin prints while it is loaded or checked must not end up in the table.
    with redirect_stdout(sys.stderr):
        if is_distribution(name, registry):
            return [*component_checks(name, registry=registry)]
        kind, component = found_component(name, registry)
        return [*checks_of_component(kind, component, registry)]


def _run(checks: Sequence[ComponentCheck]) -> list[Checked]:
    found: list[Checked] = []
    for (kind, component, what), group in groupby(
        checks, key=lambda each: (each.kind, each.component, each.what)
    ):
        own = [each.check for each in group]
        if [check.name for check in own] == [NO_CASE]:
            reason = _failure(own[0].run) or ""
            found.append(Checked(kind, component, what, 0, [], reason))
            continue
        failures = [failure for check in own if (failure := _failure(check.run))]
        found.append(Checked(kind, component, what, len(own), failures))
    return found


def _failure(run: Callable[[], None]) -> str | None:
    with redirect_stdout(sys.stderr):
        try:
            run()
        except AssertionError as failure:
            return str(failure)
    return None


def _show(found: Sequence[Checked]) -> None:
    table = new_table(dict.fromkeys(("component", "checks", "passed", "failed"), ""))
    for each in found:
        failed = len(each.failures)
        figures = (each.checks, each.checks - failed, failed)
        table.add_row(
            each.what,
            *(["-"] * 3 if each.unchecked else map(str, figures)),
            style="red" if failed else None,
        )
    show(table)
    notes = [each.unchecked for each in found if each.unchecked]
    for text in (*(failure for each in found for failure in each.failures), *notes):
        say("")
        say(wrapped(text, terminal_width(sys.stdout), 0))
    checks, failed = sum(each.checks for each in found), sum(len(each.failures) for each in found)
    say("")
    say(f"{checks} checks, {failed} failed" + (f"; {len(notes)} not checked" if notes else ""))
