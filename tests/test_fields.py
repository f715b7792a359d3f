from __future__ import annotations

import pytest
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.tanh import TanhConfig
from layerkit.contracts.layer import LAYERS, AnyLayer
from layerkit.fields import default
from layerkit.strict_model import StrictModel


class Outer(StrictModel):
    layer: AnyLayer


def errors_of(table: object) -> list[ErrorDetails]:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(table)
    return caught.value.errors(include_url=False)


def test_a_table_a_bare_name_and_a_config_are_all_taken() -> None:
    assert Outer.model_validate({"layer": "tanh"}).layer == TanhConfig()
    assert Outer.model_validate({"layer": {"type": "tanh"}}).layer == TanhConfig()
    config = DenseConfig(units=3)
    assert Outer(layer=config).layer is config


def test_an_error_in_a_components_table_keeps_its_path() -> None:
    (error,) = errors_of({"layer": {"type": "dense", "units": 0}})
    assert (error["loc"], error["type"]) == (("layer", "units"), "greater_than")


def test_an_unknown_name_names_the_nearest() -> None:
    (error,) = errors_of({"layer": {"type": "tahn"}})
    assert error["loc"] == ("layer", "type")
    assert error["msg"].startswith("no layer named 'tahn' is installed (did you mean 'tanh'?")
    hint = error.get("ctx", {})["hint"]
    assert hint.startswith("did you mean 'tanh'? Or install the plugin that provides 'tahn'")


def test_a_name_unlike_any_other_lists_those_installed() -> None:
    (error,) = errors_of({"layer": "xyzzy"})
    assert error["loc"] == ("layer",)
    assert error["msg"].startswith("no layer named 'xyzzy' is installed; installed: ")
    assert error.get("ctx", {})["hint"].startswith("install the plugin that provides 'xyzzy'")


@pytest.mark.parametrize(
    ("table", "loc", "code"),
    [
        ({}, ("layer",), "missing-type"),
        ({"type": 3}, ("layer", "type"), "wrong-type"),
        (3, ("layer",), "wrong-type"),
        (None, ("layer",), "wrong-type"),
        (["tanh"], ("layer",), "wrong-type"),
    ],
)
def test_what_is_no_component_says_what_would_be(
    table: object, loc: tuple[str, ...], code: str
) -> None:
    (error,) = errors_of({"layer": table})
    assert error["loc"] == loc
    assert error.get("ctx", {})["code"] == code
    assert "the name of a layer: " in error["msg"]
    assert "tanh" in error["msg"]


def test_a_dump_keeps_the_options_and_begins_with_the_type() -> None:
    table = Outer(layer=DenseConfig(units=3)).model_dump()["layer"]
    assert next(iter(table)) == "type"
    assert table["units"] == 3
    assert table["weight_initializer"] == {"type": "by_activation"}
    assert Outer.model_validate({"layer": table}).layer == DenseConfig(units=3)


def test_a_default_is_resolved_when_it_is_needed() -> None:
    class Defaults(StrictModel):
        known: AnyLayer = default(LAYERS, "tanh")
        unknown: AnyLayer = default(LAYERS, "no_such_layer")

    assert Defaults(unknown=TanhConfig()).known == TanhConfig()
    with pytest.raises(KeyError):
        Defaults()


def test_a_default_may_have_options_of_its_own() -> None:
    class Defaults(StrictModel):
        layer: AnyLayer = default(LAYERS, "dense", units=4)
        wrong: AnyLayer = default(LAYERS, "dense", units=0)

    assert Defaults(wrong=TanhConfig()).layer == DenseConfig(units=4)
    with pytest.raises(ValidationError, match="units"):
        Defaults()
