from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from layerkit.cli.component import found_component, show_component
from layerkit.component import Config, Kind
from layerkit.contracts.kinds import KINDS
from layerkit.errors import UsageError
from layerkit.registry import Registry, installed
from layerkit.spec.loading import parse_document, validate
from tests.helpers.commands import here
from tests.helpers.terminals import terminal


def test_a_component_is_told_with_options_source_and_example(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ran = here(capsys, "plugins", "show", "dense")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert (
        lines[0]
        == "Fully connected layer: `y = x @ weight + bias`, `(..., features) -> (..., units)`."
    )
    assert "component  dense, a layer" in lines
    assert any(line.startswith("package    layerkit ") for line in lines)
    assert "class      layerkit.builtin.dense:Dense" in lines
    assert any(line.endswith("layerkit/builtin/dense.py") for line in lines)
    units = next(line for line in lines if line.startswith("units"))
    assert units.split("  ")[-1].strip() == "Number of outputs, at least 1."
    assert "integer above 0" in units
    assert "required" in units
    assert lines[-1] == '  layers = [{ type = "dense", units = 64, bias = true }]'


def test_what_needs_no_options_is_shown_by_its_name_too(capsys: pytest.CaptureFixture[str]) -> None:
    ran = here(capsys, "plugins", "show", "optimizer:adam")
    assert ran.out.splitlines()[-2:] == [
        '  optimizer = "adam"',
        '  optimizer = { type = "adam", beta1 = 0.9, beta2 = 0.999 }',
    ]


PLACED = {
    "layers = ": 'layers = ["tanh"]',
    "loss = ": 'loss = "mean_squared_error"',
    "optimizer": 'optimizer = "adam"',
}


@pytest.mark.parametrize("kind", KINDS, ids=[kind.noun for kind in KINDS])
def test_every_example_may_be_pasted_into_a_spec(
    kind: Kind[Config], capsys: pytest.CaptureFixture[str]
) -> None:
    for name in installed().names(kind):
        show_component(f"{kind.noun.replace(' ', '_')}:{name}")
        shown = capsys.readouterr().out.rpartition("Example:\n")[2].splitlines()
        assert shown
        for line in map(str.strip, shown):
            others = [each for start, each in PLACED.items() if not line.startswith(start)]
            text = "\n".join([*others, line])
            if line.startswith("optimizer.schedule"):
                text = f'{text}\noptimizer.type = "adam"'
            if line.startswith("weight_initializer"):
                layer = f'{{ type = "dense", units = 2, {line} }}'
                text = "\n".join([*others[1:], f"layers = [{layer}]"])
            spec = validate(parse_document(text, "toml", "a.toml", Path()))
            assert f"type='{name}'" in repr(spec)


def test_a_name_of_two_kinds_needs_its_kind() -> None:
    points = [
        EntryPoint("tanh", "layerkit.builtin.tanh:Tanh", "layerkit.layers"),
        EntryPoint("tanh", "elsewhere:Tanh", "layerkit.gradient_transforms"),
    ]
    with pytest.raises(UsageError) as caught:
        found_component("tanh", Registry(points))
    expected = "several components: write layer:tanh or gradient_transform:tanh"
    assert str(caught.value) == f"'tanh' is the name of {expected}"
    kind, name = found_component("gradient_transform:tanh", Registry(points))
    assert (kind.noun, name) == ("gradient transform", "tanh")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("dens", "error: no component 'dens' is installed (did you mean 'dense'?)\n"),
        ("laer:dense", "error: no kind or distribution 'laer' (did you mean 'layer'?)\n"),
        ("loss:dense", "error: no component 'dense' is installed ("),
    ],
)
def test_a_name_that_nothing_has_is_a_wrong_call(
    capsys: pytest.CaptureFixture[str], name: str, message: str
) -> None:
    ran = here(capsys, "plugins", "show", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(message)


def test_text_and_tables_are_as_wide_as_the_terminal() -> None:
    with terminal(60) as screen:
        show_component("batch_norm")
    example = screen.lines.index("Example:")  # below it is TOML, to be copied
    assert max(map(len, screen.lines[:example])) <= 60
