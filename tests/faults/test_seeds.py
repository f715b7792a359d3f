"""Whether the fault tests find faults that are put into Layerkit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.checks import first_mistake, overlay
from tests.faults.counts import Counts
from tests.faults.seeds import NOT_FOUND, SAMPLE, SEEDS, Seed
from tests.faults.workshop import ROOT, working

PACKAGE = ROOT / "layerkit"
SHARE = 0.95
"""What part of the seeded faults must be found."""


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: str(seed.name))
def test_a_fault_in_our_own_code_is_found(
    seed: Seed, tmp_path: Path, counts: Counts, *, is_long: bool
) -> None:
    directory = overlay(PACKAGE, tmp_path / "package")
    seed.sow(directory / "layerkit")
    if not is_long and seed.name not in SAMPLE:
        pytest.skip("the long form tries it")
    workshop = tmp_path / "workshop"
    workshop.mkdir()
    with working(workshop, directory) as started:
        found = first_mistake(started, seed.check)
    counts.found(seed.name, is_found=bool(found))
    assert bool(found) is (seed.name not in NOT_FOUND), found


def test_there_are_thirty_faults_and_nearly_all_are_found() -> None:
    names = {seed.name for seed in SEEDS}
    assert len(names) == len(SEEDS) >= 30
    assert names >= NOT_FOUND | SAMPLE
    assert len(NOT_FOUND) <= (1 - SHARE) * len(SEEDS)


@pytest.mark.parametrize("check", sorted({seed.check for seed in SEEDS}))
def test_without_a_fault_nothing_is_found(check: str, tmp_path: Path, *, is_long: bool) -> None:
    if not is_long:
        pytest.skip("the long form tries it")
    with working(tmp_path) as started:
        assert first_mistake(started, check) == ""
