"""The facts in a run's manifest: versions, plugins, machine, threads, data."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TypeAlias

import numpy as np
from pydantic import BaseModel, ValidationError
from threadpoolctl import threadpool_info

from layerkit.arrays import Array, Values
from layerkit.component import Config
from layerkit.contracts.dataset import ClassTarget, DataInfo, Splits, Target, VectorTarget
from layerkit.contracts.figures import BestEpoch
from layerkit.engine.starting import Start
from layerkit.errors import DataError
from layerkit.formats.row_file import RowFile, stretches
from layerkit.kernels import Kernels
from layerkit.plan.network import NetworkPlan
from layerkit.registry import Registry, installed
from layerkit.spec.models import ModelSpec
from layerkit.values import is_list, is_table, is_tuple

HASHED = 1 << 18
"""Values of the data whose checksum is computed at a time."""

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


def starting_facts(plan: NetworkPlan) -> dict[str, Json]:
    """Return what is known of a run before its data are read."""
    return {
        "status": "running",
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": plan.spec.seed,
        "environment": environment(),
        "distributions": distributions(plan.spec, installed()),
        "info": info_facts(plan.info),
        "threads": {"shards": plan.threads.shards, "blas_threads": plan.threads.blas_threads},
    }


def info_facts(info: DataInfo) -> dict[str, Json]:
    """Return what is known of the data, so that the network can be planned without them."""
    target = info.target
    about: dict[str, Json] = {"shape": [*target.shape], "names": [*target.names]}
    if isinstance(target, ClassTarget):
        about["classes"] = target.classes
    return {
        "input_shape": [*info.input_shape],
        "target": about,
        "train": info.train,
        "validation": info.validation,
        "test": info.test,
        "bytes_per_value": info.bytes_per_value,
        "vocabulary": info.vocabulary,
        "scale": info.scale,
        "features": [*info.features],
        "has_missing": info.has_missing,
        "mapped": info.mapped,
    }


class _Target(BaseModel):
    shape: tuple[int, ...]
    names: tuple[str, ...] = ()
    classes: int | None = None


class _Info(BaseModel):
    input_shape: tuple[int, ...]
    target: _Target
    train: int | None
    validation: int | None
    test: int | None
    bytes_per_value: int | None
    vocabulary: int | None
    scale: float = 1.0
    features: tuple[str, ...] = ()
    has_missing: bool = False
    mapped: bool = False


class _Manifest(BaseModel):
    info: _Info


def info_of(manifest: object, source: str) -> DataInfo:
    """Return what a manifest says is known of the data.

    Raises
    ------
    DataError
        If it does not say.
    """
    try:
        found = _Manifest.model_validate(manifest).info
    except ValidationError as error:
        raise DataError(
            f"{source}: expected 'info', what is known of the data: {error.errors()[0]['msg']}"
        ) from error
    about = found.target
    target: Target = VectorTarget(about.shape, about.names)
    if about.classes is not None:
        target = ClassTarget(about.classes, about.names, about.shape)
    return DataInfo(
        found.input_shape,
        target,
        found.train,
        found.test,
        found.bytes_per_value,
        found.validation,
        found.vocabulary,
        found.scale,
        found.features,
        found.has_missing,
        found.mapped,
    )


def start_facts(start: Start) -> Json:
    """Return which weights a run started from."""
    return {
        "run": str(start.run),
        "model_sha256": start.sha256,
        "taken": [*start.arrays],
        "new": {path: [*shape] for path, shape in start.new.items()},
        "left": {path: [*shape] for path, shape in start.left.items()},
    }


def best_facts(best: BestEpoch) -> Json:
    """Return what is known of the best epoch."""
    return {
        "epoch": best.epoch,
        "monitor": best.monitor,
        "restored": best.restored,
        "validation": {**best.validation},
    }


def table_facts(table: Array) -> list[Json]:
    """Return a table of numbers as nested lists."""
    return [float(each) if each.ndim == 0 else table_facts(each) for each in table]


def environment() -> dict[str, Json]:
    """Return versions, machine, CPU, BLAS and threads: what the bits of a result depend on."""
    libraries: list[Json] = [
        {key: info.get(key) for key in ("internal_api", "version", "architecture", "num_threads")}
        for info in threadpool_info()
        if info["user_api"] == "blas"
    ]
    return {
        "layerkit": version("layerkit"),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "platform": platform.platform(),
        "machine": platform.machine(),
        "cpu_features": cpu_features(),
        "blas": libraries,
    }


def cpu_features() -> list[Json]:
    """Return the features of this CPU for which NumPy has code of its own, beyond its baseline."""
    config: Mapping[str, object] = {**np.show_config(mode="dicts")}  # without what is empty
    extensions = config.get("SIMD Extensions")
    found = extensions.get("found") if is_table(extensions) else None
    return [str(each) for each in found] if is_list(found) else []


def distributions(spec: ModelSpec, registry: Registry) -> dict[str, Json]:
    """Return name and version of every distribution whose components the spec uses."""
    found = (registry.registration_of(type(config)) for config in components(spec))
    return {each.distribution: each.version for each in found if each is not None}


def components(model: BaseModel) -> Iterator[Config]:
    """Yield the config of every component in a spec, nested ones too."""
    for _, value in model:
        yield from _components_in(value)


def _components_in(value: object) -> Iterator[Config]:
    if isinstance(value, Config):
        yield value
    if isinstance(value, BaseModel):
        yield from components(value)
    elif is_tuple(value):  # or tuples of tuples, such as branches
        for each in value:
            yield from _components_in(each)


def kernel_facts(kernels: Kernels) -> dict[str, Json]:
    """Return what replaced NumPy's loops, by the names of the kernels."""
    return {
        name: {"distribution": each.distribution, "version": each.version, "exact": each.exact}
        for name, each in sorted(kernels.replaced.items())
    }


def data_facts(splits: Splits) -> dict[str, Json]:
    """Return counts and a checksum of the data."""
    digest = hashlib.sha256()
    parts = [splits.train, splits.validation, splits.test]
    for examples in filter(None, parts):
        _add(digest.update, examples.inputs, examples.input_rows)
        _add(digest.update, examples.targets, examples.target_rows)
        if examples.weights is not None:
            _add(digest.update, examples.weights)
    return {
        "train": len(splits.train),
        "validation": 0 if splits.validation is None else len(splits.validation),
        "test": 0 if splits.test is None else len(splits.test),
        "sha256": digest.hexdigest(),
    }


def _add(
    update: Callable[[memoryview], None], values: Values, reader: RowFile | None = None
) -> None:
    """Add the values of an array to a checksum, a stretch of rows at a time."""
    for _, part in stretches(values, reader, HASHED):
        update(np.ascontiguousarray(part).reshape(-1).view(np.uint8).data)
