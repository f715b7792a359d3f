from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.errors import UsageError
from layerkit.schema.origins import Origins, Value, parsed_path, path_text
from layerkit.spec.loading import parse_document, validate

SPEC = """seed = 3
loss = "mean_squared_error"
optimizer.type = "adam"
layers = [
    "tanh",
    { type = "dense", units = 2, weight_initializer = "zeros" },
]

[data]
type = "blobs"
fold = "1/3"

[[callbacks]]
type = "nan_guard"
"""


def origins(*overrides: str) -> Origins:
    document = parse_document(SPEC, "toml", "a.toml", Path()).changed(overrides)
    return Origins(document, validate(document))


def told(path: str, *overrides: str) -> tuple[object, str]:
    found = origins(*overrides).at(parsed_path(path))
    return found.value, found.origin


@pytest.mark.parametrize(
    ("path", "value", "origin"),
    [
        ("seed", 3, "a.toml:1"),
        ("dtype", "float32", "default"),
        ("optimizer.type", "adam", "a.toml:3"),
        ("optimizer.beta1", 0.9, "default"),
        ("layers.0.type", "tanh", "a.toml:5"),
        ("layers.0.name", None, "default"),
        ("layers.1.units", 2, "a.toml:6"),
        ("layers.1.bias", True, "default"),
        ("layers.1.weight_initializer.type", "zeros", "a.toml:6"),
        ("layers.1.bias_initializer.type", "zeros", "default"),
        ("data.classes", 3, "default"),
        ("callbacks.0.type", "nan_guard", "a.toml:14"),
        ("callbacks.0.every", 1, "default"),
    ],
)
def test_a_value_comes_from_its_line_or_is_a_default(path: str, value: object, origin: str) -> None:
    assert told(path) == (value, origin)


def test_an_option_of_the_command_line_wins() -> None:
    assert told("seed", "seed=4", "seed=5") == (5, "--set 2: seed=5")
    changed = "layers.1={type='dense', units=7}"
    assert told("layers.1.units", changed) == (7, f"--set 1: {changed}")
    assert told("layers.1.bias", changed) == (True, "default")
    assert told("layers.0.type", "layers.0.name=a") == ("tanh", "a.toml:5")


def test_all_values_are_told_each_once() -> None:
    values = {path_text(each.path): each for each in origins().all()}
    assert values["layers.1.units"].value == 2
    assert values["data.fold"].value == "1/3"
    assert values["data.fold"].origin == "a.toml:11"
    assert values["metrics"].value == []
    assert "layers.0.name" not in values
    assert "layers" not in values


def test_a_value_knows_the_tables_that_it_is_in() -> None:
    found: Value = origins().at(("layers", 1, "weight_initializer", "type"))
    names = [type(owner).__name__ for _, owner in found.owners]
    assert names == ["ModelSpec", "DenseConfig", "ZerosConfig"]
    assert found.key == "type"
    assert origins().at(("layers", 1)).key == "layers"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("sead", "the spec has no key 'sead' (did you mean 'seed'?)"),
        ("layers.2", "'layers': expected an index from 0 to 1, found '2'"),
        ("layers.one", "'layers': expected an index from 0 to 1, found 'one'"),
        ("layers.1.unit", "'layers.1' has no key 'unit' (did you mean 'units'?)"),
        ("seed.x", "'seed' is 3, which has nothing below it"),
    ],
)
def test_a_path_that_leads_nowhere_is_a_wrong_call(path: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        origins().at(parsed_path(path))
    assert str(caught.value) == message


def test_json_has_lines_too() -> None:
    text = (
        '{\n "layers": ["tanh"],\n "loss": "mean_squared_error",\n "optimizer": {"type": "adam"}\n}'
    )
    document = parse_document(text, "json", "a.json", Path())
    found = Origins(document, validate(document))
    assert found.at(("optimizer", "type")).origin == "a.json:4"
