from __future__ import annotations

from pathlib import Path

import pytest

import benchmarks
from benchmarks.contenders import (
    CONTENDERS,
    FLOOR,
    LAYERKIT,
    TORCH,
    Contender,
    contenders_of,
)
from benchmarks.workloads import WORKLOADS, Workload

ROOT = Path(benchmarks.__file__).parent.parent


@pytest.mark.parametrize("contender", CONTENDERS, ids=lambda contender: contender.name)
def test_a_contender_has_a_file(contender: Contender) -> None:
    assert (ROOT / Path(*contender.module.split("."))).with_suffix(".py").exists()


@pytest.mark.parametrize("workload", WORKLOADS.values(), ids=WORKLOADS)
def test_names_are_unique_in_a_workload_and_those_compared_take_part(workload: Workload) -> None:
    names = [contender.name for contender in contenders_of(workload)]
    assert len(names) == len(set(names))
    assert {LAYERKIT, TORCH, FLOOR} <= set(names)


def test_scikit_learn_takes_part_only_where_it_can_do_the_same_work() -> None:
    able = [
        name
        for name, workload in WORKLOADS.items()
        if "scikit-learn" in {contender.name for contender in contenders_of(workload)}
    ]
    assert able == ["W1", "W2n", "W4", "I1", "I1k"]
