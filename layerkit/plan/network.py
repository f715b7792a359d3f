"""The plan of a spec: every shape from the data to the loss, before any data are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from layerkit.arrays import FloatType, Shape
from layerkit.contracts.dataset import DataInfo
from layerkit.contracts.layer import ParameterPlan, StatePlan
from layerkit.contracts.regularizer import RegularizerConfig
from layerkit.errors import DataError, FileError
from layerkit.guard import plugin_errors
from layerkit.plan.checks import (
    matching,
    metric_problems,
    monitor_problems,
    name_problems,
    output_problems,
    pattern_problems,
    size_problems,
)
from layerkit.plan.layers import PlannedLayer, layer_names, plan_layers
from layerkit.plan.threads import ThreadPlan, plan_threads
from layerkit.spec.diagnostics import Problem, SpecError
from layerkit.spec.models import ModelSpec


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """All that is known of a network before its data are read.

    Attributes
    ----------
    spec
        What it was planned from.
    info
        What is known of the data.
    layers
        In the order of the network.
    regularized
        For every regularizer of the spec, the paths of its parameters.
    train_examples, validation_examples
        Numbers after the validation split; None where only reading the data would tell.
    threads
        How the threads of this machine are used.
    """

    spec: ModelSpec
    info: DataInfo
    layers: tuple[PlannedLayer, ...]
    regularized: tuple[tuple[str, ...], ...]
    train_examples: int | None
    validation_examples: int | None
    threads: ThreadPlan

    @property
    def output_shape(self) -> Shape:
        """Per-example shape of the network's output."""
        return self.layers[-1].plan.output

    @property
    def dtype(self) -> FloatType:
        """Type of all numbers of the network."""
        return np.dtype(np.float32) if self.spec.dtype == "float32" else np.dtype(np.float64)

    @property
    def size(self) -> int:
        """Number of trainable values."""
        return sum(layer.size for layer in self.layers)

    def params(self) -> Iterator[tuple[str, ParameterPlan]]:
        """Yield every parameter by its path, such as ``dense_1.weight``."""
        for layer in self.layers:
            for name, param in layer.plan.params.items():
                yield f"{layer.name}.{name}", param

    def state(self) -> Iterator[tuple[str, StatePlan]]:
        """Yield every array of state by its path."""
        for layer in self.layers:
            for name, state in layer.plan.state.items():
                yield f"{layer.name}.{name}", state


def plan_network(spec: ModelSpec, source: str = "spec") -> NetworkPlan:
    """Return the plan of a spec.

    Raises
    ------
    SpecError
        If shapes do not fit, a regularizer matches no parameter, or sizes cannot be.
    DataError, FileError
        If the headers of the spec's data files cannot be read.
    PluginError
        If a component fails otherwise.
    """
    names = layer_names(spec.layers)
    problems = [
        *name_problems(spec.layers, names),
        *metric_problems(spec.metrics),
        *monitor_problems(spec),
    ]
    try:
        with plugin_errors(f"dataset '{spec.data.display_name}'"):
            info = spec.data.info()
            shape = info.input_shape
    except (DataError, FileError) as error:
        if not problems:
            raise
        raise SpecError(source, [Problem(("data",), "data", str(error)), *problems]) from error
    layers, shape_problem = plan_layers(spec.layers, names, shape)
    params = {
        f"{layer.name}.{name}": param
        for layer in layers
        for name, param in layer.plan.params.items()
    }
    regularized = tuple(_regularized(each, params) for each in spec.regularizers)
    if shape_problem is not None:
        problems.append(shape_problem)
    else:
        problems += output_problems(spec, layers[-1].plan.output, info)
        problems += pattern_problems(spec.regularizers, regularized, list(params))
    validation = spec.data.set_aside(info.train)
    train = None if info.train is None or validation is None else info.train - validation
    problems += size_problems(spec, info, train, validation)
    if problems:
        order = list(ModelSpec.model_fields)
        raise SpecError(source, sorted(problems, key=lambda each: order.index(str(each.loc[0]))))
    threads = plan_threads(spec, layers, train)
    return NetworkPlan(spec, info, layers, regularized, train, validation, threads)


def as_plan(spec: ModelSpec | NetworkPlan) -> NetworkPlan:
    """Return the plan of a spec, or the plan itself where there is one already."""
    return plan_network(spec) if isinstance(spec, ModelSpec) else spec


def _regularized(
    regularizer: RegularizerConfig, params: Mapping[str, ParameterPlan]
) -> tuple[str, ...]:
    """Return the paths of the parameters that a regularizer applies to."""
    if regularizer.parameters is None:
        return tuple(path for path, param in params.items() if param.decay)
    chosen = {path for each in regularizer.parameters for path in matching(each, params)}
    return tuple(path for path in params if path in chosen)
