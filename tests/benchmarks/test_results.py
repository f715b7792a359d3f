from __future__ import annotations

from pathlib import Path

from benchmarks.results import read

from .made_up import results


def test_results_come_back_as_they_were_written(tmp_path: Path) -> None:
    results().write(tmp_path / "results.json")
    assert read(tmp_path / "results.json") == results()
