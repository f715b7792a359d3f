"""The names that users of Layerkit meet; `layerkit` itself passes them on."""

from layerkit.component import Component, Config
from layerkit.data.labels import one_hot
from layerkit.engine.network import Network
from layerkit.engine.run import (
    Result,
    build,
    load_data,
    load_run,
    run,
    train,
)
from layerkit.errors import (
    DataError,
    DivergedError,
    FileError,
    LayerkitError,
    PluginError,
    ShapeError,
    UsageError,
)
from layerkit.registry import Registry, installed
from layerkit.spec.diagnostics import Problem, SpecError
from layerkit.spec.dumping import to_toml
from layerkit.spec.loading import load_spec, parse_spec
from layerkit.spec.models import (
    EarlyStopping,
    ModelSpec,
    Training,
)
from layerkit.spec.plan import SpecPlan, plan_spec

__all__ = [
    "Component",
    "Config",
    "DataError",
    "DivergedError",
    "EarlyStopping",
    "FileError",
    "LayerkitError",
    "ModelSpec",
    "Network",
    "PluginError",
    "Problem",
    "Registry",
    "Result",
    "ShapeError",
    "SpecError",
    "SpecPlan",
    "Training",
    "UsageError",
    "build",
    "installed",
    "load_data",
    "load_run",
    "load_spec",
    "one_hot",
    "parse_spec",
    "plan_spec",
    "run",
    "to_toml",
    "train",
]
