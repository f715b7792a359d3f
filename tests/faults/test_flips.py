"""Damage to files that were whole once, such as a disk does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.counts import Counts
from tests.faults.judge import CORRUPT, UNHANDLED, Mistake
from tests.faults.scenarios import Scenarios
from tests.faults.workshop import Damages, Workshop

SHARES = 4
BODY = 2000
"""How many bits of what follows a header are flipped."""


@pytest.fixture
def finished(scenarios: dict[str, Scenarios], workshop: Workshop) -> Path:
    """Return a copy of a run directory, to be damaged."""
    played = scenarios["every 3 steps"]
    played.results(3)
    directory = workshop.path("damaged")
    shutil.copytree(played.directory / "whole-3", directory)
    return directory


def mistakes(damages: Damages) -> Iterator[Mistake]:
    for name, attempt in damages.loads.items():
        kind = CORRUPT if attempt.digest else UNHANDLED
        yield Mistake(kind, f"expected {name} to be refused: {attempt.refused or 'it loads'}")


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("kind", ["checkpoint", "weights", "best"])
def test_no_flipped_bit_of_a_file_with_arrays_loads(
    kind: str, share: int, finished: Path, workshop: Workshop, counts: Counts
) -> None:
    names = {
        "checkpoint": "checkpoints/step-000000009.safetensors",
        "weights": "model.safetensors",
        "best": "best.safetensors",
    }
    path = finished / names[kind]
    content = path.read_bytes()
    header = 8 * (8 + int.from_bytes(content[:8], "little"))
    body = 8 * len(content) - header
    what = "run" if kind == "weights" else kind
    for name, first, last, stride in (
        ("header", 0, header, 1),
        ("body", header, header + body, max(1, body // BODY)),
    ):
        where = [str(each) for each in (first + share * stride, last, SHARES * stride)]
        found = workshop.damages("flips", path, what, *where)
        counts.add(f"bit flipped, {kind}, {name}", name, mistakes(found), found.tried)
    counts.check()


@pytest.mark.parametrize("name", ["manifest.json", "spec.toml"])
def test_no_flipped_bit_of_a_text_makes_another_network_load(
    name: str, finished: Path, workshop: Workshop, counts: Counts
) -> None:
    found = workshop.damages("flips", finished / name, "run", "0", str(10**9), "1")
    counts.add(f"bit flipped, {name}", name, mistakes(found), found.tried)
    counts.check()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("checkpoints/step-000000009.safetensors", "checkpoint"),
        ("model.safetensors", "run"),
        ("best.safetensors", "best"),
        ("manifest.json", "run"),
        ("spec.toml", "run"),
    ],
)
def test_no_file_that_was_cut_short_loads(
    name: str, kind: str, finished: Path, workshop: Workshop, counts: Counts
) -> None:
    found = workshop.damages("truncations", finished / name, kind)
    counts.add("file cut short", name, mistakes(found), found.tried)
    counts.check()
