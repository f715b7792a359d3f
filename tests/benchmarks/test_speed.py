from __future__ import annotations

import pytest

from benchmarks.contenders import LAYERKIT, TORCH
from benchmarks.parts.speed import goals_grid
from benchmarks.spread import Spread

from .made_up import raced


def test_ratios_are_those_of_the_same_round() -> None:
    assert raced().against(LAYERKIT, TORCH) == Spread(median=0.4, low=0.4, high=0.45)


def test_times_are_of_a_step() -> None:
    assert raced().microseconds(LAYERKIT).median == pytest.approx(5000)


def test_the_table_begins_with_the_quickest_and_ends_with_what_did_not_run() -> None:
    (grid,) = raced().grids()
    assert [row[0] for row in grid.rows] == ["GEMM floor, NumPy", "layerkit", "torch", "jax"]
    assert grid.rows[-1][1].startswith("did not run: ModuleNotFoundError")


def test_a_goal_is_met_when_the_median_is_not_above_it() -> None:
    ((_, of_torch, _, met_torch, of_floor, _, met_floor),) = goals_grid({"W1": raced()}).rows
    assert (of_torch, met_torch) == ("0.40 (0.40 to 0.45)", "yes")
    assert (of_floor, met_floor) == ("2.00 (2.00 to 2.25)", "no")
