"""All distributions of the repository agree with each other, and have what a package needs."""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement

from tools.packaging.distributions import CORE, ROOT, Distribution, own_distributions

OWN = own_distributions()
LAYERKIT, *PLUGINS = OWN

every_distribution = pytest.mark.parametrize("each", OWN, ids=lambda each: each.name)
every_plugin = pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)


def test_every_directory_with_a_project_is_found() -> None:
    names = {each.directory.name for each in PLUGINS}
    assert names == {path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml")}
    assert {each.name for each in PLUGINS} == names
    assert LAYERKIT.name == CORE
    assert "layerkit-sigmoid" in names


@every_plugin
def test_versions_agree(plugin: Distribution) -> None:
    assert plugin.project.version == LAYERKIT.project.version, "run 'make version V=...'"


@every_plugin
def test_a_plugin_asks_for_a_layerkit_that_there_is(plugin: Distribution) -> None:
    needed = [Requirement(line) for line in plugin.project.dependencies]
    (layerkit,) = [each.specifier for each in needed if each.name == CORE]
    assert [bound.operator for bound in layerkit] == [">="]
    assert layerkit.contains(LAYERKIT.project.version, prereleases=True)


@every_distribution
def test_a_distribution_has_the_licence_of_the_repository(each: Distribution) -> None:
    texts = {path.name: path.read_text("utf-8") for path in each.licenses()}
    assert texts["LICENSE"] == (ROOT / "LICENSE").read_text("utf-8")


@every_distribution
def test_every_licence_file_in_the_directory_goes_into_the_wheel(each: Distribution) -> None:
    assert each.licenses() == sorted(each.directory.glob("LICENSE*"))


@every_distribution
def test_type_checkers_are_told_that_there_are_types(each: Distribution) -> None:
    assert (each.package / "py.typed").is_file()


@every_distribution
def test_a_distribution_has_a_page_to_show(each: Distribution) -> None:
    assert each.project.readme == "README.md"
    assert each.readme.read_text("utf-8").lower().startswith(f"# {each.name}\n")


@every_distribution
def test_urls_come_from_the_makefile_alone(each: Distribution) -> None:
    assert each.project.urls == {}
