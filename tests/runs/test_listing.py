from __future__ import annotations

import os
from pathlib import Path

import pytest

from layerkit.errors import FileError
from layerkit.runs.listing import NoRun, find_runs
from layerkit.runs.results import RunResults
from layerkit.runs.run import run
from tests.helpers.manifests import change
from tests.helpers.specs import TINY, small_spec


def make(directory: Path, started: str = "2026-01-01T00:00:00+00:00") -> Path:
    run(small_spec("training.epochs=1", text=TINY), directory)
    change(directory, started=started)
    return directory


def names(found: list[RunResults | NoRun], root: Path) -> list[str]:
    return [str(each.directory.relative_to(root)) for each in found]


def test_runs_are_found_levels_deep_and_sorted_by_their_start(tmp_path: Path) -> None:
    make(tmp_path / "old", "2025-01-01T00:00:00+00:00")
    make(tmp_path / "series" / "fold-01")
    make(tmp_path / "above" / "series" / "fold-02", "2026-05-01T00:00:00+00:00")
    found = find_runs([tmp_path])
    assert names(found, tmp_path) == ["above/series/fold-02", "series/fold-01", "old"]
    assert find_runs([tmp_path, tmp_path / "old"]) == found
    assert names(find_runs([tmp_path / "old"]), tmp_path) == ["old"]


def test_what_is_no_run_comes_last_with_the_reason(tmp_path: Path) -> None:
    make(tmp_path / "whole")
    broken = make(tmp_path / "broken")
    (broken / "manifest.json").write_text("{")
    (tmp_path / "foreign" / "deep").mkdir(parents=True)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ".hidden").mkdir()
    whole, *others = find_runs([tmp_path])
    assert isinstance(whole, RunResults)
    reasons = [each.reason for each in others if isinstance(each, NoRun)]
    assert names([*others], tmp_path) == ["broken", "foreign"]
    assert reasons[0].startswith(f"{broken / 'manifest.json'}: no valid JSON")
    assert reasons[1] == f"{tmp_path / 'foreign'}: expected the manifest.json of a run, found none"


def test_by_default_runs_are_below_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_runs() == []
    make(Path("runs") / "one")
    assert names(find_runs(), Path("runs")) == ["one"]


def test_a_place_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="missing: cannot be read: No such file"):
        find_runs([tmp_path / "missing"])
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="file: cannot be read: Not a directory"):
        find_runs([tmp_path / "file"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_directory_below_that_may_not_be_read_is_none_of_a_run(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    assert names(find_runs([tmp_path]), tmp_path) == ["closed"]
