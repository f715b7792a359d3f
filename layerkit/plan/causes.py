"""Where in a spec a problem comes from, if not from where it shows."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from layerkit.arrays import Shape
from layerkit.component import Config
from layerkit.contracts.chain import Place, layer_names
from layerkit.contracts.dataset import DatasetConfig
from layerkit.contracts.layer_plan import LayerPlan
from layerkit.errors import ShapeError, ShapeOrigin
from layerkit.spec.diagnostics import Cause
from layerkit.spec.models import ModelSpec
from layerkit.values import is_tuple


def cause_of(spec: ModelSpec, origin: ShapeOrigin | None, of_data: Shape) -> Cause:
    """Return where the shape comes from that a layer cannot work on."""
    if origin is None:
        return Cause(("data",), f"the shape {of_data} comes from the data")
    place = ".".join(map(str, origin.at))
    text = f"the shape {origin.shape} comes from {place}, {origin.name}"
    return Cause((*origin.at, *_sizing(spec, origin)), text)


def _sizing(spec: ModelSpec, origin: ShapeOrigin) -> tuple[str, ...]:
    """Return the option of a layer that says how large its output is; none if it is not plain."""
    sizes = [key for key, value in _integers(_at(spec, origin.at)) if value in origin.shape]
    return tuple(sizes[:1])


def option_found(spec: ModelSpec, error: ShapeError) -> tuple[str, ...]:
    """Return the option of a layer whose value another layer's error says it found, if any."""
    found = str(error).rpartition("found (")[2]
    here = _at(spec, error.at)
    if not isinstance(here, Config) or str(error).startswith(f"{here.display_name} "):
        return ()
    keys = [key for key, value in _integers(here) if found.startswith(f"{value},")]
    return tuple(keys[:1])


def _at(spec: ModelSpec, at: Place) -> object:
    """Return what is at a place in a spec."""
    here: object = spec
    for part in at:
        if isinstance(here, BaseModel):
            fields: dict[str, object] = dict(here)
            here = fields.get(str(part))
        elif is_tuple(here) and isinstance(part, int):
            here = here[part]
    return here


def _integers(config: object) -> Iterator[tuple[str, int]]:
    """Yield the options of a component that are integers."""
    options: dict[str, object] = dict(config) if isinstance(config, BaseModel) else {}
    for key, value in options.items():
        if isinstance(value, int) and not isinstance(value, bool):
            yield key, value


def last_cause(spec: ModelSpec, chain: LayerPlan) -> Cause | None:
    """Return which layer makes the shape of the network's output."""
    for index in reversed(range(len(chain.layers))):
        layer = chain.layers[index]
        if layer.plan.output != layer.input_shape:
            origin = ShapeOrigin(chain.output, ("layers", index), layer.name)
            return cause_of(spec, origin, chain.output)
    return None


def counted_by(data: DatasetConfig, examples: int | None) -> Cause | None:
    """Return which option of the dataset says how many training examples there are."""
    options: dict[str, object] = dict(data)
    keys = [
        key
        for key, value in options.items()
        if value == examples and key not in DatasetConfig.model_fields
    ]
    if examples is None or not keys:
        return None
    return Cause(("data", keys[0]), f"the {examples} training examples come from data.{keys[0]}")


def naming_layer(spec: ModelSpec, path: str) -> Cause | None:
    """Return which layer of the network a parameter's path names."""
    name = path.partition(".")[0]
    names = layer_names(spec.layers)
    if name not in names:
        return None
    index = names.index(name)
    given = spec.layers[index].name is not None
    return Cause(("layers", index, *(("name",) if given else ())), f"this layer is called '{name}'")
