"""The trained network of a run as one file that other programs read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from layerkit.contracts.dataset import ClassTarget
from layerkit.contracts.layer_plan import LayerPlan
from layerkit.engine.network import Network
from layerkit.errors import UsageError
from layerkit.formats.atomic import written_atomically
from layerkit.formats.json_text import json_text
from layerkit.formats.npz_writer import npz_bytes
from layerkit.formats.weights import safetensors_bytes
from layerkit.runs.manifest import Json
from layerkit.runs.run import load
from layerkit.spec.dumping import to_toml

ExportFormat: TypeAlias = Literal["safetensors", "npz"]
NOTE = "layerkit.json"
"""The member of an ``.npz`` file that says what is in it."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes
    ----------
    format
        Of the file.
    arrays, values
        How many.
    """

    format: ExportFormat
    arrays: int
    values: int


def export_run(
    directory: str | Path,
    path: str | Path,
    form: ExportFormat | None = None,
    *,
    force: bool = False,
) -> Exported:
    """Write the trained network of a run into one file, whole or not at all.

    The file has every parameter and every array of state by its path, such as ``dense_1.weight``,
    and as JSON what is needed to use them: the spec as TOML, the layers by path and type, shapes,
    the scale of inputs, and the names of classes, features and targets. In a safetensors file that
    is ``layerkit`` in the metadata of its header, in an ``.npz`` file the member ``layerkit.json``.

    Parameters
    ----------
    directory
        Of the run.
    path
        What to write.
    form
        ``"safetensors"`` or ``"npz"``; by default what the path ends in.
    force
        Whether to replace a file that is there.

    Raises
    ------
    UsageError
        If there is such a file, or no format is given and the path does not tell it.
    LayerkitError
        What `load` raises; FileError if the file cannot be written.
    """
    path = Path(path)
    chosen = form or _format_of(path)
    if path.exists() and not force:
        raise UsageError(f"{path}: expected a new file, found one; choose another, or --force")
    network = load(directory)
    arrays = {
        name: np.ascontiguousarray(array)
        for name, array in {**network.arrays, **network.parameters}.items()
    }
    about = json_text(export_facts(network))
    is_npz = chosen == "npz"
    content = npz_bytes(arrays, {NOTE: about}) if is_npz else safetensors_bytes(arrays, about)
    with written_atomically(path) as file:
        file.write(content)
    return Exported(chosen, len(arrays), sum(array.size for array in arrays.values()))


def export_facts(network: Network) -> dict[str, Json]:
    """Return what an exported file says beside its arrays."""
    plan, info = network.plan, network.plan.info
    is_class = isinstance(info.target, ClassTarget)
    return {
        "layerkit": version("layerkit"),
        "spec": to_toml(network.spec),
        "layers": [
            {"path": path, "type": kind, "output_shape": [*shape]}
            for path, kind, shape in _layers(plan.chain)
        ],
        "input_shape": [*info.input_shape],
        "output_shape": [*plan.output_shape],
        "prediction_shape": [*plan.loss.prediction],
        "scale": info.scale,
        "vocabulary": info.vocabulary,
        "features": [*info.features],
        "classes": info.target.classes if isinstance(info.target, ClassTarget) else None,
        "class_names": [*network.class_names],
        "target_names": [] if is_class else [*info.target.names],
    }


def _layers(plan: LayerPlan, above: str = "") -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Yield path, type and output shape of every layer, each before those inside it."""
    for layer in plan.layers:
        path = f"{above}{layer.name}"
        yield path, layer.config.display_name, layer.plan.output
        yield from _layers(layer.plan, f"{path}.")


def _format_of(path: Path) -> ExportFormat:
    suffix = path.suffix.lower()
    if suffix == ".npz":
        return "npz"
    if suffix == ".safetensors":
        return "safetensors"
    raise UsageError(
        f"{path}: expected a name that ends in .safetensors or .npz, or one of these with --format"
    )
