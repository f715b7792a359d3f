"""A copy of a distribution with what only a release needs: project URLs, and absolute links."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath

from tools.packaging.distributions import ROOT, Distribution
from tools.packaging.links import absolute_links, relative_links

NOT_CODE = shutil.ignore_patterns("__pycache__", "*.pyc")


def stage(distribution: Distribution, repository: str, into: Path) -> Path:
    """Copy all that a distribution is made of, complete it, and return where the copy is.

    Links of its README lead to the tag of its version: the index keeps the page of a release for
    good, while files on a branch move.

    Raises
    ------
    ValueError
        If a link of the README cannot be made absolute.
    """
    copy = into / distribution.name
    copy.mkdir()
    shutil.copytree(distribution.package, copy / distribution.package.name, ignore=NOT_CODE)
    for license_file in distribution.licenses():
        shutil.copy2(license_file, copy)
    pyproject = (distribution.directory / "pyproject.toml").read_text("utf-8")
    (copy / "pyproject.toml").write_text(f"{pyproject}\n{urls(repository)}", "utf-8")
    page = PurePosixPath(distribution.readme.relative_to(ROOT))
    text = distribution.readme.read_text("utf-8")
    text = absolute_links(text, page, repository, f"v{distribution.project.version}")
    if strangers := relative_links(text):
        raise ValueError(f"{page}: write these as [text](target): {', '.join(strangers)}")
    (copy / page.name).write_text(text, "utf-8")
    return copy


def urls(repository: str) -> str:
    """Return the table of URLs, which a ``pyproject.toml`` cannot compute by itself."""
    return f"""[project.urls]
Homepage = "{repository}"
Repository = "{repository}"
Changelog = "{repository}/blob/HEAD/CHANGELOG.md"
Issues = "{repository}/issues"
"""
