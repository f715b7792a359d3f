from __future__ import annotations

import copy
import json
import random
import re
import tomllib
from pathlib import Path

import pytest

from layerkit.engine.training import train
from layerkit.errors import DataError, FileError, LayerkitError
from layerkit.plan.network import plan_network
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.dumping import to_toml
from layerkit.spec.loading import load_spec, parse_spec, read_document
from layerkit.spec.source import Format
from layerkit.values import is_list, is_table

SPECS = sorted((Path(__file__).parent.parent / "specs").glob("*.*"))
NAMES = [path.name for path in SPECS]
MUTATIONS = 25
"""Of each shipped spec."""

every_spec = pytest.mark.parametrize("path", SPECS, ids=NAMES)

VALUES: list[object] = [
    None,
    True,
    0,
    -1,
    1.0,
    2**63,
    10**4000,
    1e308,
    float("nan"),
    "",
    "dense",
    "a.b",
    "\0",
    "\ud800",
    "*",
    [],
    ["tanh"],
    [[]],
    {},
    {"type": "dense"},
    {"type": "dense", "units": 10**9},
    {"type": ["dense"]},
]


def test_there_are_specs() -> None:
    assert {"blobs.json", "spirals.toml", "mnist_tanh_dropout.toml"} <= {*NAMES}


@every_spec
def test_a_shipped_spec_loads_and_plans(path: Path) -> None:
    plan = plan_network(load_spec(path), str(path))
    assert plan.size > 0
    assert plan.figures


@every_spec
def test_a_shipped_spec_comes_back_from_its_dump(path: Path) -> None:
    spec = load_spec(path)
    assert parse_spec(to_toml(spec)) == spec


@pytest.mark.parametrize("name", ["spirals.toml", "blobs.json", "perceptron.toml"])
def test_a_quick_spec_learns_what_it_is_about(name: str) -> None:
    path = next(path for path in SPECS if path.name == name)
    assert train(load_spec(path)).test["accuracy"] >= 0.95


def mutated(value: object, rng: random.Random) -> object:
    """Return a parsed spec with something deleted, doubled, renamed, or of another type."""
    if (is_table(value) or is_list(value)) and value and rng.random() < 0.85:
        if is_list(value):
            index = rng.randrange(len(value))
            change = rng.choice(["inside", "inside", "delete", "double"])
            if change == "inside":
                value[index] = mutated(value[index], rng)
            elif change == "delete":
                del value[index]
            else:
                value.insert(index, copy.deepcopy(value[index]))
            return value
        key = rng.choice(list(value))
        change = rng.choice(["inside", "inside", "inside", "delete", "double", "rename"])
        if change == "inside":
            value[key] = mutated(value[key], rng)
        elif change == "double":
            value[f"{key}_2"] = copy.deepcopy(value[key])
        else:
            taken = value.pop(key)
            if change == "rename":
                position = rng.randrange(len(key))
                value[key[:position] + rng.choice("._ x\n") + key[position + 1 :]] = taken
        return value
    return copy.deepcopy(rng.choice(VALUES))


def refusal(text: str, form: Format) -> LayerkitError | None:
    """Return what is said against a spec, if anything; a plugin is never at fault here."""
    try:
        plan_network(parse_spec(text, form))
    except (SpecError, DataError, FileError) as error:
        return error
    return None


def check_reads_well(error: LayerkitError) -> None:
    assert str(error)
    if isinstance(error, SpecError):
        assert all(problem.reason for problem in error.problems)
        for line in str(error).splitlines():
            is_excerpt = re.match(r" *\d* \|", line)
            assert is_excerpt or re.match(r"(<string>|spec|help)(:\d+:\d+)?: .", line)
            assert is_excerpt or not re.search(r"Input|should|None|\[key\]", line)


@every_spec
def test_a_spec_changed_at_random_is_planned_or_refused(path: Path) -> None:
    rng = random.Random(path.name)  # noqa: S311  # the same changes every time
    refused = 0
    for _ in range(MUTATIONS):
        table: object = copy.deepcopy(read_document(path).table)
        for _ in range(rng.choice([1, 1, 2, 5])):
            table = mutated(table, rng)
        error = refusal(json.dumps(table), "json")
        if error is not None:
            check_reads_well(error)
            refused += 1
    assert MUTATIONS / 2 < refused <= MUTATIONS


@every_spec
def test_a_text_with_a_part_cut_out_is_planned_or_refused(path: Path) -> None:
    rng = random.Random(path.name)  # noqa: S311  # the same cuts every time
    text = read_document(path).source.text
    for _ in range(MUTATIONS):
        start = rng.randrange(len(text))
        cut = text[:start] + text[start + rng.choice([1, 1, 3, 30]) :]
        error = refusal(cut, "json" if path.suffix == ".json" else "toml")
        if error is not None:
            check_reads_well(error)


def test_toml_is_read_as_python_reads_it() -> None:
    for path in SPECS:
        if path.suffix == ".toml":
            with path.open("rb") as file:
                assert read_document(path).table == tomllib.load(file)
