from __future__ import annotations

import time
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from pydantic import ValidationError

from docs.examples.plugins.renamed import ScaledTanhConfig
from layerkit.contracts.layer import LAYERS
from layerkit.editing.upgrading import upgraded
from layerkit.errors import PluginError
from layerkit.plan.network import plan_network
from layerkit.plan.warnings import warnings_of
from layerkit.registry import Registry
from layerkit.schema.spec_schema import spec_schema
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.loading import Document, parse_document, validate
from layerkit.spec.models import FORMAT, ModelSpec
from layerkit.spec.renames import Rename, renames
from layerkit.strict_model import StrictModel
from tests.helpers.plugins import install
from tests.helpers.renamed import SPEC, TARGET, with_renamed
from tests.helpers.specs import TINY


def read(text: str) -> Document:
    return parse_document(text, "toml", "spec.toml", Path())


def valid(text: str) -> ModelSpec:
    return validate(read(text), (), with_renamed())


def refused(text: str) -> str:
    with pytest.raises(SpecError) as error:
        valid(text)
    return str(error.value)


def test_former_names_mean_the_same() -> None:
    today = SPEC.replace("stretched_tanh", "scaled_tanh").replace("factor", "scale")
    assert valid(SPEC) == valid(today)
    assert valid(SPEC).layers[2] == ScaledTanhConfig(scale=2)


def test_every_former_name_is_found_where_it_is_written() -> None:
    text = SPEC.replace(
        '"stretched_tanh"',
        '{ type = "sequential", layers = [{ type = "stretched_tanh", factor = 3 }] }',
    )
    assert [*renames(read(text).table, valid(text), with_renamed())] == [
        Rename(
            ("layers", 1, "layers", 0, "type"),
            ("layers", 1, "layers", 0, "type"),
            "stretched_tanh",
            "scaled_tanh",
            is_key=False,
        ),
        Rename(
            ("layers", 1, "layers", 0, "factor"),
            ("layers", 1, "layers", 0, "scale"),
            "factor",
            "scale",
            is_key=True,
        ),
        Rename(("layers", 2, "factor"), ("layers", 2, "scale"), "factor", "scale", is_key=True),
    ]


def test_former_names_are_warned_of_unless_that_is_silenced() -> None:
    def codes(text: str) -> list[str]:
        document = read(text)
        plan = plan_network(validate(document, (), with_renamed()), document.source)
        return [each.code for each in warnings_of(plan, document.table, with_renamed())]

    assert codes(SPEC) == ["former-key", "former-component"]
    assert codes(f'silence = ["LK113"]{SPEC}') == ["former-component"]
    assert codes(f'silence = ["LK114", "LK113"]{SPEC}') == []


def test_an_error_about_a_former_key_is_told_at_that_key() -> None:
    text = SPEC.replace("factor = 2", "factor = -1, other = 1")
    said = refused(text)
    assert "spec.toml:2:93: error[LK007]: layers.2.factor: expected a number above 0" in said
    assert "error[LK003]: layers.2.other: unknown key 'other'" in said


def test_both_names_of_a_key_are_refused() -> None:
    said = refused(SPEC.replace("factor = 2", "factor = 2, scale = 2"))
    assert said.splitlines()[0] == (
        "spec.toml:2:93: error[LK007]: layers.2.factor: expected 'scale' or its former name "
        "'factor', found both"
    )
    assert said.splitlines()[-1] == "help: remove 'factor'"


def test_former_names_are_on_no_list_and_in_no_schema() -> None:
    registry = with_renamed()
    assert "stretched_tanh" not in registry.names(LAYERS)
    assert registry.todays_name(LAYERS, "stretched_tanh") == "scaled_tanh"
    assert registry.todays_name(LAYERS, "scaled_tanh") is None
    schema, _ = spec_schema(registry)
    assert "'scaled_tanh'" in str(schema)
    assert "stretched_tanh'" not in str(schema)
    assert "'factor': {'type': 'number', 'exclusiveMinimum': 0.0, 'default': 1.7" not in str(schema)
    assert "stretched" not in refused(SPEC.replace("stretched_tanh", "no_such_layer"))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (TARGET, "expected a layer that is registered"),
        ("layerkit.builtin.tanh:TanhConfig", "expected a layer that is registered"),
        ("layerkit.builtin.adam:Adam", "expected a layer that is registered"),
    ],
)
def test_a_former_name_that_leads_to_no_registered_layer_is_the_plugins_fault(
    value: str, reason: str
) -> None:
    registry = Registry([EntryPoint("old", value, "layerkit.layers.former")])
    with pytest.raises(PluginError, match=reason):
        registry.todays_name(LAYERS, "old")


def test_a_former_name_may_have_its_distribution_in_front_and_a_new_one_gets_it_where_needed(
    site: Path,
) -> None:
    source = """
from typing import Literal, final
from layerkit.plugin import Activation, ActivationConfig

class MyTanhConfig(ActivationConfig):
    type: Literal["tanh"] = "tanh"

@final
class MyTanh(Activation[MyTanhConfig]):
    def value(self, x, out): ...
    def derivative(self, x, y, out): ...
"""
    target = "acme_former:MyTanh"
    points = f"[layerkit.layers]\ntanh = {target}\n[layerkit.layers.former]\nold = {target}\n"
    install(site, "acme-former", points, module=source)
    registry = Registry()
    for old in ("old", "acme-former:old"):
        assert registry.todays_name(LAYERS, old) == "acme-former:tanh"
        document = read(f'layers = ["{old}"]\nloss = "mean_squared_error"\noptimizer = "adam"\n')
        result = upgraded(document, registry).source.text
        assert result.startswith('layers = ["acme-former:tanh"]\n')
    assert registry.todays_name(LAYERS, "other:old") is None


def test_former_keys_must_lead_to_keys() -> None:
    name = "docs.examples.plugins.renamed:ScaledTanh"
    registry = Registry([EntryPoint("scaled_tanh", name, "layerkit.layers")])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScaledTanhConfig, "former_keys", {"a": "b"})
        with pytest.raises(PluginError, match="to lead to its keys, found 'a' for 'b'"):
            registry.load(LAYERS, "scaled_tanh")
    assert registry.load(LAYERS, "scaled_tanh") is ScaledTanhConfig


class Base(StrictModel):
    former_keys = {"old": "new"}  # noqa: RUF012

    new: int


class Derived(Base):
    former_keys = {"before": "after"}  # noqa: RUF012

    after: int


def test_a_config_has_the_former_keys_of_its_base_too() -> None:
    assert Derived.model_validate({"old": 1, "before": 2}) == Derived(new=1, after=2)
    with pytest.raises(ValidationError, match="unknown key 'old_one'"):
        Derived.model_validate({"old_one": 1, "before": 2})


def test_a_spec_nested_deep_with_former_keys_at_every_level_is_read_at_once() -> None:
    text = '{ type = "scaled_tanh", factor = 2 }'
    for _ in range(12):
        text = (
            f'{{ type = "sequential", layers = [{text}, {{ type = "scaled_tanh", factor = 2 }}] }}'
        )
    start = time.perf_counter()
    spec = f'layers = [{text}]\nloss = "mean_squared_error"\noptimizer = "adam"\n'
    assert len([*renames(read(spec).table, valid(spec), with_renamed())]) == 13
    assert time.perf_counter() - start < 2


def test_a_spec_may_say_its_format() -> None:
    assert validate(read(f"format = {FORMAT}{TINY}")) == validate(read(TINY))
    assert validate(read(TINY)).format == FORMAT


def test_a_newer_format_is_the_only_error_of_a_spec() -> None:
    text = f"format = {FORMAT + 1}{TINY}\n[new_table]\nkey = 1\n"
    assert refused(text).splitlines() == [
        f"spec.toml:1:10: error[LK017]: format: format {FORMAT + 1} is newer than {FORMAT}, the "
        "latest that this Layerkit knows",
        f"1 | format = {FORMAT + 1}",
        "  |          ^",
        "help: upgrade Layerkit: pip install --upgrade layerkit",
    ]


@pytest.mark.parametrize("value", ["0", "-1", "true", "1.0", '"1"'])
def test_a_format_is_a_number_from_1(value: str) -> None:
    said = refused(f"format = {value}{TINY}")
    assert "error[LK007]: format: expected the number of a format, from 1 to 1, found" in said
