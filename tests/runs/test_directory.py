from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.errors import FileError
from layerkit.runs.directory import new_run_directory


def test_two_runs_in_the_same_second_do_not_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    directories = [new_run_directory("tiny") for _ in range(5)]
    assert len(set(directories)) == 5
    assert all((tmp_path / directory).is_dir() for directory in directories)


def test_a_place_where_nothing_can_be_made_is_a_file_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(FileError, match=r"runs.tiny-.* cannot be made"):
        new_run_directory("tiny")
