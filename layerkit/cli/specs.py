"""Specs of the command line: read, changed by options, and planned."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from layerkit.engine.starting import Start, read_start
from layerkit.plan.network import NetworkPlan, plan_network
from layerkit.spec.loading import load_document, validate
from layerkit.spec.source import Override


def planned(path: Path, overrides: Iterable[str | Override] = ()) -> NetworkPlan:
    """Return the plan of the spec in a file; see `load_spec` and `plan_network`."""
    document = load_document(path, overrides)
    return plan_network(validate(document), document.source)


def planned_start(
    path: Path, overrides: Iterable[str | Override] = ()
) -> tuple[NetworkPlan, Start | None]:
    """Return the plan of the spec in a file, and the weights that it starts from, if any.

    Raises
    ------
    LayerkitError
        What `planned` and `read_start` raise.
    """
    document = load_document(path, overrides)
    plan = plan_network(validate(document), document.source)
    return plan, read_start(plan, document.source)
