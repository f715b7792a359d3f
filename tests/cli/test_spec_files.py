from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from layerkit.cli.spec_files import spec_files
from tests.helpers.specs import PLAIN

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "below").mkdir()
    for name in ("a.toml", "b.toml", "below/c.toml"):
        (tmp_path / name).write_text(PLAIN)
    return tmp_path


def meant(*asked: str) -> list[str]:
    return [each.as_posix() for each in map(_path, spec_files(map(Path, asked)))]


def _path(found: object) -> Path:
    assert isinstance(found, Path), found
    return found


def errors(*asked: str) -> list[str]:
    return [str(each) for each in spec_files(map(Path, asked)) if not isinstance(each, Path)]


@pytest.mark.usefixtures("tree")
def test_a_pattern_means_the_files_that_match() -> None:
    assert meant("*.toml") == ["a.toml", "b.toml"]
    assert meant("**/*.toml") == ["a.toml", "b.toml", "below/c.toml"]
    assert meant("[ab].toml", "b*") == ["a.toml", "b.toml"]


@pytest.mark.usefixtures("tree")
def test_files_by_name_stay_as_they_were_asked_for() -> None:
    assert meant("b.toml", "absent.toml", "b.toml") == ["b.toml", "absent.toml", "b.toml"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tree: Path) -> None:
    (tree / "[ab].toml").write_text(PLAIN)
    assert meant("[ab].toml") == ["[ab].toml"]


def test_a_directory_means_the_specs_in_it(tree: Path) -> None:
    (tree / "pyproject.toml").write_text('[project.entry-points."layerkit.layers"]\nloss = "x"\n')
    (tree / "package.json").write_text('{"name": "x", "data": {"loss": 1}}')
    (tree / "notes.txt").write_text(PLAIN)
    (tree / "misspelt.toml").write_text(PLAIN.replace("loss", "los"))
    (tree / "cut.toml").write_text(PLAIN[:-30])
    (tree / "tables.toml").write_text('[[layers]]\ntype = "tanh"\n[loss]\n')
    (tree / "one_line.json").write_text('{"layers": ["tanh"], "loss": "squared_error"}')
    names = ["a.toml", "b.toml", "cut.toml", "misspelt.toml", "one_line.json", "tables.toml"]
    assert meant(".") == names


def test_every_shipped_spec_is_found_in_its_directory(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    found = [*map(_path, spec_files([tmp_path / "specs"]))]
    assert found == sorted((tmp_path / "specs").glob("*.*"))


@pytest.mark.usefixtures("tree")
def test_what_means_no_file_is_an_error() -> None:
    assert errors("x*.toml") == ["x*.toml: expected specs that match, found none"]
    Path("empty").mkdir()
    assert errors("empty") == ["empty: expected a directory with specs, found none"]
