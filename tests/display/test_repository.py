from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.display.repository import in_repository, repository_root


def test_the_root_is_the_nearest_directory_above_with_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub" / "specs").mkdir(parents=True)
    assert repository_root(tmp_path / "sub" / "specs" / "x.toml") == tmp_path
    (tmp_path / "sub" / ".git").write_text("gitdir: ../.git/modules/sub\n")
    monkeypatch.chdir(tmp_path / "sub")
    assert repository_root(Path("specs/x.toml")) == tmp_path / "sub"


def test_paths_are_relative_to_the_root_with_slashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "specs").mkdir()
    monkeypatch.chdir(tmp_path / "specs")
    assert in_repository(Path("x.toml"), tmp_path) == "specs/x.toml"
    assert in_repository(Path("../specs/x.toml"), tmp_path) == "specs/x.toml"
    assert in_repository(tmp_path / "y.toml", tmp_path) == "y.toml"
    assert in_repository(Path("/elsewhere/x.toml"), tmp_path) is None
    assert in_repository(Path("../../x.toml"), tmp_path) is None
