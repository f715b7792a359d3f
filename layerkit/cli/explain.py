"""``layerkit explain``: where the values of a spec come from, and what they mean."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from layerkit.cli.component import component_facts, say_text, show_options, source_file
from layerkit.cli.output import say, say_facts
from layerkit.cli.tables import show
from layerkit.component import Config
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_plan import PlannedLayer
from layerkit.display.format import shape_text
from layerkit.display.tables import new_table
from layerkit.errors import LayerkitError
from layerkit.plan.network import NetworkPlan, plan_network
from layerkit.schema.docstrings import documentation
from layerkit.schema.options import options_of, value_text
from layerkit.schema.origins import Origins, Value, parsed_path, path_text
from layerkit.spec.loading import Document, load_document, validate
from layerkit.spec.models import ModelSpec
from layerkit.values import is_sequence, is_table


def explain_spec(path: Path, at: str | None, overrides: Iterable[str]) -> int:
    """Print every value of a spec with its origin, or all that is known of one.

    Raises
    ------
    LayerkitError
        If the spec is not valid, or has nothing at the path.
    """
    document = load_document(path, overrides)
    spec = validate(document)
    origins = Origins(document, spec)
    if at is None:
        _show_values(origins.all())
        return 0
    found = origins.at(parsed_path(at))
    _show_value(found)
    owners = [owner for _, owner in found.owners if isinstance(owner, Config)]
    inner = _config_at(spec, found.path)
    component = inner or (owners[-1] if owners else None)
    if component is not None:
        say("")
        facts = component_facts(type(component))
        layer = _layer_above(spec, found.path)
        if layer is not None:
            facts |= _layer_facts(document, spec, layer)
        say_facts(facts)
        say("")
        say_text(documentation(type(component)).text)
    if is_table(found.value) or (is_sequence(found.value) and inner is not None):
        say("")
        _show_values(origins.all(found.path))
    if inner is not None:
        say("")
        show_options(options_of(type(inner)))
    return 0


def _show_values(values: Iterable[Value]) -> None:
    table = new_table(dict.fromkeys(("path", "value", "origin"), ""), wraps=("value", "origin"))
    for each in values:
        table.add_row(path_text(each.path), value_text(each.value), each.origin)
    show(table)


def _show_value(found: Value) -> None:
    value = "not set" if found.value is None else value_text(found.value)
    facts = {"path": path_text(found.path), "value": value, "origin": found.origin}
    option = next((each for each in options_of(type(found.owner)) if each.name == found.key), None)
    if option is not None:
        facts |= {"allowed": option.allowed, "default": option.default or "not set"}
        facts["meaning"] = option.meaning.replace("\n\n", " ")
    if not isinstance(found.owner, Config):
        facts["in"] = f"{type(found.owner).__name__}, {source_file(type(found.owner))}"
    say_facts({name: text for name, text in facts.items() if text})


def _config_at(spec: ModelSpec, path: Sequence[str | int]) -> Config | None:
    """Return the component that stands at a path, not one that it is an option of."""
    here: object = spec
    for part in path:
        here = _step(here, part)
    return here if isinstance(here, Config) else None


def _step(here: object, part: str | int) -> object:
    if is_sequence(here) and isinstance(part, int):
        return here[part]
    if is_table(here):
        return here[str(part)]
    fields: dict[str, object] = dict(here) if isinstance(here, Config | ModelSpec) else {}
    return fields.get(str(part))


def _layer_above(spec: ModelSpec, path: Sequence[str | int]) -> tuple[str | int, ...] | None:
    """Return the path of the innermost layer that a path leads into."""
    for end in range(len(path), 1, -1):
        if isinstance(_config_at(spec, path[:end]), LayerConfig):
            return tuple(path[:end])
    return None


def _layer_facts(
    document: Document, spec: ModelSpec, path: tuple[str | int, ...]
) -> dict[str, str]:
    try:
        plan = plan_network(spec, document.source)
    except LayerkitError as error:
        return {"shapes": f"unknown: {str(error).splitlines()[0]}"}
    found = _planned(plan, spec, path)
    if found is None:
        return {}
    name, layer = found
    params = {each: param.shape for each, param in layer.plan.all_params()}
    facts = {
        "layer": name,
        "input": shape_text(layer.input_shape),
        "output": shape_text(layer.plan.output),
    }
    counts = [f"{each} {shape_text(shape)}: {math.prod(shape):,}" for each, shape in params.items()]
    facts["parameters"] = f"{layer.plan.size:,}" + (f" ({', '.join(counts)})" if counts else "")
    starts = [
        f"{each} from {param.initializer.description(param.fan)}"
        for each, param in layer.plan.all_params()
    ]
    if starts:
        facts["start"] = "; ".join(starts)
    return facts


def _planned(
    plan: NetworkPlan, spec: ModelSpec, path: tuple[str | int, ...]
) -> tuple[str, PlannedLayer] | None:
    """Return the plan of the layer at a path, with its path in the network."""
    names: list[str] = []
    planned, here, start = plan.layers, [*_layers_in(spec)], path
    found: PlannedLayer | None = None
    while start:
        places = [place for place, _ in here]
        inside = next((place for place in places if start[: len(place)] == place), None)
        if inside is None or len(planned) != len(here):
            return None
        index = places.index(inside)
        found = planned[index]
        names.append(found.name)
        start, planned = start[len(inside) :], found.plan.layers
        here = [*_layers_in(here[index][1])]
    return None if found is None else (".".join(names), found)


def _layers_in(
    value: object, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], LayerConfig]]:
    """Yield the layers of a spec or a composite, in order, each with its path there."""
    if isinstance(value, LayerConfig) and path:
        yield path, value
    elif isinstance(value, LayerConfig | ModelSpec):
        for name, below in dict[str, object](value).items():
            yield from _layers_in(below, (*path, name))
    elif is_sequence(value):
        for index, below in enumerate(value):
            yield from _layers_in(below, (*path, index))
