from __future__ import annotations

import re
from pathlib import Path

from benchmarks.machine import measured_now, this_machine


def test_the_machine_is_named_by_its_kind_alone() -> None:
    machine = this_machine()
    assert machine.processor
    assert machine.cores >= 1
    assert str(Path.home()) not in machine.model_dump_json()


def test_the_versions_are_of_what_is_installed() -> None:
    assert {"layerkit", "numpy"} <= this_machine().versions.keys()


def test_the_blas_is_named_with_its_kernels() -> None:
    assert re.fullmatch(r"\w+ \S+ \(.+\)|unknown to threadpoolctl", this_machine().blas)


def test_how_busy_the_machine_is_is_a_share() -> None:
    busy = measured_now().busy
    assert busy is None or 0 <= busy <= 1
