from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest
from jsonschema import Draft202012Validator

from layerkit.contracts.kinds import KINDS
from layerkit.registry import Registry, installed
from layerkit.schema.spec_schema import kind_name, spec_schema
from layerkit.values import is_list, is_table

SCHEMA, ERRORS = spec_schema()


def definition(name: str) -> dict[str, object]:
    definitions = SCHEMA["$defs"]
    assert is_table(definitions)
    found = definitions[name]
    assert is_table(found)
    return found


def field(component: str, name: str) -> dict[str, object]:
    properties = definition(component)["properties"]
    assert is_table(properties)
    found = properties[name]
    assert is_table(found)
    return found


def bare_names(kind: str) -> list[object]:
    branches = definition(kind)["oneOf"]
    assert is_list(branches)
    first = branches[0]
    assert is_table(first)
    names = first.get("enum", [])
    assert is_list(names)
    return names


def valid(**changes: object) -> bool:
    spec: dict[str, object] = {
        "layers": ["tanh"],
        "loss": "mean_squared_error",
        "optimizer": "adam",
    }
    return Draft202012Validator(SCHEMA).is_valid({**spec, **changes})


def test_it_is_a_json_schema_of_draft_2020_12() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMA)
    assert ERRORS == []


def test_every_installed_component_is_in_it() -> None:
    definitions = SCHEMA["$defs"]
    assert is_table(definitions)
    names = {f"{kind_name(kind)}.{name}" for kind in KINDS for name in installed().names(kind)}
    assert {name for name in definitions if "." in name} == names


def test_every_table_refuses_unknown_keys() -> None:
    definitions = SCHEMA["$defs"]
    assert is_table(definitions)
    tables = [each for each in definitions.values() if is_table(each) and "properties" in each]
    assert len(tables) > 70
    assert all(each["additionalProperties"] is False for each in [SCHEMA, *tables])


def test_fields_have_range_default_and_docstring() -> None:
    momentum = field("optimizer.sgd", "momentum")
    assert (momentum["minimum"], momentum["exclusiveMaximum"]) == (0, 1)
    assert (momentum["default"], momentum["description"]) == (0.0, "From 0 to below 1.")
    assert field("layer.dense", "weight_initializer")["default"] == "by_activation"
    assert field("optimizer.adam", "schedule")["$ref"] == "#/$defs/schedule"


def test_a_component_that_needs_options_has_no_bare_name() -> None:
    assert "tanh" in bare_names("layer")
    assert "dense" not in bare_names("layer")
    assert "warmup" not in bare_names("schedule")  # it takes one of two options
    assert valid(layers=["tanh"])
    assert not valid(layers=["dense"])


def test_layers_inside_layers_are_checked() -> None:
    inside: list[object] = [{"type": "dense", "units": 3}]
    assert valid(layers=[{"type": "residual", "layers": inside}])
    assert valid(layers=[{"type": "parallel", "branches": [inside, []]}])
    for wrong in ({"type": "dense", "units": "3"}, {"type": "dense", "units": 3, "unitz": 3}):
        nested = {"type": "residual", "layers": [{"type": "residual", "layers": [wrong]}]}
        assert not valid(layers=[nested])


@pytest.mark.parametrize(
    "change",
    [
        {"seed": -1},
        {"seed": "1"},
        {"sead": 1},
        {"dtype": "float16"},
        {"layers": []},
        {"training": {"batch_size": "all"}},
        {"checkpoints": {"every_minutes": 0}},
        {"data": {"type": "blobs", "validation": 1.5}},
        {"data": {"type": "blobs", "fold": "3"}},
        {"loss": {"type": "tanh"}},
    ],
)
def test_what_no_spec_may_say_is_refused(change: dict[str, object]) -> None:
    assert not valid(**change)


def test_what_does_not_load_is_left_out_and_told() -> None:
    points = [
        EntryPoint("tanh", "layerkit.builtin.tanh:Tanh", "layerkit.layers"),
        EntryPoint("gone", "layerkit.builtin.gone:Gone", "layerkit.layers"),
        EntryPoint(
            "xavier_uniform",
            "layerkit.builtin.xavier_uniform:XavierUniform",
            "layerkit.initializers",
        ),
    ]
    schema, errors = spec_schema(Registry(points))
    Draft202012Validator.check_schema(schema)
    definitions = schema["$defs"]
    assert is_table(definitions)
    assert "layer.tanh" in definitions
    assert "layer.gone" not in definitions
    assert ["'gone'" in str(error) for error in errors] == [True]
    assert not Draft202012Validator(schema).is_valid(
        {"layers": ["tanh"], "loss": "mean_squared_error", "optimizer": "adam"}
    )
