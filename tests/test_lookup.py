"""The modules with the configs of a kind: ``layerkit.layers`` and so on."""

from __future__ import annotations

import re
from ast import literal_eval
from importlib import import_module
from types import ModuleType

import pytest

import layerkit
from layerkit.component import Config, Kind
from layerkit.contracts.kinds import KINDS
from layerkit.elsewhere import folded
from layerkit.registry import installed


def module_of(kind: Kind[Config]) -> ModuleType:
    return import_module(kind.group)


BUILT_IN = [
    (kind, each.name)
    for kind in KINDS
    for each in installed().registrations(kind)
    if each.distribution == "layerkit"
]


@pytest.mark.parametrize(("kind", "name"), BUILT_IN, ids=str)
def test_every_built_in_config_is_written_down_in_the_module_of_its_kind(
    kind: Kind[Config], name: str
) -> None:
    module = module_of(kind)
    (static,) = [each for each in module.__all__ if folded(each) == folded(name)]
    assert vars(module)[static] is installed().load(kind, name)


def test_there_are_many_and_every_kind_is_an_attribute_of_layerkit() -> None:
    assert len(BUILT_IN) > 50
    for kind in KINDS:
        name = kind.group.rpartition(".")[2]
        assert getattr(layerkit, name) is module_of(kind)
        assert name in dir(layerkit)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_the_example_in_the_docstring_of_a_module_is_right(kind: Kind[Config]) -> None:
    found = re.search(r"``(\w+)\.(\w+)\((?:(\w+)=([\w.-]+))?\)``", module_of(kind).__doc__ or "")
    assert found is not None
    options = {found[3]: literal_eval(found[4])} if found[3] else {}
    assert found[1] == kind.group.rpartition(".")[2]
    assert isinstance(getattr(module_of(kind), found[2])(**options), kind.config)


def test_configs_of_installed_plugins_are_there_under_any_usual_name() -> None:
    for names, group in ((("ReLU", "Relu"), "layers"), (("HeNormal", "he_normal"), "initializers")):
        module = import_module(f"layerkit.{group}")
        first, second = (getattr(module, name) for name in names)
        assert first is second
        assert issubclass(first, Config)
    assert {"Dense", "Relu", "MaxPool2d"} <= set(dir(layerkit.layers))
    assert dir(layerkit.optimizers).count("SGD") == 1
    assert "Sgd" not in dir(layerkit.optimizers)


@pytest.mark.parametrize(
    ("group", "name", "hint"),
    [
        ("layers", "Linear", "did you mean 'layers.Dense'?"),
        ("layers", "Dens", "did you mean 'Dense'?"),
        ("layers", "Swish", "did you mean 'layers.Silu'?"),
        ("losses", "CrossEntropyLoss", "did you mean 'losses.SoftmaxCrossEntropy'?"),
        ("losses", "MSELoss", "did you mean 'losses.MeanSquaredError'?"),
        ("constraints", "Nothing", "here are MaxNorm"),
    ],
)
def test_another_name_is_an_error_that_says_what_to_type(group: str, name: str, hint: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(import_module(f"layerkit.{group}"), name)
    assert str(caught.value).startswith(f"layerkit.{group} has no '{name}' ({hint}")
