from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest
from layerkit_mnist import MnistConfig
from layerkit_relu.relu import ReluConfig

import layerkit as lk
from layerkit.contracts.kinds import KINDS
from layerkit.contracts.layer import LAYERS
from layerkit.registry import Registry, installed
from layerkit.spec.public_names import PublicName, public_name
from layerkit.strict_model import StrictModel
from tests.helpers.plugins import install

SOURCE = """
from typing import Literal, final
from layerkit.plugin import Activation, ActivationConfig, Array

class NewConfig(ActivationConfig):
    type: Literal["NAME"] = "NAME"

@final
class New(Activation[NewConfig]):
    def value(self, x: Array, out: Array) -> None: ...
    def derivative(self, x: Array, y: Array, out: Array) -> None: ...
"""


def test_every_installed_component_is_public_where_it_is_said_to_be() -> None:
    seen = 0
    for kind in KINDS:
        for name in installed().names(kind):
            config = installed().load(kind, name)
            found = public_name(config)
            assert vars(import_module(found.module))[found.name] is config
            own = config.__module__.startswith("layerkit.")
            assert (found.module == kind.group) == own
            seen += 1
    assert seen > 150


def test_parts_of_specs_are_in_layerkit() -> None:
    parts: list[type[StrictModel]] = [lk.ModelSpec, lk.Training, lk.Checkpoints, lk.EarlyStopping]
    parts += [lk.Tie, lk.Fold, lk.ParameterGroup, lk.NumberColumn, lk.CategoryColumn]
    for model in parts:
        assert public_name(model) == PublicName("layerkit", model.__name__)


def test_a_plugins_config_is_imported_from_where_it_is_exported() -> None:
    assert public_name(MnistConfig) == PublicName("layerkit_mnist", "MnistConfig")
    assert public_name(ReluConfig) == PublicName("layerkit_relu.relu", "ReluConfig")


@pytest.mark.parametrize(
    ("exports", "expected"),
    [
        ('from {0}._new import NewConfig\n__all__ = ["NewConfig"]\n', "NewConfig"),
        ('from {0}._new import NewConfig as Other\n__all__ = ["Other"]\n', "Other"),
        ("from {0}._new import NewConfig\n", None),
        ("", None),
    ],
)
def test_a_private_module_needs_an_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exports: str, expected: str | None
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    package = f"package_in_{tmp_path.name}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text(exports.format(package))
    (tmp_path / package / "_new.py").write_text(SOURCE.replace("NAME", "new"))
    install(tmp_path, package, f"[layerkit.layers]\nnew = {package}._new:New")
    config = Registry().load(LAYERS, "new")
    if expected is not None:
        assert public_name(config) == PublicName(package, expected)
        return
    with pytest.raises(lk.PluginError) as caught:
        public_name(config)
    told = str(caught.value)
    assert told.startswith(f"layer 'new' of {package} 1.0 ({package}._new:New): ")
    assert f"a program cannot import {package}._new.NewConfig, which is private" in told
    assert "can only be TOML or JSON" in told


def test_a_class_inside_a_function_cannot_be_imported() -> None:
    class Local(lk.Training):
        pass

    with pytest.raises(lk.PluginError, match="not at the top of a module"):
        public_name(Local)
