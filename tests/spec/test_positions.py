from __future__ import annotations

import json
import math
import random
import tomllib
from collections.abc import Iterator
from pathlib import Path as FilePath

import pytest
import tomli_w

from layerkit.spec.positions import Path, Place, positions
from layerkit.values import is_list, is_table

ROOT = FilePath(__file__).parent.parent.parent
SPECS = sorted((ROOT / "specs").glob("*.*"))

TRICKY = '''
# a comment with [brackets] and "quotes"
"a b".'c.d' = 1 # [x]
list = [ # one
  "a,b]", """two
lines "quoted" ""\\"""", \'\'\'it's\'\'\',
  { x = [1, 2], "y" = { z = 1979-05-27T07:32:00Z } } ,
  [ [], {} ],
]
d.e.f = -0.5e+3
[t . "u"]
v = true
[[t.w]]
x = 'y'
[[t.w]]
[t.w.inner]
deep = 1
[[t.w.more]]
z = "\\u00e9"
[t.w.more.below]
k = [1,
2
]
'''


def paths(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    if path:
        yield path, value
    if is_table(value):
        for key, below in value.items():
            yield from paths(below, (*path, key))
    elif is_list(value):
        for index, below in enumerate(value):
            yield from paths(below, (*path, index))


def read(text: str, form: str) -> object:
    if form == "json":
        return json.loads(text)
    return tomllib.loads(f"value = {text}")["value"]


def same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return one == other


def expect_places(text: str, form: str, table: object) -> int:
    """Check that every value stands where it is said to stand; return how many were compared."""
    found = positions(text, "json" if form == "json" else "toml")
    compared = 0
    for path, value in paths(table):
        place: Place = found[path]
        if place.value is not None:
            assert same(read(text[place.value.start : place.value.end], form), value), path
            compared += 1
        if isinstance(path[-1], str):
            assert place.key is not None
            written = text[place.key.start : place.key.end]
            key = read(written, form) if written[0] in "\"'" else written
            assert key == path[-1]
        assert place.key is not None or place.value is not None
    known = {path for path, _ in paths(table)}
    assert {path for path in found if path} == known
    return compared


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_everything_in_the_shipped_specs_is_found(path: FilePath) -> None:
    text, form = path.read_text(), path.suffix[1:]
    table: object = json.loads(text) if form == "json" else tomllib.loads(text)
    assert expect_places(text, form, table) > 10


def test_odd_keys_comments_strings_and_headers_are_found() -> None:
    assert expect_places(TRICKY, "toml", tomllib.loads(TRICKY)) == 22


class Texts:
    """Random tables, written in random ways."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311

    def key(self) -> str:
        return self.random.choice(["a", "b-1", "c d", "e.f", "ü", '"', "'", "#", "[", "", "x" * 9])

    def value(self, depth: int) -> object:
        kind = self.random.randrange(9 if depth else 6)
        if kind >= 7:
            return {self.key(): self.value(depth - 1) for _ in range(self.random.randrange(4))}
        if kind == 6:
            return [self.value(depth - 1) for _ in range(self.random.randrange(4))]
        plain: list[object] = [1, -2.5e30, True, "te,xt ]}#", 'say "\\" it\n\'\'\' """', "é\t"]
        return plain[kind]

    def table(self) -> dict[str, object]:
        return {self.key(): self.value(4) for _ in range(self.random.randrange(6))}


def test_everything_in_thousands_of_random_documents_is_found() -> None:
    compared = 0
    for seed in range(1500):
        texts = Texts(seed)
        table = texts.table()
        text = tomli_w.dumps(table, multiline_strings=bool(seed % 2), indent=seed % 5)
        compared += expect_places(text, "toml", table)
        text = json.dumps(
            table, indent=texts.random.choice([None, 0, 3]), ensure_ascii=seed % 3 > 0
        )
        compared += expect_places(text, "json", table)
    assert compared > 9_000
