"""Imports point one way, and built-ins import no more than a plugin may."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import layerkit

ROOT = Path(layerkit.__file__).parent

GROUND = {
    "errors",
    "interrupts",
    "arrays",
    "values",
    "elsewhere",
    "machine",
    "problems",
    "messages",
    "state",
}
BASE = GROUND | {
    "strict_model",
    "component",
    "signatures",
    "metadata",
    "component_check",
    "contained",
    "registry",
    "guard",
    "kernels",
    "fields",
}
PARTS = BASE | {"randomness", "features", "moments", "normal", "softmax", "warping", "formats"}
CONTRACTS = PARTS | {"contracts"}
PLAN = CONTRACTS | {"rules", "spec", "plan"}
ENGINE = PLAN | {"display", "engine"}
RUNS = ENGINE | {"runs"}
INFERENCE = RUNS | {"inference"}
CONFIGS = (
    "callbacks",
    "constraints",
    "datasets",
    "gradient_transforms",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "optimizers",
    "regularizers",
    "schedules",
)
MAY_IMPORT = {
    "errors": set[str](),
    "interrupts": set[str](),
    "arrays": {"errors"},
    "values": set[str](),
    "elsewhere_names": set[str](),
    "elsewhere": {"elsewhere_names"},
    "machine": set[str](),
    "problems": {"elsewhere"},
    "messages": {"problems", "values"},
    "state": {"arrays", "errors", "values"},
    "strict_model": {"errors", "messages", "problems", "values"},
    "component": {"errors", "state", "strict_model"},
    "signatures": set[str](),
    "metadata": {"component", "errors"},
    "component_check": {"component", "errors", "metadata", "signatures"},
    "contained": set[str](),
    "registry": {
        "errors",
        "interrupts",
        "component",
        "component_check",
        "contained",
        "metadata",
    },
    "guard": {"errors", "arrays", "interrupts", "component", "registry"},
    "kernels": {"errors", "guard", "registry"},
    "fields": GROUND | {"component", "registry", "guard"},
    "randomness": {"arrays"},
    "features": {"arrays"},
    "moments": {"arrays", "features"},
    "normal": {"arrays"},
    "softmax": {"arrays"},
    "warping": {"arrays"},
    "formats": GROUND | {"formats"},
    "contracts": CONTRACTS,
    "plugin": CONTRACTS,
    "builtin": {"plugin"},
    "pytest_plugin": set[str](),
    "testing": ENGINE | {"pytest_plugin", "schema", "testing"},
    "rules": {"rules"},
    "spec": CONTRACTS | {"rules", "spec"},
    "schema": CONTRACTS | {"spec", "schema"},
    "editing": CONTRACTS | {"spec", "editing"},
    "plan": PLAN,
    "display": PLAN | {"display", "rules"},
    "new_spec": CONTRACTS | {"display", "new_spec"},
    "new_plugin": CONTRACTS | {"new_plugin", "plugin", "schema", "testing"},
    "engine": ENGINE,
    "findings": ENGINE | {"findings"},
    "runs": RUNS,
    "inference": ENGINE | {"inference"},
    "api": RUNS,
    **{name: {"builtin", "contracts", "lookup"} for name in CONFIGS},
    "lookup": GROUND | {"component", "registry"},
    "cli": INFERENCE
    | {"api", "cli", "editing", "findings", "new_plugin", "new_spec", "schema", "testing"},
}
"""For every package or module in layerkit, those that it may import."""


def packages_imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names = [node.module]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "layerkit" and len(parts) > 1:
                yield parts[1]


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_a_package_imports_only_what_lies_before_it(package: str) -> None:
    files = (
        [ROOT / f"{package}.py"]
        if (ROOT / f"{package}.py").exists()
        else (ROOT / package).rglob("*.py")
    )
    forbidden = {
        f"{file.relative_to(ROOT)} imports {imported}"
        for file in files
        for imported in packages_imported(file.read_text(encoding="utf-8"))
        if imported not in MAY_IMPORT[package]
    }
    assert forbidden == set()


def test_every_package_is_in_the_table() -> None:
    packages = {path.stem for path in ROOT.glob("*.py")} | {path.name for path in ROOT.glob("*/")}
    assert packages - {"__init__", "__main__", "__pycache__"} == set(MAY_IMPORT)


def test_an_import_inside_a_function_counts() -> None:
    assert list(packages_imported("def f():\n    from layerkit.runs.run import run\n")) == ["runs"]
