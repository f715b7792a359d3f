"""Runs side by side: where their specs, their figures and what they ran on differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from layerkit.runs.record import BITS_DEPEND_ON
from layerkit.runs.results import RunResults
from layerkit.values import is_list, is_table

_BESIDE = ("kernels", "data")
"""Facts of a manifest that are compared, beside those that bits depend on."""


def spec_differences(runs: Sequence[RunResults]) -> dict[str, list[object]]:
    """Return the values that differ between specs, None where one has none, by dotted path."""
    return _differing([dict(flat(run.spec)) for run in runs])


def environment_differences(runs: Sequence[RunResults]) -> dict[str, list[object]]:
    """Return what else differs that results depend on: versions, machine, threads, data."""
    names = (*BITS_DEPEND_ON, *_BESIDE)
    parts = [{name: run.manifest.get(name) for name in names} for run in runs]
    return _differing([dict(flat(part)) for part in parts])


def flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield what is in tables and lists by dotted paths; empty ones are values of their own."""
    inside: Mapping[str, object] = {}
    if is_table(value):
        inside = value
    elif is_list(value):
        inside = {str(index): each for index, each in enumerate(value)}
    if not inside:
        yield path, value
    for key, each in inside.items():
        yield from flat(each, f"{path}.{key}" if path else key)


def _differing(tables: Sequence[Mapping[str, object]]) -> dict[str, list[object]]:
    paths = dict.fromkeys(path for table in tables for path in table)
    rows = {path: [table.get(path) for table in tables] for path in paths}
    return {path: row for path, row in rows.items() if any(each != row[0] for each in row)}
