from __future__ import annotations

import copy
import datetime

import pytest

from layerkit.errors import UsageError
from layerkit.spec.overrides import apply_overrides
from tests.helpers.specs import problems, small_spec


def changed(override: str) -> object:
    return apply_overrides({"key": "old"}, [f"key={override}"])["key"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3", 3),
        ("-3", -3),
        ("0x1f", 31),
        ("1_000", 1000),
        ("0.05", 0.05),
        ("1e-3", 0.001),
        ("true", True),
        ("false", False),
        ("relu", "relu"),
        ('"relu"', "relu"),
        ("'3'", "3"),
        ('"a \\" b"', 'a " b'),
        ('"""a\nb"""', "a\nb"),
        ("", ""),
        ("  3  ", 3),
        ("a=b", "a=b"),
        ("a = b", "a = b"),
        ('"a=b"', "a=b"),
        ("[1, 2]", [1, 2]),
        ("[1,\n 2, # two\n]", [1, 2]),
        ("[]", []),
        ('["a", ["b"]]', ["a", ["b"]]),
        ('{type = "dense", units = 3}', {"type": "dense", "units": 3}),
        ("{a.b = 1}", {"a": {"b": 1}}),
        ("{}", {}),
        ("2001-02-03", datetime.date(2001, 2, 3)),
        ("04:05:06", datetime.time(4, 5, 6)),
        ("2001-02-03T04:05:06", datetime.datetime(2001, 2, 3, 4, 5, 6)),
        ("True", "True"),
        ("data/train.npz", "data/train.npz"),
        ("C:\\data", "C:\\data"),
    ],
)
def test_a_value_is_read_as_toml_or_else_as_a_string(written: str, value: object) -> None:
    found = changed(written)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    "written",
    ["3\nseed = 4", "3 # three", "3 #", "1, 2", "1,", "3]", "3] #", "[1] # one", "3}", "'a' 'b'"],
)
def test_a_value_with_anything_beside_it_is_a_string_as_a_whole(written: str) -> None:
    assert apply_overrides({}, [f"key={written}"]) == {"key": written}


@pytest.mark.parametrize("written", ["[" * 100_000, "9" * 5000, "{a=" * 50_000, "a." * 50_000])
def test_a_value_that_cannot_be_parsed_is_a_string_at_once(written: str) -> None:
    assert changed(written) == written


def test_a_path_leads_into_lists_and_tables() -> None:
    wanted = small_spec(
        "layers.0={type='dense', units=5}", "optimizer={type='sgd', learning_rate=1}"
    )
    assert (
        small_spec("layers.0.units=5", " optimizer . learning_rate = 1", "optimizer.momentum=0")
        == wanted
    )


def test_a_bare_name_opens_into_its_table() -> None:
    assert small_spec("layers.2.rate=0.2") == small_spec('layers.2={type = "dropout", rate = 0.2}')


def test_a_table_that_is_absent_or_null_is_made() -> None:
    wanted = {"training": {"early_stopping": {"patience": 3}}}
    assert apply_overrides({}, ["training.early_stopping.patience=3"]) == wanted
    null: dict[str, object] = {"training": {"early_stopping": None}}
    assert apply_overrides(null, ["training.early_stopping.patience=3"]) == wanted


def test_the_last_of_two_overrides_of_a_key_counts() -> None:
    assert apply_overrides({}, ["a.b=1", "a.b=2", "a.c=3"]) == {"a": {"b": 2, "c": 3}}


def test_a_key_in_double_quotes_may_hold_anything() -> None:
    table = apply_overrides({}, ['"a.b"."c=d\\""=1'])
    assert table == {"a.b": {'c=d"': 1}}


def test_the_table_is_left_as_it_was() -> None:
    table: dict[str, object] = {"layers": ["tanh", {"type": "dense", "units": 1}], "a": {"b": [1]}}
    before = copy.deepcopy(table)
    after = apply_overrides(table, ["layers.0.name=x", "layers.1.units=2", "a.b.0=3", "a.c=4"])
    assert table == before
    assert after["a"] == {"b": [3], "c": 4}


@pytest.mark.parametrize(
    "override", ["seed", "", "=", "=3", ".seed=3", "seed.=3", "a..b=3", '"a=3', '"a"b=3']
)
def test_an_override_without_path_and_value_is_refused(override: str) -> None:
    with pytest.raises(UsageError, match=r"^--set .*: expected PATH=VALUE, such as ") as caught:
        apply_overrides({}, [override])
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("index", ["2", "-1", "units", "1.5", "99999999999", "²", "9" * 5000])
def test_an_index_out_of_range_is_refused(index: str) -> None:
    with pytest.raises(
        UsageError, match=r"'layers' is a list; expected an index from 0 to 1, found '"
    ):
        apply_overrides({"layers": ["tanh", "tanh"]}, [f'layers."{index}"=3'])


def test_an_empty_list_has_no_index() -> None:
    with pytest.raises(
        UsageError, match=r"'a\.b' is a list; expected nothing, it is empty, found '0'"
    ):
        apply_overrides({"a": {"b": []}}, ["a.b.0=3"])


def test_a_path_cannot_go_on_below_a_number() -> None:
    with pytest.raises(UsageError, match="below 7, which is no table"):
        apply_overrides({"seed": 7}, ["seed.x=3"])


def test_a_key_that_json_cannot_read_is_refused() -> None:
    with pytest.raises(UsageError, match=r"expected a key in double quotes, found "):
        apply_overrides({}, ['"\\x"=3'])


def test_a_path_or_a_value_may_not_nest_without_end() -> None:
    with pytest.raises(UsageError, match="a path of at most 32 keys"):
        apply_overrides({}, [".".join("a" * 5000) + "=1"])
    deep = "training.early_stopping.monitor=" + "[" * 30 + "]" * 30
    assert problems(deep) == ["expected at most 32 levels of nesting, found more"]


def test_a_long_override_is_cut_in_the_message() -> None:
    with pytest.raises(UsageError) as caught:
        apply_overrides({}, ["x" * 100_000])
    assert len(str(caught.value)) < 200


def test_an_unknown_path_is_a_problem_of_the_spec() -> None:
    assert problems("optimizer.learning_rat=0.1", "model.units=3") == [
        "optimizer.learning_rat: unknown key 'learning_rat' (did you mean 'learning_rate'?)",
        "model: unknown key 'model' (valid keys here: format, seed, dtype, kernels, silence, data, "
        "layers, loss, regularizers, gradient_transforms, constraints, ties, optimizer, metrics, "
        "callbacks, training, checkpoints)",
    ]


def test_a_newline_in_a_value_brings_in_no_other_key() -> None:
    assert problems("seed=3\ndtype='float64'") == [
        "seed: expected an integer, found \"3\\ndtype='float64'\""
    ]
