from __future__ import annotations

from benchmarks.contenders import LAYERKIT
from benchmarks.parts.ablations import Ablations
from benchmarks.race import Race, Times
from benchmarks.variants.table import VARIANTS

from .made_up import MEASURED


def shown(workload: str, seconds: dict[str, float], *failed: str) -> dict[str, str]:
    """Return the column of a workload whose runners took so long a turn, by row."""
    times = {name: Times(seconds=[each] * 3, threads="1") for name, each in seconds.items()}
    failures = dict.fromkeys(failed, "no")
    race = Race(times=times, failures=failures)
    (grid,) = Ablations(measured=MEASURED, races={workload: race}).grids()
    return {row[0]: row[1] for row in grid.rows}


def test_times_are_multiples_of_layerkits_own() -> None:
    found = shown("W2", {LAYERKIT: 2.0, "one thread": 3.0}, "masks from random floats")
    assert found["one thread"].startswith("1.50 ")
    assert found["masks from random floats"] == "did not run: no"
    assert found["optimizer that allocates"] == "not measured"


def test_longer_turns_count_for_what_they_do() -> None:
    (display,) = (each for each in VARIANTS if each.callback is not None)
    assert display.lengthened > 1
    found = shown("W1", {LAYERKIT: 1.0, display.name: 1.25 * display.lengthened})
    assert found[display.name].startswith("1.25 ")


def test_a_variant_of_another_workload_is_left_out() -> None:
    assert shown("W5", {LAYERKIT: 1.0})["masks from random floats"] == ""
