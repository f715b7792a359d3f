"""What makes a network fit whose shapes do not: each mend is tried before it is proposed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Literal, get_args, get_origin

from pydantic import ValidationError

from layerkit.contracts.chain import Place
from layerkit.contracts.dataset import DataInfo, DatasetConfig
from layerkit.contracts.layer import LAYERS
from layerkit.contracts.promises import check_info
from layerkit.errors import LayerkitError
from layerkit.guard import plugin_errors
from layerkit.plan.inputs import plan_layers
from layerkit.registry import installed
from layerkit.spec.models import ModelSpec


def shape_mend(spec: ModelSpec, info: DataInfo, at: Place) -> str:
    """Return a small change that makes a network fit; empty if none is found.

    Parameters
    ----------
    spec
        Whose layers, or whose loss, cannot work on what reaches them.
    info
        What is known of its data.
    at
        The layer that cannot, or ``("loss",)``.
    """
    index = next((part for part in at if isinstance(part, int)), None)
    for changed, known, mend in _changes(spec, info, index):
        with suppress(LayerkitError, ValidationError):
            chain, _ = plan_layers(changed.layers, known)
            with plugin_errors(changed.loss, "loss"):
                changed.loss.plan(chain.output, known.target)
            return mend
    return ""


def _changes(
    spec: ModelSpec, info: DataInfo, index: int | None
) -> Iterator[tuple[ModelSpec, DataInfo, str]]:
    """Yield changed specs, what is known of their data, and what was changed."""
    if "flatten" in installed().names(LAYERS):
        flatten = installed().load(LAYERS, "flatten")()
        layers = spec.layers
        places = range(len(layers), -1, -1) if index is None else [index]
        for at in places:
            where = f"before layers.{at}" if at < len(layers) else "at the end of layers"
            changed = (*layers[:at], flatten, *layers[at:])
            yield spec.model_copy(update={"layers": changed}), info, f'insert "flatten" {where}'
    for key, value, written in _alternatives(spec.data):
        with suppress(LayerkitError, ValidationError):
            data = type(spec.data).model_validate({**dict(spec.data), key: value})
            with plugin_errors(data, "data"):
                known = data.info()
                check_info(data, known)
            yield spec.model_copy(update={"data": data}), known, f"set data.{key} = {written}"


def _alternatives(data: DatasetConfig) -> Iterator[tuple[str, str | bool, str]]:
    """Yield other values of the options that have a few: keys, values, and how they are written."""
    options: dict[str, object] = dict(data)
    for key, field in type(data).model_fields.items():
        found, kind = options[key], field.annotation
        if key in DatasetConfig.model_fields or key == "type":
            continue
        if isinstance(found, bool):
            yield key, not found, str(not found).lower()
        elif get_origin(kind) is Literal:
            for value in get_args(kind):
                if isinstance(value, str) and value != found:
                    yield key, value, f'"{value}"'
