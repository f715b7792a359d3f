"""What the package index and installers read."""

from __future__ import annotations

from importlib.metadata import Distribution as Installed
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tools.packaging.distributions import Distribution
from tools.packaging.links import links_in, relative_links

from .built import OWN, Environment, every_distribution


@pytest.fixture(scope="session")
def found(environment: Environment) -> dict[str, Installed]:
    """Return what the new environment has installed."""
    there = distributions(path=[str(environment.site_packages())])
    return {each.name: each for each in there}


def urls(installed: Installed) -> dict[str, str]:
    lines = installed.metadata.get_all("Project-URL") or []
    return dict(line.split(", ", 1) for line in lines)


@every_distribution
def test_files_for_type_checkers_and_lawyers_are_installed(
    each: Distribution, found: dict[str, Installed]
) -> None:
    installed = found[each.name]
    texts = {path.name: path.read_text("utf-8") for path in each.licenses()}
    assert installed.metadata.get_all("License-File") == list(texts)
    there = {path.name: path for path in installed.files or ()}
    assert {"py.typed", *texts} <= there.keys()
    assert {name: there[name].read_text("utf-8") for name in texts} == texts
    assert Path(str(there["py.typed"].locate())).is_file()


@every_distribution
def test_urls_are_told(each: Distribution, found: dict[str, Installed]) -> None:
    told = urls(found[each.name])
    assert told.keys() == {"Homepage", "Repository", "Changelog", "Issues"}
    assert all(url.startswith(told["Homepage"]) for url in told.values())


def test_all_distributions_come_from_one_repository(found: dict[str, Installed]) -> None:
    assert len({urls(found[each.name])["Repository"] for each in OWN}) == 1


@every_distribution
def test_links_of_the_page_work_outside_the_repository(
    each: Distribution, found: dict[str, Installed]
) -> None:
    metadata = found[each.name].metadata
    assert metadata["Description-Content-Type"] == "text/markdown"
    page = metadata["Description"]
    assert relative_links(page) == []
    assert len(links_in(page)) == len(links_in(each.readme.read_text("utf-8")))
