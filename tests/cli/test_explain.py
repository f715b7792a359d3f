from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.commands import here
from tests.helpers.specs import write_spec

SPEC = """
loss = "softmax_cross_entropy"
data = "spirals"
optimizer = { type = "sgd", learning_rate = 0.1 }
layers = [
    { type = "residual", layers = ["tanh", { type = "dense", units = 2 }] },
    { type = "parallel", branches = [["tanh"], [{ type = "dense", units = 3 }, "LAST"]] },
    { type = "dense", units = 3, weight_initializer = "xavier_normal" },
]
""".replace('"LAST"', '{ type = "dense", units = 2 }')


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_spec(tmp_path, SPEC).relative_to(tmp_path)


def facts(text: str) -> dict[str, str]:
    """Return the lines of a name and a fact, without tables."""
    found = [line.split(maxsplit=1) for line in text.splitlines() if "  " in line]
    return {pair[0]: pair[1] for pair in reversed(found) if len(pair) == 2}


def test_an_option_of_a_layer_is_told_with_its_layer(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = here(capsys, "explain", spec, "layers.2.units")
    assert (ran.code, ran.err) == (0, "")
    told = facts(ran.out)
    assert told["value"] == "3"
    assert told["origin"] == "tiny.toml:8"
    assert told["allowed"] == "integer above 0"
    assert told["default"] == "required"
    assert told["meaning"] == "Number of outputs, at least 1."
    assert told["component"] == "dense, a layer"
    assert told["package"].startswith("layerkit ")
    assert told["file"].endswith("layerkit/builtin/dense.py")
    assert (told["layer"], told["input"], told["output"]) == ("dense_1", "2", "3")
    assert told["parameters"] == "9 (weight 2 x 3: 6, bias 3: 3)"
    assert "`y = x @ weight + bias`" in ran.out


@pytest.mark.parametrize(
    ("path", "layer", "output"),
    [
        ("layers.0", "residual_1", "2"),
        ("layers.0.layers.1.units", "residual_1.dense_1", "2"),
        ("layers.1.branches.0.0", "parallel_1.branch_1_tanh_1", "2"),
        ("layers.1.branches.1.0", "parallel_1.branch_2_dense_1", "3"),
        ("layers.2.weight_initializer.gain", "dense_1", "3"),
    ],
)
def test_layers_inside_layers_have_shapes_of_their_own(
    spec: Path, capsys: pytest.CaptureFixture[str], path: str, layer: str, output: str
) -> None:
    told = facts(here(capsys, "explain", spec, path).out)
    assert (told["layer"], told["output"]) == (layer, output)


def test_a_default_and_an_option_of_the_command_line_are_told(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = facts(here(capsys, "explain", spec, "training.epochs").out)
    assert (told["value"], told["origin"], told["default"]) == ("10", "default", "10")
    told = facts(here(capsys, "explain", spec, "training.epochs", "--set", "training.epochs=3").out)
    assert (told["value"], told["origin"]) == ("3", "--set 1: training.epochs=3")
    told = facts(here(capsys, "explain", spec, "training.start_from").out)
    assert (told["value"], told["origin"]) == ("not set", "default")


def test_a_table_is_told_with_all_that_is_in_it(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = here(capsys, "explain", spec, "optimizer")
    rows = [line.split() for line in ran.out.splitlines()]
    assert ["optimizer.learning_rate", "0.1", "tiny.toml:4"] in rows
    assert ["optimizer.momentum", "0.0", "default"] in rows
    assert any(row[:2] == ["momentum", "number"] for row in rows)


def test_without_a_path_every_value_is_told(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = here(capsys, "explain", spec)
    rows = [line.split() for line in ran.out.splitlines()]
    assert rows[0] == ["path", "value", "origin"]
    assert ["layers.1.branches.1.0.units", "3", "tiny.toml:7"] in rows
    assert ["seed", "0", "default"] in rows


def test_shapes_that_are_unknown_are_no_error(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--set", 'data={type="npz", path="absent.npz"}')
    ran = here(capsys, "explain", spec, "layers.2.units", *arguments)
    assert ran.code == 0
    assert facts(ran.out)["shapes"].startswith("unknown: ")
    assert facts(ran.out)["value"] == "3"


def test_a_wrong_spec_or_path_is_2(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = here(capsys, "explain", spec, "layers.3")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: 'layers': expected an index from 0 to 2, found '3'\n"
    ran = here(capsys, "explain", spec, "--set", "layers.2.unitz=1")
    assert (ran.code, ran.out) == (2, "")
    assert "unknown key 'unitz'" in ran.err
