"""Specs of the command line: read, changed by options, planned, and warned of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from layerkit.cli.output import report_lines
from layerkit.engine.starting import Start, read_start
from layerkit.plan.network import NetworkPlan, plan_network
from layerkit.plan.warnings import warnings_of
from layerkit.spec.diagnostics import Problem, SpecError, lines_of
from layerkit.spec.loading import load_document, validate
from layerkit.spec.source import Override, Source


@dataclass(frozen=True, slots=True)
class CheckedSpec:
    """A spec that can be run.

    Attributes
    ----------
    source
        What it was read from.
    plan, start
        Of its network; and the weights that this starts from, if any.
    warnings
        What is legal in it and almost surely wrong.
    """

    source: Source
    plan: NetworkPlan
    start: Start | None
    warnings: tuple[Problem, ...]


def checked(
    path: Path, overrides: Iterable[str | Override] = (), *, strict: bool = False
) -> CheckedSpec:
    """Return the spec in a file with all that is to be said of it; print nothing.

    Parameters
    ----------
    path, overrides
        The spec and changes to it.
    strict
        Whether warnings are errors.

    Raises
    ------
    LayerkitError
        What `load_spec`, `plan_network` and `read_start` raise.
    """
    source, plan, found = _planned(path, overrides, strict=strict)
    return CheckedSpec(source, plan, read_start(plan, source), tuple(found))


def planned_start(
    path: Path, overrides: Iterable[str | Override] = (), *, strict: bool = False
) -> tuple[NetworkPlan, Start | None]:
    """Return the plan of the spec in a file, and the weights that it starts from, if any.

    Prints the spec's warnings; see `checked`.
    """
    found = checked(path, overrides, strict=strict)
    report_lines(lines_of(found.source, found.warnings))
    return found.plan, found.start


def planned(
    path: Path, overrides: Iterable[str | Override] = (), *, strict: bool = False
) -> NetworkPlan:
    """Return the plan of the spec in a file; see `planned_start`."""
    source, plan, found = _planned(path, overrides, strict=strict)
    report_lines(lines_of(source, found))
    return plan


def _planned(
    path: Path, overrides: Iterable[str | Override], *, strict: bool
) -> tuple[Source, NetworkPlan, list[Problem]]:
    document = load_document(path, overrides)
    plan = plan_network(validate(document), document.source)
    found = warnings_of(plan, document.table)
    if strict and found:
        raise SpecError(document.source, [replace(each, strict=True) for each in found])
    return document.source, plan, found
