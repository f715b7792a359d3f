"""What people do first with an installed Layerkit."""

from __future__ import annotations

import re
import shutil
import sys

from pydantic import BaseModel, TypeAdapter

from layerkit.registry import CONTRACT_GROUP
from tools.packaging.distributions import ROOT

from .built import OWN, Environment, output

IMAGES = """
seed = 1
metrics = ["accuracy"]
loss = "softmax_cross_entropy"
optimizer = { type = "adam", learning_rate = 0.01 }
training = { epochs = 1, batch_size = 50 }
data = { type = "mnist", layout = "image", validation = 50000 }
layers = [
    { type = "conv2d", filters = 8, kernel_size = 4, stride = 4 },
    "relu",
    { type = "max_pool2d", stride = 1 },
    "flatten",
    { type = "dense", units = 32, weight_initializer = "he_normal" },
    "sigmoid",
    { type = "dense", units = 10 },
]
"""


class Listed(BaseModel):
    """A component in the output of ``layerkit plugins list --json``."""

    name: str
    distribution: str
    version: str
    target: str
    loads: bool
    reason: str | None


def accuracy(printed: str) -> float:
    """Return the test accuracy in per cent that a run ends with."""
    (percent,) = re.findall(r"test accuracy ([\d.]+) %", printed)
    return float(percent)


def test_the_command_knows_its_version(installed: Environment) -> None:
    assert installed.output("layerkit", "--version").split() == ["layerkit", OWN[0].project.version]


def test_every_component_of_every_distribution_loads(installed: Environment) -> None:
    printed = installed.output("layerkit", "plugins", "list", "--json")
    listed = TypeAdapter(list[Listed]).validate_json(printed)
    assert [each.reason for each in listed if not each.loads] == []
    assert {(each.distribution, each.version, each.name, each.target) for each in listed} == {
        (own.name, own.project.version, name, target)
        for own in OWN
        for group, components in own.project.entry_points.items()
        if group.startswith("layerkit.") and group != CONTRACT_GROUP
        for name, target in components.items()
    }


def test_the_code_that_runs_is_the_installed_one(installed: Environment) -> None:
    for own in OWN:
        program = f"import {own.package.name} as package; print(package.__file__)"
        path = installed.output("python", "-c", program).strip()
        assert path.startswith(str(installed.site_packages()))


def test_every_dependency_is_there_in_a_version_that_fits(installed: Environment) -> None:
    assert "No broken requirements" in installed.output("python", "-m", "pip", "check")


def test_a_shipped_spec_is_valid_and_trains(installed: Environment) -> None:
    shutil.copy(ROOT / "specs" / "spirals.toml", installed.work)
    installed.output("layerkit", "validate", "spirals.toml")
    assert accuracy(installed.output("layerkit", "run", "spirals.toml")) > 95
    (directory,) = (installed.work / "runs").iterdir()
    assert any(directory.iterdir())


def test_all_plugins_work_together(installed: Environment) -> None:
    (installed.work / "images.toml").write_text(IMAGES)
    installed.output("layerkit", "validate", "images.toml")
    assert accuracy(installed.output("layerkit", "run", "images.toml")) > 50


def test_a_new_plugin_is_built_installed_and_passes_its_checks(installed: Environment) -> None:
    installed.output("layerkit", "plugins", "new", "acme-swish", "--kind", "activation")
    installed.output("python", "-m", "pip", "install", "--quiet", "--no-deps", "./acme-swish")
    try:
        package = installed.site_packages() / "acme_swish"
        assert {path.name for path in package.iterdir()} >= {"acme_swish.py", "py.typed"}
        printed = installed.output("layerkit", "plugins", "check", "acme-swish")
        assert printed.endswith(" checks, 0 failed\n")
        example = installed.work / "acme-swish" / "example.toml"
        assert accuracy(installed.output("layerkit", "run", example)) > 90
    finally:
        installed.output("python", "-m", "pip", "uninstall", "--quiet", "--yes", "acme-swish")


def test_type_checkers_see_the_types(installed: Environment) -> None:
    imports = "".join(f"import {own.package.name}\n" for own in OWN)
    (installed.work / "program.py").write_text(imports)
    python = installed.directory / "bin" / "python"
    mypy = (sys.executable, "-m", "mypy", "--strict", "--python-executable", python)
    assert "Success" in output(*mypy, "program.py", cwd=installed.work)
