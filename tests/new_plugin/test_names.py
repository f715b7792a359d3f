from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from layerkit.contracts.layer import LAYERS
from layerkit.errors import UsageError
from layerkit.new_plugin.names import PluginNames, plugin_names
from layerkit.registry import Registry

TANH = EntryPoint("tanh", "layerkit.builtin.tanh:Tanh", "layerkit.layers")
LOSS = EntryPoint("swish", "elsewhere:Swish", "layerkit.losses")


def names(distribution: str, component: str | None = None, *used: str) -> PluginNames:
    return plugin_names(distribution, component, LAYERS, Registry([TANH, LOSS]), used)


def test_the_component_is_called_as_the_distribution_without_its_prefix() -> None:
    found = names("layerkit-hard-swish2")
    assert (found.component, found.class_name) == ("hard_swish2", "HardSwish2")
    assert (found.package, found.module) == (
        "layerkit_hard_swish2",
        "layerkit_hard_swish2.hard_swish2",
    )
    assert names("acme-swish").component == "acme_swish"


def test_the_component_may_have_another_name() -> None:
    found = names("acme-things", "swish")
    assert (found.package, found.component, found.class_name) == ("acme_things", "swish", "Swish")


@pytest.mark.parametrize("component", ["shape", "value_error", "none", "layer"])
def test_a_class_hides_nothing_that_its_module_uses(component: str) -> None:
    word = "".join(part.capitalize() for part in component.split("_"))
    found = names("acme-things", component, "Shape", "LayerConfig")
    assert (found.component, found.class_name) == (component, f"My{word}")


@pytest.mark.parametrize(
    ("distribution", "message"),
    [
        ("Layerkit_Swish", "found 'Layerkit_Swish'; did you mean 'layerkit-swish'?"),
        ("layerkit--swish", "did you mean 'layerkit-swish'?"),
        ("", "found ''"),
        ("3d", "found '3d'"),
        ("a/../b", "found 'a/../b'; did you mean 'a-b'?"),
        ("schön", "found 'schön'"),
        ("a" * 51, "50 characters at most"),
        ("lambda", "found 'lambda', a word of its own; take 'layerkit-lambda'"),
        ("layerkit", "a distribution 'layerkit' is installed already"),
        ("layerkit-relu", "a distribution 'layerkit-relu' is installed already"),
        ("json", "Python has a module 'json' already"),
        ("layerkit-tanh", "there is a layer 'tanh' already, of ? ?; choose another name with"),
        ("layerkit-3d", "found '3d'; choose one with --component"),
        ("layerkit-if", "found 'if', a word of Python's own; choose another with --component"),
        ("a" * 27, "26 characters at most"),
    ],
)
def test_a_name_that_cannot_be_is_refused(distribution: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        names(distribution)
    assert message in str(refused.value)


@pytest.mark.parametrize("component", ["Swish", "hard-swish", "hard__swish", "_swish", "é", ""])
def test_a_component_has_a_name_of_words_and_underscores(component: str) -> None:
    with pytest.raises(UsageError, match=r"found '.*'; choose one with --component"):
        names("acme-things", component)


def test_a_name_of_another_kind_is_free() -> None:
    assert names("layerkit-swish").component == "swish"
