"""The schema and the models accept the same specs, up to rules that the schema names."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from layerkit.contracts.kinds import KINDS
from layerkit.registry import installed
from layerkit.schema.examples import example_of
from layerkit.schema.generator import NOT_SAID, PREFIX
from layerkit.schema.spec_schema import kind_name, spec_schema
from layerkit.spec.diagnostics import Loc, SpecError
from layerkit.spec.loading import read_document, spec_of
from layerkit.values import is_list, is_table

SCHEMA, ERRORS = spec_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.*"))
DEFINITIONS = SCHEMA["$defs"]
assert is_table(DEFINITIONS)
COMPONENTS = sorted(name for name in DEFINITIONS if "." in name)

TABLES = 12
"""Of each component."""
WRONG = 3
"""Values of each option."""

ODD: list[object] = [
    None, True, False, 0, 1, 2, -1, 0.5, 1.5, -0.5, "", "a", "auto", "full", "never", "1/2", "3/2",
    "0/4", "number", "tanh", "dense", [], [1], ["a"], ["a", "a"], [[]], [[1]], {}, {"a": 1},
    {"type": "number"}, {"type": "tanh"}, {"type": "category", "categories": ["a", "b"]},
    {"number": 1, "of": 2}, ["tanh", {"type": "dense", "units": 2}], "zeros", "constant",
]  # fmt: skip
"""Values to put where others belong."""


def likely(schema: object, rng: random.Random) -> object:
    """Return a value that mostly fits a schema, and sometimes does not."""
    if not is_table(schema) or rng.random() < 0.1:
        return copy.deepcopy(rng.choice(ODD))
    return fitting(schema, rng)


def resolved(schema: dict[str, object]) -> dict[str, object]:
    name = schema.get("$ref")
    if isinstance(name, str) and is_table(DEFINITIONS):
        below = DEFINITIONS[name.removeprefix(PREFIX)]
        return below if is_table(below) else {}
    return schema


def fitting(schema: dict[str, object], rng: random.Random) -> object:
    """Return a value that fits a schema, or nearly: numbers also lie at and beyond the bounds."""
    schema = resolved(schema)
    for key in ("anyOf", "oneOf"):
        branches = schema.get(key)
        if is_list(branches):
            return likely(rng.choice(branches), rng)
    choices = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if is_list(choices):
        return rng.choice(choices)
    kind = schema.get("type")
    if kind in {"integer", "number"}:
        bounds = [value for value in schema.values() if isinstance(value, int | float)]
        around = [bound + step for bound in [*bounds, 1] for step in (-1, 0, 1, 1)]
        return rng.choice([*around, *([0.5, 1e-3] if kind == "number" else [])])
    if kind == "array":
        return list_for(schema, rng)
    if kind == "object":
        return table_for(schema, rng)
    names = str(schema.get("pattern", "")).strip("^(?:)$").replace("\\", "").split("|")
    plain: dict[str, list[object]] = {
        "boolean": [True, False],
        "null": [None],
        "string": ["a", "b", "utf-8", "1/3", "9/3", ";", ","] if names == [""] else [*names],
    }
    return rng.choice(plain.get(str(kind), ODD))


def list_for(schema: dict[str, object], rng: random.Random) -> list[object]:
    first, least = schema.get("prefixItems"), schema.get("minItems")
    if is_list(first):
        return [likely(each, rng) for each in first]
    start = least if isinstance(least, int) else 0
    return [likely(schema.get("items"), rng) for _ in range(start + rng.choice([0, 0, 1, 2]))]


def table_for(schema: dict[str, object], rng: random.Random) -> dict[str, object]:
    properties, required = schema.get("properties"), schema.get("required")
    if not is_table(properties):
        others = schema.get("additionalProperties")
        return {key: likely(others, rng) for key in rng.sample(["a", "b"], rng.randrange(3))}
    needed = [str(name) for name in (required if is_list(required) else [])]
    if needed and rng.random() < 0.05:
        needed.pop(rng.randrange(len(needed)))
    chosen = rng.sample(sorted(properties), min(len(properties), rng.choice([0, 0, 1, 2])))
    table = {key: likely(properties[key], rng) for key in dict.fromkeys([*needed, *chosen])}
    named = properties.get("type")
    if is_table(named) and rng.random() < 0.95:
        table["type"] = fitting(named, rng)
    return {**table, **({"unknown": 1} if rng.random() < 0.05 else {})}


def spec_with(path: tuple[str | int, ...], value: object) -> dict[str, object]:
    """Return a small spec with something put at a path."""
    spec: dict[str, object] = {
        "data": "spirals",
        "layers": ["tanh"],
        "loss": "mean_squared_error",
        "optimizer": "adam",
    }
    top, *rest = path
    if not rest:
        return {**spec, str(top): value}
    if isinstance(rest[0], int):
        return {**spec, str(top): [value]}
    return {**spec, str(top): {"type": "adam", str(rest[0]): value}}


PLACES: dict[str, tuple[str | int, ...]] = {
    "layer": ("layers", 0),
    "loss": ("loss",),
    "regularizer": ("regularizers", 0),
    "gradient_transform": ("gradient_transforms", 0),
    "constraint": ("constraints", 0),
    "optimizer": ("optimizer",),
    "schedule": ("optimizer", "schedule"),
    "dataset": ("data",),
    "metric": ("metrics", 0),
    "callback": ("callbacks", 0),
}


def place_of(component: str) -> Loc:
    """Return where `placed` puts a component."""
    kind = component.partition(".")[0]
    return ("layers", 0, "weight_initializer") if kind == "initializer" else PLACES[kind]


def placed(component: str, value: object) -> dict[str, object]:
    kind = component.partition(".")[0]
    if kind == "initializer":
        return spec_with(("layers", 0), {"type": "dense", "units": 1, "weight_initializer": value})
    return spec_with(PLACES[kind], value)


def refusals(spec: dict[str, object]) -> dict[Loc, str]:
    """Return what the models say against a spec, by place."""
    try:
        spec_of(copy.deepcopy(spec))
    except SpecError as error:
        return {each.loc: each.reason for each in error.problems}
    return {}


def rules_in(schema: object, value: object, loc: Loc = ()) -> set[Loc]:
    """Return the places in a value to which a rule applies that the schema names but cannot say."""
    if not is_table(schema):
        return set()
    comment = schema.get("$comment")
    is_rule = isinstance(comment, str) and comment.startswith(NOT_SAID)
    places = {loc} if is_rule else set[Loc]()
    if "$ref" in schema:
        places |= rules_in(resolved(schema), value, loc)
    for key in ("anyOf", "oneOf"):
        branches = schema.get(key)
        for branch in branches if is_list(branches) else []:
            if is_table(branch) and VALIDATOR.evolve(schema=branch).is_valid(value):
                places |= rules_in(branch, value, loc)
    properties, others = schema.get("properties"), schema.get("additionalProperties")
    if is_table(value):
        for key, below in value.items():
            inner = properties.get(key, others) if is_table(properties) else others
            places |= rules_in(inner, below, (*loc, key))
    elif is_list(value):
        for index, below in enumerate(value):
            places |= rules_in(schema.get("items"), below, (*loc, index))
    return places


def disagreement(spec: dict[str, object]) -> str | None:
    """Return how schema and models differ about a spec, None if they agree."""
    said = refusals(spec)
    if VALIDATOR.is_valid(spec):
        places = rules_in(SCHEMA, spec) if said else set[Loc]()
        unsaid = {loc: reason for loc, reason in said.items() if loc not in places}
        return f"accepted by the schema alone: {unsaid} in {spec}" if unsaid else None
    if not said:
        errors = [each.message for each in VALIDATOR.iter_errors(spec)]
        return f"accepted by the models alone: {errors} in {spec}"
    return None


@pytest.mark.parametrize("component", COMPONENTS)
def test_schema_and_models_accept_the_same_tables_of_a_component(component: str) -> None:
    rng = random.Random(component)  # noqa: S311  # the same tables every time
    schema = resolved({"$ref": f"{PREFIX}{component}"})
    for _ in range(TABLES):
        assert disagreement(placed(component, fitting(schema, rng))) is None


def right_table(component: str) -> dict[str, object]:
    """Return a table of a component with nothing wrong."""
    noun, _, name = component.partition(".")
    kind = next(each for each in KINDS if kind_name(each) == noun)
    table = example_of(installed().load(kind, name), installed())
    assert table is not None
    return table


def wrong_tables(component: str) -> Iterator[tuple[tuple[str, ...], dict[str, object]]]:
    """Yield tables of a component, each with one thing wrong, and where that is."""
    right = right_table(component)
    schema = resolved({"$ref": f"{PREFIX}{component}"})
    properties, required = schema["properties"], schema.get("required")
    assert is_table(properties)
    yield ("unknown",), {**right, "unknown": 1}
    yield ("type",), {**right, "type": "nobody"}
    yield ("type",), {**right, "type": 1}
    for name in required if is_list(required) else []:
        at = () if name == "type" else (str(name),)  # without a type nothing is known of it
        yield at, {key: value for key, value in right.items() if key != name}
    for name, option in properties.items():
        assert is_table(option)
        accepts = VALIDATOR.evolve(schema=option).is_valid
        wrong = (value for value in [*beyond(option), *ODD] if not accepts(value))
        for value in islice(wrong, 0 if name == "type" else WRONG):
            yield (name,), {**right, name: value}


def beyond(schema: dict[str, object]) -> Iterator[float]:
    """Yield numbers just outside of a range."""
    for key, step in {
        "minimum": -1, "exclusiveMinimum": 0, "maximum": 1, "exclusiveMaximum": 0
    }.items():  # fmt: skip
        bound = schema.get(key)
        if isinstance(bound, int | float):
            yield bound + step


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_right_table_of_a_component_is_accepted_by_both(component: str) -> None:
    spec = placed(component, right_table(component))
    assert [each.message for each in VALIDATOR.iter_errors(spec)] == []
    assert refusals(spec) == {}


@pytest.mark.parametrize("component", COMPONENTS)
def test_wrong_tables_of_a_component_are_refused_by_both(component: str) -> None:
    at = place_of(component)
    wrong = [*wrong_tables(component)]
    assert len(wrong) > 3
    for key, table in wrong:
        spec = placed(component, table)
        assert not VALIDATOR.is_valid(spec), spec
        said = refusals(spec)
        assert any(loc[: len(at) + 1] == (*at, *key) for loc in said), (key, said, table)


@pytest.mark.parametrize("section", ["training", "checkpoints", "ties", "seed", "dtype", "kernels"])
def test_schema_and_models_accept_the_same_sections(section: str) -> None:
    rng = random.Random(section)  # noqa: S311
    properties = SCHEMA["properties"]
    assert is_table(properties)
    for _ in range(4 * TABLES):
        assert disagreement(spec_with((section,), likely(properties[section], rng))) is None


@pytest.mark.parametrize("path", SPECS, ids=[path.name for path in SPECS])
def test_schema_and_models_agree_about_shipped_specs_and_changed_ones(path: Path) -> None:
    table = read_document(path).table
    assert disagreement(table) is None
    assert VALIDATOR.is_valid(table)
    rng = random.Random(path.name)  # noqa: S311
    for _ in range(TABLES):
        changed = copy.deepcopy(table)
        here: object = changed
        for _ in range(rng.randrange(1, 4)):
            if not here:
                break
            if is_table(here):
                key = rng.choice([*here])
                if rng.random() < 0.4:
                    here[key] = copy.deepcopy(rng.choice(ODD))
                here = here[key]
            elif is_list(here):
                index = rng.randrange(len(here))
                if rng.random() < 0.4:
                    here[index] = copy.deepcopy(rng.choice(ODD))
                here = here[index]
        assert disagreement(changed) is None
