from __future__ import annotations

import os
from pathlib import Path

from layerkit.machine import memory_size


def physical() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def test_without_control_groups_it_is_the_memory_of_the_machine(tmp_path: Path) -> None:
    assert memory_size(tmp_path / "none", tmp_path) == physical()
    assert 0 < memory_size() <= physical()


def test_the_lowest_limit_of_the_groups_around_the_process_counts(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "self").write_text("0::/a/b\n")
    (tmp_path / "a" / "b" / "memory.max").write_text("max\n")
    assert memory_size(tmp_path / "self", tmp_path) == physical()
    (tmp_path / "a" / "memory.max").write_text("2000000\n")
    assert memory_size(tmp_path / "self", tmp_path) == 2_000_000
    (tmp_path / "a" / "b" / "memory.max").write_text("1000000\n")
    assert memory_size(tmp_path / "self", tmp_path) == 1_000_000


def test_in_a_container_the_limit_is_at_the_root(tmp_path: Path) -> None:
    (tmp_path / "self").write_text("0::/system.slice/of-the-host\n")
    (tmp_path / "memory.max").write_text("3000000\n")
    assert memory_size(tmp_path / "self", tmp_path) == 3_000_000


def test_control_groups_of_version_1_count_too(tmp_path: Path) -> None:
    (tmp_path / "memory" / "job").mkdir(parents=True)
    (tmp_path / "self").write_text("9:cpu,cpuacct:/job\n4:memory:/job\n")
    (tmp_path / "memory" / "job" / "memory.limit_in_bytes").write_text("4000000\n")
    assert memory_size(tmp_path / "self", tmp_path) == 4_000_000
