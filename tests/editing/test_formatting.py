from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerkit.editing.formatting import formatted, tree_of
from layerkit.spec.parsing import ParseError, parse
from layerkit.spec.source import Format
from tests.editing.written import Writer

ROOT = Path(__file__).parent.parent.parent
SPECS = sorted((ROOT / "specs").glob("*.*"))
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.toml"))


def expect_same_meaning(text: str, form: Format) -> str:
    """Format a text twice; check values, their order, and comments; return the result."""
    before = parse(text, form)
    once = formatted(text, form)
    assert repr(parse(once, form)) == repr(before)
    assert formatted(once, form) == once
    assert [*tree_of(once, form).comments()] == [*tree_of(text, form).comments()]
    return once


randoms = st.randoms(use_true_random=True)


@settings(max_examples=60, deadline=None)
@given(randoms)
def test_a_toml_document_keeps_values_and_comments_and_is_formatted_at_once(random: Random) -> None:
    text = Writer(random).toml()
    expect_same_meaning(text, "toml")


@settings(max_examples=60, deadline=None)
@given(randoms)
def test_a_json_document_keeps_values_and_is_formatted_at_once(random: Random) -> None:
    expect_same_meaning(Writer(random).json(), "json")


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_a_shipped_spec_is_formatted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert expect_same_meaning(text, "json" if path.suffix == ".json" else "toml") == text


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_of_the_docs_keeps_its_values(path: Path) -> None:
    expect_same_meaning(path.read_text(encoding="utf-8"), "toml")


def test_specs_in_the_docs_keep_their_values() -> None:
    found = 0
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("**/*.md")):
        for block in re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            try:
                parse(block, "toml")
            except ParseError:
                continue
            expect_same_meaning(block, "toml")
            found += 1
    assert found > 20


LAID_OUT = [
    ("a=1", "a = 1\n"),
    ("\n\n\na = 1\n\n\n\nb = 2\n\n\n", "a = 1\n\nb = 2\n"),
    ("[ a . 'b' ]\nc . d=1", "[a.'b']\nc.d = 1\n"),
    ("a = 1\n[b]\n\nc = 1", "a = 1\n\n[b]\nc = 1\n"),
    ("a = 1\n# about b\n[b]", "a = 1\n\n# about b\n[b]\n"),
    ("a = 1 #x \n# own  ", "a = 1 #x\n# own\n"),
    ("a = [1,2 , 3,]\nb = {}\nc={x=1,y.z=[]}", "a = [1, 2, 3]\nb = {}\nc = { x = 1, y.z = [] }\n"),
    (
        "a = 1   # one\nlonger = 2 # two\n\nb = 3    # three",
        "a = 1      # one\nlonger = 2 # two\n\nb = 3 # three\n",
    ),
    ("a = [\n1, 2,\n\n\n3 ]", "a = [\n    1, 2,\n\n    3,\n]\n"),
    ("a = [1, # one\n2]", "a = [\n    1, # one\n    2,\n]\n"),
    ("a = { b = [ # c\n1], d = 2 }", "a = { b = [ # c\n    1,\n], d = 2 }\n"),
    ("  #:schema ./x.json\r\na = 1\r\n", "#:schema ./x.json\r\na = 1\r\n"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), LAID_OUT)
def test_toml_is_laid_out_like_this(text: str, expected: str) -> None:
    assert expect_same_meaning(text, "toml") == expected


def test_a_list_that_is_too_long_is_broken_and_one_that_is_broken_stays_so() -> None:
    layers = ", ".join(f'{{ type = "dense", units = {number} }}' for number in range(100, 105))
    assert expect_same_meaning(f"layers = [{layers}]", "toml").startswith(
        'layers = [\n    { type = "dense", units = 100 },\n    { type = "dense", units = 101 },\n'
    )
    assert expect_same_meaning('a = [\n"x"]', "toml") == 'a = [\n    "x",\n]\n'
    assert expect_same_meaning('a = ["x",\n"y"]', "toml") == 'a = ["x", "y"]\n'


def test_long_lists_of_numbers_fill_their_lines() -> None:
    text = expect_same_meaning(f"a = {[*range(1000, 1100)]}", "toml")
    assert [len(line) for line in text.splitlines()] == [5, *[117] * 5, 33, 1]


def test_json_is_laid_out_like_this() -> None:
    text = '{"a":{"b":[1,2]},"c":{\n"d":1e-3},"e":[],\n"f":{}}'
    assert expect_same_meaning(text, "json") == (
        '{\n  "a": { "b": [1, 2] },\n  "c": {\n    "d": 1e-3\n  },\n  "e": [],\n  "f": {}\n}\n'
    )
    assert expect_same_meaning("{ }", "json") == "{}\n"
