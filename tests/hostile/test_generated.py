"""Whatever a spec is, Layerkit says what is wrong with it: no other exception leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layerkit.errors import LayerkitError
from layerkit.plan.network import plan_network
from layerkit.plan.warnings import warnings_of
from layerkit.spec.loading import parse_document, validate
from layerkit.spec.models import ModelSpec
from layerkit.spec.source import Format
from layerkit.values import is_list, is_table

ROOT = Path(__file__).parent.parent.parent
SPECS = {
    path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "specs").glob("*.*"))
}
QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,  # so that 'make test' is the same for everybody
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
NAMES = st.sampled_from(
    [
        *ModelSpec.model_fields,
        "type",
        "units",
        "learning_rate",
        "rate",
        "dense",
        "tanh",
        "sgd",
        "blobs",
    ]
)
KEYS = NAMES | st.text(max_size=8)
SCALARS = (
    st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=True)
    | NAMES
    | st.text(max_size=12)
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def _expected(error: LayerkitError) -> str:
    """Return what is said of a spec, which is never at fault for a bug or a plugin."""
    assert error.exit_code in {2, 3, 4}
    return str(error)


def said(text: str, form: Format) -> str:
    """Return what is said of a text; empty if it is good."""
    try:
        document = parse_document(text, form, "S", ROOT / "specs")
        warnings_of(plan_network(validate(document), document.source))
    except LayerkitError as error:
        return _expected(error)
    return ""


@QUICK
@given(st.dictionaries(KEYS, TREES, max_size=6))
def test_any_tree_in_json_is_told_what_is_wrong(tree: dict[str, object]) -> None:
    assert said(json.dumps(tree), "json")


@QUICK
@given(st.dictionaries(KEYS, TREES, max_size=6))
def test_any_tree_in_toml_is_told_what_is_wrong(tree: dict[str, object]) -> None:
    try:
        text = tomli_w.dumps(tree)
        text.encode()
    except (UnicodeEncodeError, ValueError):
        return
    assert said(text, "toml")


@QUICK
@given(st.text(max_size=60))
def test_any_text_is_told_what_is_wrong(text: str) -> None:
    assert said(text, "toml")
    assert said(text, "json")


def mutated(value: object, data: st.DataObject) -> object:
    """Return a tree with another value somewhere, or without one."""
    if is_table(value) and value and data.draw(st.integers(0, 3)):
        key = data.draw(st.sampled_from(sorted(value)))
        if data.draw(st.integers(0, 5)) == 0:
            return {name: each for name, each in value.items() if name != key}
        return {**value, key: mutated(value[key], data)}
    if is_list(value) and value and data.draw(st.integers(0, 3)):
        at = data.draw(st.integers(0, len(value) - 1))
        return [*value[:at], mutated(value[at], data), *value[at + 1 :]]
    return data.draw(TREES)


@pytest.mark.parametrize("name", SPECS)
@settings(QUICK, max_examples=15)
@given(st.data())
def test_a_shipped_spec_with_another_value_is_good_or_told(name: str, data: st.DataObject) -> None:
    form: Format = "json" if name.endswith(".json") else "toml"
    document = parse_document(SPECS[name], form, "S", ROOT / "specs")
    said(json.dumps(mutated(document.table, data)), "json")


@pytest.mark.parametrize("name", SPECS)
@settings(QUICK, max_examples=15)
@given(st.data())
def test_a_shipped_spec_with_another_text_somewhere_is_good_or_told(
    name: str, data: st.DataObject
) -> None:
    text = SPECS[name]
    at = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 20))
    changed = text[:at] + data.draw(st.text(max_size=5)) + text[at + length :]
    said(changed, "json" if name.endswith(".json") else "toml")
