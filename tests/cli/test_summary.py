from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.helpers.commands import here, in_process
from tests.helpers.plugins import install
from tests.helpers.specs import TINY, write_spec

LAYERS = """\
layer    type     options  output  parameters
─────────────────────────────────────────────
data     spirals           2
dense_1  dense    units=8  8               24
tanh_1   tanh              8                0
dense_2  dense    units=3  3               27
─────────────────────────────────────────────
total                                      51
"""


def test_the_layers_are_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = here(capsys, "summary", write_spec(tmp_path))
    assert (ran.code, ran.err) == (0, "")
    assert LAYERS in ran.out
    assert "\x1b" not in ran.out


COMPOSITE = """
from typing import Annotated, Literal, final

from pydantic import Strict

from layerkit.plugin import (
    INITIALIZERS, AnyInitializer, AnyLayer, Chain, Composite, Fan, LayerConfig, LayerContext,
    LayerPlan, ParameterPlan, default, plan_chain,
)

class BlockConfig(LayerConfig):
    type: Literal["block"] = "block"
    layers: Annotated[tuple[AnyLayer, ...], Strict(strict=False)]
    gain: bool = False
    initializer: AnyInitializer = default(INITIALIZERS, "ones")

    def plan(self, x):
        inner = plan_chain(self.layers, x)
        gain = {"gain": ParameterPlan((1,), self.initializer, Fan(1, 1))} if self.gain else {}
        return LayerPlan(inner.output, gain, layers=inner.layers)

@final
class Block(Composite[BlockConfig]):
    def forward(self, x, *, training): ...
    def backward(self, dy): ...
"""
NESTED = """\
layer                      type     options    output  parameters
─────────────────────────────────────────────────────────────────
data                       spirals             2
dense_1                    dense    units=8    8               24
outer                      block               8
  outer.tanh_1             tanh                8                0
  outer.block_1            block    gain=true  8                1
    outer.block_1.dense_1  dense    units=8    8               72
same                       dense    units=8    8                8
dense_3                    dense    units=3    3               27
─────────────────────────────────────────────────────────────────
total                                                         132
"""


def test_layers_inside_others_are_indented_and_the_column_adds_up(
    tmp_path: Path,
) -> None:
    points = "[layerkit.layers]\nblock = block_plugin:Block\n"
    install(tmp_path / "site", "block-plugin", points, module=COMPOSITE)
    inner = '{type = "block", gain = true, layers = [{type = "dense", units = 8}]}'
    outer = f'{{type = "block", name = "outer", layers = ["tanh", {inner}]}}'
    same = '{type = "dense", units = 8, name = "same"}'
    text = TINY.replace('"tanh"', f"{outer}, {same}")
    tie = '[[ties]]\nparameter = "same.weight"\nshares = "outer.block_1.dense_1.weight"\n'
    extra = {"PYTHONPATH": f"{tmp_path / 'site'}:{':'.join(sys.path)}"}
    spec = write_spec(tmp_path, text + tie)
    ran = in_process("summary", spec, cwd=tmp_path, extra=extra)
    assert (ran.code, ran.err) == (0, "")
    assert NESTED in ran.out


def test_memory_is_told_by_purpose(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = here(capsys, "summary", write_spec(tmp_path)).out.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("memory"))
    rows = {line.split("  ")[0]: line for line in lines[start:]}
    assert rows["parameters"].split() == ["parameters", "204", "B", "float32"]
    assert rows["optimizer"].split() == ["optimizer", "204", "B", "sgd", "(velocity)"]
    assert rows["activations"].endswith("batches of 16, estimated")
    assert rows["copies"].split()[:3] == ["copies", "408", "B"]
    assert "layer state" not in rows
    assert "total" in rows


def test_set_changes_the_spec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = here(capsys, "summary", write_spec(tmp_path), "--set", "layers.0.units=100")
    assert "units=100" in ran.out


def test_what_only_the_data_would_tell_is_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = 'type = "npz", classes = 3, path = "absent.npz", shape = [2]'
    known = 'type = "spirals", train_per_class = 40, test_per_class = 20'
    text = TINY.replace(known, data).replace("batch_size = 16", 'batch_size = "full"')
    ran = here(capsys, "summary", write_spec(tmp_path, text))
    assert ran.code == 0
    unknown = [line.split()[0] for line in ran.out.splitlines() if "unknown" in line]
    assert unknown == ["activations", "data"]
