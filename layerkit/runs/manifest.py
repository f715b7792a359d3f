"""The facts in a run's manifest: versions, plugins, machine, threads, data."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TypeAlias

import numpy as np
from pydantic import BaseModel
from threadpoolctl import threadpool_info

from layerkit.component import Config
from layerkit.contracts.kinds import KINDS
from layerkit.contracts.dataset import Splits
from layerkit.plan.network import NetworkPlan
from layerkit.registry import Registry, installed
from layerkit.spec.models import ModelSpec
from layerkit.values import is_tuple

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


def starting_facts(plan: NetworkPlan) -> dict[str, Json]:
    """Return what is known of a run before its data are read."""
    return {
        "status": "running",
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": plan.spec.seed,
        "environment": environment(),
        "distributions": distributions(plan.spec, installed()),
        "threads": {"shards": plan.threads.shards, "blas_threads": plan.threads.blas_threads},
    }


def environment() -> dict[str, Json]:
    """Return versions, machine, BLAS and threads: what the bits of a result depend on."""
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
        "blas": libraries,
    }


def distributions(spec: ModelSpec, registry: Registry) -> dict[str, Json]:
    """Return name and version of every distribution whose components the spec uses."""
    used = {(kind.group, config.type_name()) for config in components(spec) for kind in KINDS}
    return {
        each.distribution: each.version
        for kind in KINDS
        for each in registry.registrations(kind)
        if (each.group, each.name) in used
    }


def components(model: BaseModel) -> Iterator[Config]:
    """Yield the config of every component in a spec, nested ones too."""
    for name in type(model).model_fields:
        value: object = getattr(model, name)
        for each in value if is_tuple(value) else (value,):
            if isinstance(each, Config):
                yield each
            if isinstance(each, BaseModel):
                yield from components(each)


def data_facts(splits: Splits) -> dict[str, Json]:
    """Return counts and a checksum of the data."""
    digest = hashlib.sha256()
    parts = [splits.train] if splits.test is None else [splits.train, splits.test]
    for examples in parts:
        digest.update(np.ascontiguousarray(examples.inputs).data)
        digest.update(np.ascontiguousarray(examples.targets).data)
    return {
        "train": len(splits.train),
        "test": 0 if splits.test is None else len(splits.test),
        "sha256": digest.hexdigest(),
    }
