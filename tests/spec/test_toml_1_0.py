"""What TOML 1.0 refuses is refused where Python's parser takes TOML 1.1 too."""

from __future__ import annotations

import random
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import tomli

from layerkit.spec.parsing import ParseError, parse
from layerkit.spec.toml_1_0 import newer_syntax, reads_newer_toml

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.toml"))

NEWER = [
    ("a = {\n}", 5, "an inline table on several lines"),
    ("a = { # b\n}", 6, "an inline table on several lines"),
    ("a = {b = 1,\n c = 2}", 11, "an inline table on several lines"),
    ("a = {b = 1\n}", 10, "an inline table on several lines"),
    ("x = [1,\n {b = {\r\n}}]", 15, "an inline table on several lines"),
    ("a = {b = 1,}", 10, "a comma after the last key of an inline table"),
    ("a = {b = [1,], c = {d = 1 , }}", 26, "a comma after the last key of an inline table"),
    (r'a = "\e"', 5, r"the escape \e"),
    (r'a = ["\\e", "\x41"]', 13, r"the escape \x"),
    ('a = """\n\\\n \\e"""', 11, r"the escape \e"),
    (r'["\x41"]', 2, r"the escape \x"),
    (r'a."\e".b = 1', 3, r"the escape \e"),
    ("a = 12:30", 4, "a time without seconds"),
    ("a = [2026-01-02 12:30 , 1]", 5, "a time without seconds"),
    ("a = 2026-01-02T12:30Z # b", 4, "a time without seconds"),
    ("a = 2026-01-02t12:30+01:00", 4, "a time without seconds"),
]
OLDER = [
    "a = {b = [\n1, # c\n], c = '''\n''', d = \"\"\"\n\"\"\" }",
    "a = [{b = 1},\n{},]",
    r"""a = '\e \x41'""" + "\nb = '''\\e'''",
    r'a = "\\e \\\\x41 \u0065 \t \" \\"',
    "a = 12:30:00\nb = 2026-01-02 12:30:00.5\nc = 2026-01-02\nd = '12:30'",
    'a = 2026-01-02T12:30:00-07:30\nb = "12:30" # 12:30',
    '"12:30" = 1\n[a."b c"]\n',
]
PIECES = [
    "a", "b", "=", "=", "{", "}", "{", "}", "[", "]", ",", ",", "\n", "\n", " ", " ", "#c\n", ".",
    '"\\e"', '"\\x41"', '"\\\\e"', "'\\e'", '"""\n\\e"""', "'''\n'''", "1", "true", "12:30",
    "12:30:01", "2026-01-02", "2026-01-02 03:04", "2026-01-02T03:04Z", "2026-01-02T03:04:05Z",
    "a = {", "b = 1,", "[[a]]\n", "[b]\n", "\r\n",
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "what"), NEWER)
def test_what_is_newer_is_found_where_it_stands(text: str, at: int, what: str) -> None:
    tomli.loads(text)
    found = newer_syntax(text)
    assert found is not None
    assert (found.message, found.span.start) == (f"{what}, which TOML 1.0 does not have", at)


@pytest.mark.parametrize("text", OLDER)
def test_what_is_not_newer_is_not(text: str) -> None:
    tomllib.loads(text)
    assert newer_syntax(text) is None


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_shipped_specs_are_toml_1_0(path: Path) -> None:
    assert newer_syntax(path.read_text("utf-8")) is None


@pytest.mark.parametrize("text", [text for text, _, _ in NEWER])
def test_no_python_takes_what_is_newer_for_a_spec(text: str) -> None:
    with pytest.raises(ParseError, match="no valid TOML: "):
        parse(text, "toml")


def test_a_python_that_reads_newer_toml_refuses_it_in_specs() -> None:
    program = f"""
import sys
import tomli
sys.modules["tomllib"] = tomli  # what tomllib is from Python 3.15 on
from layerkit.spec.parsing import ParseError, parse
for text in {[text for text, _, _ in NEWER]!r}:
    try:
        print("taken", parse(text, "toml"))
    except ParseError as error:
        print(error)
print(parse({OLDER[0]!r}, "toml")["a"]["b"])
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    said = [f"no valid TOML: {what}, which TOML 1.0 does not have" for _, _, what in NEWER]
    assert ran.stdout.splitlines() == [*said, "[1]"], ran.stderr


def changed(rng: random.Random) -> str:
    """Return a text of TOML 1.1 with some pieces more or less."""
    text, _, _ = rng.choice(NEWER) if rng.random() < 0.5 else (rng.choice(OLDER), 0, "")
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(PIECES) + text[at + rng.choice([0, 0, 1, 2]) :]
    return text


def is_accepted_by_older(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


@pytest.mark.skipif(reads_newer_toml(), reason="this Python cannot tell what TOML 1.0 refuses")
def test_both_versions_differ_in_nothing_else() -> None:
    rng = random.Random(11)  # noqa: S311
    verdicts = {True: 0, False: 0}
    for _ in range(40_000):
        text = changed(rng)
        try:
            tomli.loads(text)
        except tomli.TOMLDecodeError:
            continue
        is_older = is_accepted_by_older(text)
        assert (newer_syntax(text) is None) == is_older, repr(text)
        verdicts[is_older] += 1
    assert min(verdicts.values()) > 1000
