from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tools.packaging.distributions import Distribution, Project
from tools.packaging.staging import stage

HOME = "https://example.org/repository"
PYPROJECT = """
[project]
name = "the-one"
version = "1.2"
readme = "README.md"
license-files = ["LICENSE*"]

[project.entry-points."layerkit.layers"]
one = "the_one:One"
"""
FILES = {
    "pyproject.toml": PYPROJECT,
    "README.md": "[Layerkit](../../README.md)\n",
    "LICENSE": "Yours.\n",
    "LICENSE-DATA": "Not yours.\n",
    "the_one/__init__.py": "",
    "the_one/data/digits.gz": "",
    "the_one/__pycache__/stale.pyc": "",
    "tests/test_it.py": "",
}


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Distribution:
    """Return a distribution in a repository of its own."""
    monkeypatch.setattr("tools.packaging.staging.ROOT", tmp_path)
    directory = tmp_path / "plugins" / "the-one"
    for name, text in FILES.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    return Distribution(directory, Project.model_validate(tomllib.loads(PYPROJECT)["project"]))


@pytest.fixture
def into(tmp_path: Path) -> Path:
    (tmp_path / "into").mkdir()
    return tmp_path / "into"


def test_a_copy_has_all_that_a_distribution_is_made_of_and_no_more(
    one: Distribution, into: Path
) -> None:
    copy = stage(one, HOME, into)
    copied = {str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file()}
    assert copied == FILES.keys() - {"the_one/__pycache__/stale.pyc", "tests/test_it.py"}


def test_a_page_leads_to_the_files_of_its_version(one: Distribution, into: Path) -> None:
    page = stage(one, HOME, into) / "README.md"
    assert page.read_text() == f"[Layerkit]({HOME}/blob/v1.2/README.md)\n"


def test_the_project_table_is_the_same_but_for_the_urls(one: Distribution, into: Path) -> None:
    staged = (stage(one, HOME, into) / "pyproject.toml").read_text()
    project = tomllib.loads(PYPROJECT)["project"]
    assert tomllib.loads(staged) == {
        "project": {
            **project,
            "urls": {
                "Homepage": HOME,
                "Repository": HOME,
                "Changelog": f"{HOME}/blob/HEAD/CHANGELOG.md",
                "Issues": f"{HOME}/issues",
            },
        }
    }


def test_a_link_that_stays_relative_stops_the_release(one: Distribution, into: Path) -> None:
    one.readme.write_text('<a href="other.md">other</a>\n')
    with pytest.raises(ValueError, match=r"plugins/the-one/README.md: write these .*: other.md"):
        stage(one, HOME, into)
