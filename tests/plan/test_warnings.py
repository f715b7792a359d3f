"""Warnings: each is given where it is due, and not where it is not."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import layerkit as lk
from layerkit.plan.network import plan_network
from layerkit.plan.warnings import FEW_EXAMPLES, warnings_of
from layerkit.rules import RULES
from layerkit.spec.loading import load_spec
from tests.helpers.commands import here
from tests.helpers.plugins import install_plugin
from tests.helpers.specs import small_spec

SPECS = sorted((Path(__file__).parent.parent.parent / "specs").glob("*.*"))
QUIET = """
layers = [{ type = "dense", units = 8 }, "tanh", { type = "dense", units = 3 }]
loss = "softmax_cross_entropy"
optimizer = { type = "sgd", learning_rate = 0.1 }
data = { type = "spirals", validation = 100 }
"""


def codes(*overrides: str) -> list[str]:
    return [RULES[each.code].code for each in warnings_of(small_spec(*overrides, text=QUIET))]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_a_shipped_spec_has_no_warning(path: Path) -> None:
    assert warnings_of(load_spec(path)) == []


HIDDEN = '{type = "dense", units = 8}'
LAST = '{type = "dense", units = 3}'
ZERO = 'weight_initializer = "zeros"'


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([], []),
        ([f'layers=[{HIDDEN}, "tanh", {LAST}, "dropout"]'], ["LK102"]),
        ([f'layers=[{HIDDEN}, "tanh", {LAST}, "flatten", "dropout"]'], ["LK102"]),
        ([f'layers=[{HIDDEN}, {{type = "sequential", layers = [{LAST}, "dropout"]}}]'], ["LK102"]),
        ([f'layers=["dropout", {LAST}]'], []),
        ([f'layers=[{LAST}, "sigmoid"]'], ["LK103"]),
        ([f'layers=[{LAST}, "tanh", "dropout"]'], ["LK102", "LK103"]),
        ([f'layers=[{LAST}, {{type = "smooth_clip", bound = 30}}]'], []),
        (["optimizer.learning_rate=10"], []),
        (["optimizer.learning_rate=10.5"], ["LK104"]),
        (['optimizer={type = "lars", learning_rate = 32}'], []),
        (["regularizers=[{type = 'l2', strength = 1e-4}]"], []),
        (["regularizers=[{type = 'l2', strength = 1e-4}]", "optimizer='adam'"], ["LK105"]),
        (["regularizers=[{type = 'l2', strength = 1e-4}]", "optimizer='adamw'"], ["LK105"]),
        (["regularizers=[{type = 'l1', strength = 1e-4}]", "optimizer='adam'"], []),
        ([f'layers=["batch_norm", {LAST}]', "training.batch_size=2"], []),
        ([f'layers=["batch_norm", {LAST}]', "training.batch_size=1"], ["LK108"]),
        ([f'layers=["layer_norm", {LAST}]', "training.batch_size=1"], []),
        ([f'layers=[{{type = "dense", units = 3, {ZERO}}}]'], []),
        ([f'layers=[{HIDDEN}, {{type = "dense", units = 3, {ZERO}}}]'], []),
        (
            [
                f'layers=[{{type = "dense", units = 8, {ZERO}}}, "tanh", '
                f'{{type = "dense", units = 3, {ZERO}}}]'
            ],
            ["LK109"],
        ),
        (['optimizer.groups=[{parameters = ["*"], rate = 0}]'], ["LK109"]),
        (['optimizer.groups=[{parameters = ["dense_1.*"], rate = 0}]'], []),
        ([f"data.validation={FEW_EXAMPLES - 1}"], ["LK110"]),
        (["data.validation=0"], []),
    ],
)
def test_a_warning_is_given_where_it_is_due(overrides: list[str], expected: list[str]) -> None:
    assert codes(*overrides) == expected


def test_a_metric_of_numbers_is_wrong_for_probabilities_alone() -> None:
    discs = ["data={type = 'discs', labels = 3, validation = 100}", "metrics=['r2']"]
    assert codes(*discs, "loss='binary_cross_entropy'") == ["LK106"]
    assert codes(*discs, "loss='mean_squared_error'") == []


def test_bytes_are_to_be_scaled_by_data_or_layers(tmp_path: Path) -> None:
    targets = np.arange(300) % 3
    path = tmp_path / "bytes.npz"
    np.savez(path, train_inputs=np.ones((300, 4), np.uint8), train_targets=targets)
    data = f"data={{type = 'npz', path = '{path}', classes = 3, scale = 1.0}}"
    assert codes(data) == ["LK107"]
    assert codes(data.replace(", scale = 1.0", "")) == []
    assert codes(data, f'layers=["standardize", {LAST}]') == []
    inside = f'{{type = "sequential", layers = ["min_max", {LAST}]}}'
    assert codes(data, f"layers=[{inside}]") == []
    assert codes(data, f'layers=[{{type = "sequential", layers = [{LAST}]}}]') == ["LK107"]


def test_a_spec_silences_by_code_and_the_code_must_be_one() -> None:
    assert codes("data.validation=30", 'silence=["LK110"]') == []
    assert codes("data.validation=30", 'silence=["LK104"]') == ["LK110"]
    with pytest.raises(lk.SpecError) as caught:
        small_spec('silence=["LK10"]', text=QUIET)
    (problem,) = caught.value.problems
    assert problem.path == "silence.0"
    assert problem.hint == "did you mean 'LK110'?"


SOFTMAX = """
from layerkit.plugin import Layer, LayerConfig, LayerPlan, LayerTraits

class Config(LayerConfig):
    type: Literal["{name}"] = "{name}"
    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x)
    def traits(self) -> LayerTraits:
        return {traits}

class {name}(Layer[Config]):
    def forward(self, x: Array, *, training: bool) -> Array:
        return x
    def backward(self, dy: Array) -> Array | None:
        return dy
"""
IMPORTS = "from typing import Literal\nfrom layerkit.plugin import Array, Shape\n"


@pytest.mark.parametrize(
    ("name", "traits", "layers", "expected"),
    [
        ("shares", 'LayerTraits(outputs="probabilities")', f'[{LAST}, "shares"]', ["LK101"]),
        ("rounded", "LayerTraits(passes_gradient=False)", f'["rounded", {LAST}]', []),
        ("rounded", "LayerTraits(passes_gradient=False)", f'[{LAST}, "rounded"]', ["LK109"]),
    ],
)
def test_layers_of_plugins_take_part(
    name: str,
    traits: str,
    layers: str,
    expected: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    source = IMPORTS + SOFTMAX.format(name=name, traits=traits)
    registry = install_plugin(tmp_path, source, layers=name)
    spec = small_spec(f"layers={layers}", text=QUIET, registry=registry)
    assert [RULES[each.code].code for each in warnings_of(spec)] == expected


def test_a_plugin_whose_traits_are_something_else_is_at_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    registry = install_plugin(
        tmp_path, IMPORTS + SOFTMAX.format(name="odd", traits="None"), layers="odd"
    )
    spec = small_spec(f'layers=[{LAST}, "odd"]', text=QUIET, registry=registry)
    with pytest.raises(lk.PluginError, match="expected 'traits' to return LayerTraits, found None"):
        plan_network(spec)


def test_warnings_are_printed_and_strictness_makes_them_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "few.toml"
    path.write_text(QUIET.replace("100", "30"))
    place = f"{path}:5:41"
    for verb in ("validate", "summary"):
        ran = here(capsys, verb, path)
        assert ran.code == 0
        assert ran.err.startswith(f"{place}: warning[LK110]: data.validation: 30 validation ")
        assert "\nhelp: set aside at least 100" in ran.err
    strict = here(capsys, "validate", "--strict", path)
    assert (strict.code, strict.out) == (2, "")
    assert strict.err.startswith(f"{place}: error[LK110]: ")
    out = tmp_path / "run"
    refused = here(capsys, "run", "--strict", "--out", out, path)
    assert (refused.code, refused.err) == (2, strict.err)
    assert not out.exists()
    ran = here(capsys, "run", "--quiet", "--set", "training.epochs=1", "--out", out, path)
    assert ran.code == 0
    assert f"{place}: warning[LK110]" in ran.err
