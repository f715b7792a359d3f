"""``layerkit plugins``: every component that is installed, tried out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from functools import partial

from layerkit.cli.output import say, terminal_width, wrapped
from layerkit.cli.tables import show
from layerkit.component import Registration
from layerkit.contracts.kinds import KINDS
from layerkit.display.tables import new_table
from layerkit.errors import PluginError
from layerkit.formats.json_text import json_text
from layerkit.kernels import check_kernel
from layerkit.problems import did_you_mean
from layerkit.registry import KERNEL_GROUP, OTHER_GROUPS, Registry, installed


@dataclass(frozen=True, slots=True)
class ListedComponent:
    """One registered component.

    Attributes
    ----------
    kind, name
        Such as ``layer`` and ``dense``.
    distribution, version
        The distribution that registers it.
    target
        Module and class that it leads to.
    loads
        Whether a spec can use it.
    reason
        Why not, if so.
    """

    kind: str
    name: str
    distribution: str
    version: str
    target: str
    loads: bool
    reason: str | None


def list_components(registry: Registry | None = None) -> list[ListedComponent]:
    """Return all components in the order of kinds and names, then kernels; collisions twice."""
    registry = registry or installed()
    entries = [
        _entry(kind.noun, each, _reason(partial(registry.load, kind, each.name)))
        for kind in KINDS
        for each in registry.registrations(kind)
    ]
    entries += [
        _entry("kernel", each, _reason(partial(check_kernel, registry, each.name)))
        for each in registry.registered_in(KERNEL_GROUP)
    ]
    groups = [*(kind.group for kind in KINDS), *OTHER_GROUPS]
    for found in registry.unmatched(KINDS):
        expected = did_you_mean(found.group, groups) or f"groups are {', '.join(groups)}"
        reason = f"'{found.name}' of {found.distribution}: no group '{found.group}'; {expected}"
        entries.append(_entry(found.group, found, reason))
    return entries


def _reason(load: Callable[[], object]) -> str | None:
    """Return why something does not load, None if it does."""
    try:
        # What a plugin prints while it loads must not end up in the list.
        with redirect_stdout(sys.stderr):
            load()
    except PluginError as error:
        return str(error)
    return None


def _entry(kind: str, registration: Registration, reason: str | None) -> ListedComponent:
    return ListedComponent(
        kind,
        registration.name,
        registration.distribution,
        registration.version,
        registration.target,
        reason is None,
        reason,
    )


def show_json(entries: Sequence[ListedComponent]) -> None:
    """Print entries for other programs."""
    say(json_text([asdict(entry) for entry in entries], indent=2))


def show_table(entries: Sequence[ListedComponent]) -> None:
    """Print entries as a table, and below it why some do not load."""
    table = new_table(dict.fromkeys(("kind", "name", "distribution", "version", "loads"), ""))
    for entry in entries:
        table.add_row(
            entry.kind,
            entry.name,
            entry.distribution,
            entry.version,
            "yes" if entry.loads else "no",
            style=None if entry.loads else "red",
        )
    show(table)
    for reason in dict.fromkeys(entry.reason for entry in entries if entry.reason):
        say("")
        say(wrapped(reason, terminal_width(sys.stdout), 0))
