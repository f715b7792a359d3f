"""Findings about rows that are there twice."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

from layerkit.arrays import Inputs, Labels, Targets
from layerkit.display.format import count
from layerkit.engine.data import Part
from layerkit.findings.codes import (
    CONTRADICTIONS,
    DUPLICATES,
    DUPLICATES_ACROSS,
    Check,
    Finding,
)
from layerkit.findings.parts import DataParts, inputs_of, stretches, targets_of


def row_findings(data: DataParts) -> Iterator[Finding]:
    """Yield what is found about rows that have the same inputs."""
    inputs = {name: [*_keys(part, inputs_of)] for name, part in data.named.items()}
    targets = {name: [*_keys(part, targets_of)] for name, part in data.named.items()}
    for name, keys in inputs.items():
        both = [*zip(keys, targets[name], strict=True)]
        yield from _again(DUPLICATES, data, name, name, both, _first({}, both))
    train = _first({}, inputs["train"])
    for name, keys in inputs.items():
        if name != "train":
            yield from _again(DUPLICATES_ACROSS, data, name, "train", keys, train)
    yield from _contradictions(data, inputs, targets)


def _keys(part: Part, read: Callable[[Part, Labels], Inputs | Targets]) -> Iterator[Hashable]:
    """Yield what two rows have in common if they are the same: 64 bits of their bytes."""
    for rows in stretches(part):
        for row in read(part, rows) + 0:  # no row has a zero below 0 any more
            yield hash(row.tobytes())


def _first(seen: dict[Hashable, int], keys: Sequence[Hashable]) -> dict[Hashable, int]:
    for row, key in enumerate(keys):
        seen.setdefault(key, row)
    return seen


def _again(
    check: Check,
    data: DataParts,
    name: str,
    of: str,
    keys: Sequence[Hashable],
    first: Mapping[Hashable, int],
) -> Iterator[Finding]:
    """Yield one finding for the rows of a part that are the same as earlier ones."""
    is_own = name == of
    rows = [
        row for row, key in enumerate(keys) if key in first and not (is_own and first[key] == row)
    ]
    if rows:
        other = data.place(of, first[keys[rows[0]]])
        share = f"{len(rows):,} of {count(len(keys), f'{name} row')} ({len(rows) / len(keys):.1%})"
        yield Finding(check, data.place(name, rows[0]), f"the same as {other}; in all, {share}")


def _contradictions(
    data: DataParts,
    inputs: Mapping[str, Sequence[Hashable]],
    targets: Mapping[str, Sequence[Hashable]],
) -> Iterator[Finding]:
    first: dict[Hashable, tuple[str, int]] = {}
    found: list[tuple[str, int, str, int]] = []
    for name, keys in inputs.items():
        for row, key in enumerate(keys):
            other, at = first.setdefault(key, (name, row))
            if targets[other][at] != targets[name][row]:
                found.append((name, row, other, at))
    if found:
        name, row, other, at = found[0]
        rows = sum(map(len, inputs.values()))
        yield Finding(
            CONTRADICTIONS,
            data.place(name, row),
            f"another target than {data.place(other, at)}, for the same inputs; in all, "
            f"{len(found):,} of {count(rows, 'row')} ({len(found) / rows:.1%})",
        )
