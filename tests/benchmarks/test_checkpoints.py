from __future__ import annotations

import pytest

from benchmarks.parts.checkpoints import DEFAULT, NONE, POLICIES, Checkpoints
from layerkit.spec.loading import load_spec

from .made_up import MEASURED


def test_the_default_policy_is_held_to_its_goal_by_the_median_of_paired_ratios() -> None:
    seconds = {NONE: [10.0, 20.0, 10.0], DEFAULT: [10.1, 20.2, 30.0]}
    (grid,) = Checkpoints(measured=MEASURED, seconds=seconds).grids()
    assert [row[2:] for row in grid.rows] == [
        ["1.000 (1.000 to 1.000)", "", ""],
        ["1.010 (1.010 to 2.005)", "≤ 1.02", "yes"],
    ]


@pytest.mark.parametrize("policy", POLICIES.values(), ids=[*POLICIES])
def test_every_policy_can_be_set_in_the_main_job(policy: list[str]) -> None:
    load_spec("specs/mnist_tanh_dropout.toml", policy)
