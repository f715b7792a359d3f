from __future__ import annotations

import pytest

from layerkit.builtin.csv import CsvConfig
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.parallel import ParallelConfig
from layerkit.schema.generator import JsonSchema
from layerkit.schema.options import allowed_text, options_of, value_text
from layerkit.spec.models import ModelSpec, Training


def test_required_options_come_first_and_type_is_none() -> None:
    options = options_of(DenseConfig)
    assert [each.name for each in options][:2] == ["units", "name"]
    assert (options[0].allowed, options[0].default) == ("integer above 0", "required")
    assert options[0].meaning == "Number of outputs, at least 1."


def test_defaults_are_written_as_in_toml() -> None:
    defaults = {each.name: each.default for each in options_of(DenseConfig)}
    assert defaults["bias"] == "true"
    assert defaults["weight_initializer"] == '"by_activation"'
    assert defaults["name"] == ""


def test_words_and_lists_are_told() -> None:
    training = {each.name: each.allowed for each in options_of(Training)}
    assert training["batch_size"] == 'integer above 0 or "full"'
    assert training["early_stopping"] == "EarlyStopping"
    branches = options_of(ParallelConfig)[0]
    assert branches.allowed == "list of list of layer, at least 1"
    columns = {each.name: each.allowed for each in options_of(CsvConfig)}["columns"]
    assert columns == 'table of "number" or table'
    assert {each.name for each in options_of(ModelSpec)} == {*ModelSpec.model_fields}


def test_a_list_of_so_many_values_says_how_many_of_which() -> None:
    whole = {"type": "integer", "exclusiveMinimum": 0}
    pair: JsonSchema = {
        "type": "array",
        "minItems": 2,
        "maxItems": 2,
        "prefixItems": [whole, whole],
    }
    assert allowed_text(pair) == "list of 2 (integer above 0)"
    named: JsonSchema = {"type": "array", "prefixItems": [{"type": "string"}, whole]}
    assert allowed_text(named) == "list of 2 (text, integer above 0)"


def test_what_has_no_schema_may_be_anything() -> None:
    assert allowed_text({}) == "any value"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (0.5, "0.5"),
        ("a\n", '"a\\n"'),
        (["a", 1], '["a", 1]'),
        ({"a b": {}, "c": 1}, '{ "a b" = {}, c = 1 }'),
    ],
)
def test_values_are_written_on_one_line_of_toml(value: object, text: str) -> None:
    assert value_text(value) == text
