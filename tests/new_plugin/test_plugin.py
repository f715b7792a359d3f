from __future__ import annotations

import re
import tomllib
from importlib.metadata import requires

import pytest

from layerkit.new_plugin.kinds import PLUGIN_KINDS, PluginKind, plugin_kind
from layerkit.new_plugin.names import PluginNames
from layerkit.new_plugin.plugin import plugin_files, template_names
from layerkit.registry import CONTRACT_VERSION
from tools.packaging.distributions import own_distributions

SWISH = PluginNames("acme-things", "swish", "Swish")
every_kind = pytest.mark.parametrize("kind", PLUGIN_KINDS, ids=lambda kind: kind.noun)


@every_kind
def test_a_plugin_is_complete_and_registers_its_component(kind: PluginKind) -> None:
    files = plugin_files(SWISH, kind)
    assert [*files] == [
        "pyproject.toml",
        "README.md",
        "example.toml",
        "acme_things/__init__.py",
        "acme_things/swish.py",
        "acme_things/py.typed",
        "tests/test_swish.py",
        "tests/test_swish_components.py",
    ]
    assert not [path for path, text in files.items() if "placeholder" in text.lower()]
    points = tomllib.loads(files["pyproject.toml"])["project"]["entry-points"]
    assert points == {
        "layerkit.contract": {str(CONTRACT_VERSION): "layerkit.plugin"},
        kind.kind.group: {"swish": "acme_things.swish:Swish"},
    }
    use = files["README.md"].partition("```toml\n")[2].partition("```")[0]
    assert use in files["example.toml"]
    summary = files["README.md"].split("\n\n")[2]
    assert re.match("[A-Z][a-z]+ ", summary)  # words come before the formula
    assert tomllib.loads(use) != {}


def test_a_plugin_needs_what_it_imports_as_layerkit_needs_it() -> None:
    own = own_distributions()[0].project
    of_layerkit = {each for each in requires("layerkit") or () if "extra" not in each}
    for noun, packages in (("loss", ["numpy"]), ("schedule", ["annotated-types"])):
        project = tomllib.loads(plugin_files(SWISH, plugin_kind(noun))["pyproject.toml"])["project"]
        needed = {*project["dependencies"]}
        assert f"layerkit>={own.version}" in needed
        assert needed & of_layerkit == needed - {f"layerkit>={own.version}"}
        assert sorted(each.partition(">=")[0] for each in needed) == sorted(["layerkit", *packages])


def test_names_that_a_template_uses_are_told() -> None:
    names = template_names(plugin_kind("layer"))
    assert {"Shape", "LayerConfig", "ShapeError", "np", "pytest"} <= names
