from __future__ import annotations

import ast

import pytest

from layerkit.new_plugin.kinds import PLUGIN_KINDS, PluginKind
from layerkit.new_plugin.names import PluginNames
from layerkit.new_plugin.source import LONGEST_LINE, names_used, packages_imported, source

SWISH = PluginNames("acme-things", "swish", "Swish")
LONGEST = PluginNames("a" * 50, "b" * 26, "B" + "b" * 25)


def test_placeholders_get_the_names_of_the_plugin() -> None:
    text = source("activation", SWISH)
    assert "class SwishConfig(ActivationConfig):" in text
    assert 'type: Literal["swish"] = "swish"' in text
    assert "class Swish(Activation[SwishConfig]):" in text
    assert "placeholder" not in text.lower()


def test_layerkit_is_one_package_of_others_there_and_the_plugin_comes_last() -> None:
    assert source("test_activation", SWISH).startswith(
        "from __future__ import annotations\n"
        "\n"
        "import numpy as np\n"
        "import pytest\n"
        "from layerkit.testing import curve\n"
        "\n"
        "from acme_things.swish import SwishConfig\n"
        "\n\n"
    )


@pytest.mark.parametrize("prefix", ["", "test_"])
@pytest.mark.parametrize("kind", PLUGIN_KINDS, ids=lambda kind: kind.noun)
def test_lines_with_long_names_are_wrapped(kind: PluginKind, prefix: str) -> None:
    text = source(f"{prefix}{kind.template}", LONGEST)
    ast.parse(text)
    long = [line for line in text.splitlines() if len(line) > LONGEST_LINE]
    assert all(line.startswith("from ") for line in long)  # a path cannot be broken


def test_names_that_a_module_uses_are_those_imported_assigned_and_read() -> None:
    text = "import a.b as c\nfrom d import E\n\n\nclass F:\n    g: H = int(1)\n"
    assert names_used(text) == {"c", "E", "g", "H", "int"}
    assert packages_imported(text) == {"a", "d"}
