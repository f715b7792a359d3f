"""``layerkit plugins``: every component that is installed, tried out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from functools import partial
from itertools import zip_longest

from typing_extensions import TypeIs

from layerkit.cli.output import say, say_heading, terminal_width, wrapped
from layerkit.cli.tables import show
from layerkit.component import Config, Registration
from layerkit.contracts.kinds import KINDS
from layerkit.display.tables import new_table
from layerkit.errors import PluginError, UsageError
from layerkit.formats.json_text import json_text
from layerkit.kernels import check_kernel
from layerkit.problems import did_you_mean
from layerkit.registry import KERNEL_GROUP, OTHER_GROUPS, Registry, installed
from layerkit.schema.docstrings import documentation

_WIDEST_NAME = 20
"""Of the names that summaries stand beside; those of longer ones stand below."""


@dataclass(frozen=True, slots=True)
class ListedComponent:
    """One registered component.

    Attributes
    ----------
    kind, name
        Such as ``layer`` and ``dense``.
    type
        What a spec says to mean it: its name, with its distribution where that is needed.
    distribution, version
        The distribution that registers it.
    target
        Module and class that it leads to.
    loads
        Whether a spec can use it.
    reason
        Why not, if so.
    summary
        The first paragraph of its docstring; empty where it does not load.
    """

    kind: str
    name: str
    type: str
    distribution: str
    version: str
    target: str
    loads: bool
    reason: str | None
    summary: str = ""

    @property
    def full_name(self) -> str:
        """The name with the distribution in front."""
        return Registration("", self.name, self.distribution, "", "").full_name

    def has(self, words: Iterable[str]) -> bool:
        """Tell whether all words are in its name, kind or docstring; case does not count."""
        text = f"{self.full_name} {self.kind} {self.summary}".lower()
        return all(word.lower() in text for word in words)


def list_plugins(
    words: Sequence[str], kind: str | None, distribution: str | None, *, as_json: bool
) -> int:
    """Print the components that are asked for.

    Raises
    ------
    UsageError
        If nothing is of that kind or from that distribution, or has the words.
    """
    entries = list_components()
    if kind is not None:
        kind = kind.replace("_", " ")
        entries = _among(entries, kind, [entry.kind for entry in entries], "kind")
    if distribution is not None:
        entries = _among(
            entries, distribution, [entry.distribution for entry in entries], "distribution"
        )
    if words:
        entries = [entry for entry in entries if entry.has(words)]
        if not entries:
            raise UsageError(
                f"no component has {' and '.join(map(repr, words))} in its name, kind or summary"
            )
    if as_json:
        show_json(entries)
    else:
        show_table(entries)
    return 0


def _among(
    entries: Sequence[ListedComponent], wanted: str, found: Sequence[str], what: str
) -> list[ListedComponent]:
    """Return the entries for which a kind or a distribution is the one that is wanted."""
    chosen = [entry for entry, name in zip(entries, found, strict=True) if name == wanted]
    if not chosen:
        names = [*dict.fromkeys(found)]
        hint = did_you_mean(wanted, names) or f"there are {', '.join(names)}"
        raise UsageError(f"no component of {what} '{wanted}' is installed ({hint})")
    return chosen


def list_components(registry: Registry | None = None) -> list[ListedComponent]:
    """Return all components in the order of kinds and names, then kernels; collisions twice."""
    registry = registry or installed()
    entries = [
        _entry(
            kind.noun,
            each,
            registry,
            *_loaded(partial(registry.load, kind, registry.spelling(each))),
        )
        for kind in KINDS
        for each in registry.registrations(kind)
    ]
    entries += [
        _entry("kernel", each, registry, *_loaded(partial(check_kernel, registry, each.name)))
        for each in registry.registered_in(KERNEL_GROUP)
    ]
    groups = [*(kind.group for kind in KINDS), *OTHER_GROUPS]
    for found in registry.unmatched(KINDS):
        expected = did_you_mean(found.group, groups) or f"groups are {', '.join(groups)}"
        reason = f"'{found.name}' of {found.distribution}: no group '{found.group}'; {expected}"
        entries.append(_entry(found.group, found, registry, reason))
    return entries


def _loaded(load: Callable[[], object]) -> tuple[str | None, str]:
    """Return why something does not load, None if it does, and what its docstring says."""
    try:
        # What a plugin prints while it loads must not end up in the list.
        with redirect_stdout(sys.stderr):
            found = load()
    except PluginError as error:
        return str(error), ""
    return None, documentation(found).summary if _is_config(found) else ""


def _is_config(found: object) -> TypeIs[type[Config]]:
    return isinstance(found, type) and issubclass(found, Config)


def _entry(
    kind: str,
    registration: Registration,
    registry: Registry,
    reason: str | None,
    summary: str = "",
) -> ListedComponent:
    return ListedComponent(
        kind,
        registration.name,
        registry.spelling(registration),
        registration.distribution,
        registration.version,
        registration.target,
        reason is None,
        reason,
        summary,
    )


def show_json(entries: Sequence[ListedComponent]) -> None:
    """Print entries for other programs."""
    say(json_text([asdict(entry) for entry in entries], indent=2))


def show_table(entries: Sequence[ListedComponent]) -> None:
    """Print entries, and below them why some do not load.

    In a terminal, what entries have in common is a heading; elsewhere every entry is a line that
    says all, so that it can be searched for.
    """
    width = terminal_width(sys.stdout)
    if width is None:
        _show_lines(entries)
    else:
        _show_groups(entries, width)
    for reason in dict.fromkeys(entry.reason for entry in entries if entry.reason):
        say("")
        say(wrapped(reason, width, 0))


def _show_lines(entries: Sequence[ListedComponent]) -> None:
    headings = ("kind", "name", "distribution", "version", "loads", "summary")
    table = new_table(dict.fromkeys(headings, ""), wraps=("summary",))
    for entry, after in zip_longest(entries, entries[1:]):
        table.add_row(
            entry.kind,
            entry.type,
            entry.distribution,
            entry.version,
            "yes" if entry.loads else "no",
            entry.summary,
            end_section=after is not None and after.kind != entry.kind,
        )
    show(table)


def _show_groups(entries: Sequence[ListedComponent], width: int) -> None:
    """Print a list for every kind and distribution; kinds stay in their order."""
    groups: dict[tuple[str, str, str], list[ListedComponent]] = {}
    for entry in entries:
        key = (entry.kind, entry.distribution, entry.version)
        groups.setdefault(key, []).append(entry)
    kinds = [*dict.fromkeys(entry.kind for entry in entries)]
    ordered = sorted(groups, key=lambda key: (kinds.index(key[0]), *key))
    for number, (kind, distribution, version) in enumerate(ordered):
        found = groups[kind, distribution, version]
        if number:
            say("")
        say_heading(f"{kind}, from {distribution} {version} ({len(found)})")
        indent = min(max(len(entry.name) for entry in found), _WIDEST_NAME) + 4
        for entry in found:
            text = entry.summary if entry.loads else "does not load: see below"
            lines = wrapped(text, width, indent)
            if len(entry.name) > _WIDEST_NAME:
                say(f"  {entry.name}")
                say(f"{'':<{indent}}{lines}")
            else:
                say(f"  {entry.name:<{indent - 2}}{lines}".rstrip())
    if len(groups) > 1:
        say("")
        advice = "words, --kind and --from list fewer; 'layerkit plugins show NAME' shows one"
        say(wrapped(f"{len(entries)} components; {advice}", width, 0))
