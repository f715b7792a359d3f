from __future__ import annotations

import json
import time

import pytest

from layerkit.spec.parsing import MAX_BYTES, MAX_DEPTH, ParseError, parse, value_problems
from layerkit.spec.source import Format

SECONDS = 5
"""What no text may take; without its guard, each takes much longer than that or fails."""


def refusal(text: str, form: Format) -> ParseError:
    start = time.process_time()
    with pytest.raises(ParseError) as caught:
        parse(text, form)
    assert time.process_time() - start < SECONDS
    return caught.value


def test_toml_and_json_give_the_same_table() -> None:
    table = {"seed": 7, "layers": ["tanh", {"type": "dense"}], "a": {"b": 0.5}}
    toml = 'seed = 7\nlayers = ["tanh", {type = "dense"}]\na.b = 0.5\n'
    assert parse(toml, "toml") == parse(json.dumps(table), "json") == table


def test_an_empty_toml_text_is_an_empty_table() -> None:
    assert parse("", "toml") == {}


@pytest.mark.parametrize(
    ("text", "form", "reason"),
    [
        ("seed 7", "toml", "no valid TOML: Expected '=' after a key"),
        ("seed = 7\nseed = 8", "toml", "no valid TOML: Cannot overwrite a value"),
        ("[data]\n[data]", "toml", "no valid TOML: Cannot declare .* twice"),
        ("[a]\nb.c = 1\n[a.b]", "toml", "no valid TOML: "),
        ("a = '\x00'", "toml", "no valid TOML: "),
        ("", "json", "no valid JSON: Expected { at the start"),
        ('{"seed": 7,}', "json", "no valid JSON: (Expecting|Illegal)"),
        ('{"seed": 7, "seed": 7}', "json", "no valid JSON: duplicate key 'seed'"),
        ('{"a": [{"b": 1, "b": 2}]}', "json", "no valid JSON: duplicate key 'b'"),
        ('{"a": NaN}', "json", "no valid JSON: NaN is not a number there"),
        ('{"a": -Infinity}', "json", "no valid JSON: -Infinity is not a number there"),
        ("{} {}", "json", "no valid JSON: Extra data"),
        ("[]", "json", "expected a table at the top, found an empty list"),
        ('[{"seed": 7}]', "json", "expected a table at the top, found a list"),
        ("null", "json", "expected a table at the top, found null"),
        ('"seed"', "json", "expected a table at the top, found 'seed'"),
    ],
)
def test_what_is_no_table_is_refused(text: str, form: Format, reason: str) -> None:
    with pytest.raises(ParseError, match=f"^{reason}") as caught:
        parse(text, form)
    assert caught.value.code == "syntax"


@pytest.mark.parametrize("form", ["toml", "json"])
def test_a_text_may_be_as_large_as_the_limit_and_no_larger(form: Format) -> None:
    comment = "" if form == "json" else "# é"
    table = "{}" if form == "json" else ""
    text = table + comment + " " * (MAX_BYTES - len((table + comment).encode()))
    assert parse(text, form) == {}
    error = refusal(text + " ", form)
    assert (error.code, str(error)) == ("too-large", "expected at most 256 KiB")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("a = " + "[" * MAX_DEPTH + "]" * MAX_DEPTH, "toml"),
        ("a = " + "[" * 100_000, "toml"),
        ("a = " + "{a = " * 50_000, "toml"),
        ("[" * 100_000, "json"),
        ('{"a":' * 50_000, "json"),
        ('{"a":' * MAX_DEPTH + "{}" + "}" * MAX_DEPTH, "json"),
    ],
)
def test_deep_nesting_is_refused(text: str, form: Format) -> None:
    error = refusal(text, form)
    assert (error.code, str(error)) == (
        "too-deep",
        "expected at most 32 levels of nesting, found more",
    )


def test_nesting_up_to_the_limit_is_taken() -> None:
    text = '{"a":' * (MAX_DEPTH - 1) + "{}" + "}" * (MAX_DEPTH - 1)
    assert parse(text, "json")
    assert parse(".".join("a" * (MAX_DEPTH - 1)) + " = 1", "toml")


@pytest.mark.parametrize(
    "key",
    [
        "a." * 100_000 + "a",
        "a . " * 50_000 + "a",
        '"a".' * 60_000 + "a",
        "'a.a'\t.\t" * 30_000 + "a",
        "a." * MAX_DEPTH + "a",
    ],
)
@pytest.mark.parametrize("text", ["{} = 1", "[{}]", "x = {{ {} = 1 }}", '# """\n{} = 1'])
def test_a_long_dotted_key_is_refused_before_it_is_parsed(key: str, text: str) -> None:
    error = refusal(text.format(key), "toml")
    line = 2 if "\n" in text else 1
    assert str(error) == f"expected keys of at most 32 parts, found more at line {line}"


@pytest.mark.parametrize(
    "text",
    [
        "# " + "a." * 40,
        'x = "' + "a." * 40 + '"',
        "x = '" + "a." * 40 + "'",
        'x = """\n' + "a.\n" * 40 + '"" \\""" """',
        "x = '''\n" + "a.\n" * 40 + "'' \" ''''",
        'x = "\\"' + "a." * 40 + '" # "',
        "x = [" + "0.5," * 40 + "]",
        "x = '" + "a" * 200_000 + "'",
        "x = '" + " " * 200_000 + "'",
        "x = 1 #" + "'" * 200_000,
    ],
)
def test_dots_outside_keys_are_no_matter(text: str) -> None:
    start = time.process_time()
    assert parse(text, "toml").keys() <= {"x"}
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "x = " + "a" * 200_000,
        "a-" * 100_000,
        '"""\\' * 60_000,
        '\\"""\n' * 50_000,
        '"' * 200_000,
        "'" * 200_000,
        '"\\' * 100_000,
        'x = """' + "a" * 200_000,
        " " * 200_000 + "a",
        "[" * 200_000,
    ],
)
def test_no_text_makes_the_search_for_long_keys_slow(text: str) -> None:
    refusal(text, "toml")


@pytest.mark.parametrize(("text", "form"), [("a = {}", "toml"), ('{{"a": {}}}', "json")])
def test_an_integer_of_thousands_of_digits_is_refused(text: str, form: Format) -> None:
    error = refusal(text.format("9" * 4301), form)
    assert str(error) == "expected integers of at most 64 bits, found more digits"


def test_values_that_nothing_can_use_are_found_wherever_they_are() -> None:
    table: dict[str, object] = {
        "small": [2**63 - 1, -(2**63), True, 1e300, "é\n"],
        "large": {"a": [0, 2**63]},
        "negative": -(2**63) - 1,
        "huge": 16**100_000,
        "nul": ["a\0b"],
        "half": "\ud800",
    }
    assert [str(problem) for problem in sorted(value_problems(table), key=lambda p: p.path)] == [
        "half: expected text without NUL or surrogates, found '\\ud800'",
        "huge: expected an integer of at most 64 bits, found one of 400001 bits",
        "large.a.1: expected an integer of at most 64 bits, found 9223372036854775808",
        "negative: expected an integer of at most 64 bits, found -9223372036854775809",
        "nul.0: expected text without NUL or surrogates, found 'a\\x00b'",
    ]
