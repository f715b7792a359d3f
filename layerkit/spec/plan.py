"""The plan of a spec: every shape from the data to the loss, before any data are read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from layerkit.arrays import FloatType, Shape
from layerkit.contracts import (
    ClassTarget,
    DataInfo,
    LayerConfig,
    ParamSpec,
    Plan,
    RegularizerConfig,
    StateSpec,
)
from layerkit.errors import ShapeError
from layerkit.spec.diagnostics import Problem, SpecError
from layerkit.spec.models import ModelSpec
from layerkit.strict import did_you_mean


@dataclass(frozen=True, slots=True)
class PlannedLayer:
    """A layer with its name in paths, its input shape and what it plans to make of it."""

    name: str
    config: LayerConfig
    input_shape: Shape
    plan: Plan

    @property
    def size(self) -> int:
        """Number of trainable values."""
        return sum(math.prod(param.shape) for param in self.plan.params.values())


@dataclass(frozen=True, slots=True)
class SpecPlan:
    """All that is known of a network before its data are read.

    Attributes
    ----------
    spec
        What it was planned from.
    info
        What is known of the data.
    layers
        In the order of the network.
    penalized
        For every regularizer of the spec, the paths of its parameters.
    train_examples, validation_examples
        Numbers after the validation split; None where only reading the data would tell.
    """

    spec: ModelSpec
    info: DataInfo
    layers: tuple[PlannedLayer, ...]
    penalized: tuple[tuple[str, ...], ...]
    train_examples: int | None
    validation_examples: int | None

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

    def params(self) -> Iterator[tuple[str, ParamSpec]]:
        """Yield every parameter by its path, such as ``dense_1.weight``."""
        for layer in self.layers:
            for name, param in layer.plan.params.items():
                yield f"{layer.name}.{name}", param

    def state(self) -> Iterator[tuple[str, StateSpec]]:
        """Yield every array of state by its path."""
        for layer in self.layers:
            for name, state in layer.plan.state.items():
                yield f"{layer.name}.{name}", state


def plan_spec(spec: ModelSpec, source: str = "spec") -> SpecPlan:
    """Return the plan of a spec.

    Raises
    ------
    SpecError
        If shapes do not fit, a regularizer matches no parameter, or sizes cannot be.
    DataError, FileError
        If the headers of the spec's data files cannot be read.
    """
    info = spec.data.info()
    names = layer_names(spec.layers)
    problems = list(_name_problems(names))
    layers, shape_problem = _plan_layers(spec.layers, names, info.input_shape)
    if shape_problem is not None:
        problems.append(shape_problem)
    else:
        problems += _end_problems(spec, layers[-1].plan.output, info)
    penalized, pattern_problems = _choose_penalized(spec.regularizers, layers)
    if shape_problem is None:
        problems += pattern_problems
    train, validation = split_sizes(info.train, spec.data.validation)
    problems += _size_problems(spec, info, train, validation)
    if problems:
        raise SpecError(source, problems)
    return SpecPlan(spec, info, layers, penalized, train, validation)


def layer_names(layers: Sequence[LayerConfig]) -> tuple[str, ...]:
    """Return what paths call each layer: its name, or its type and number among that type."""
    seen = Counter[str]()
    names: list[str] = []
    for layer in layers:
        kind = layer.type_name() or "layer"
        seen[kind] += 1
        names.append(layer.name or f"{kind}_{seen[kind]}")
    return tuple(names)


def split_sizes(examples: int | None, validation: float) -> tuple[int | None, int | None]:
    """Return how many examples of a training set remain and how many are set aside."""
    if isinstance(validation, int):
        aside: int | None = validation
    else:
        aside = None if examples is None else round(examples * validation)
    remain = None if examples is None or aside is None else examples - aside
    return remain, aside


def _plan_layers(
    configs: Sequence[LayerConfig], names: Sequence[str], shape: Shape
) -> tuple[tuple[PlannedLayer, ...], Problem | None]:
    """Thread the shape through the layers, up to the first that cannot work on what reaches it."""
    planned: list[PlannedLayer] = []
    for index, (config, name) in enumerate(zip(configs, names, strict=True)):
        try:
            plan = config.plan(shape)
        except ShapeError as error:
            before = planned[-1].name if planned else "the data"
            return tuple(planned), Problem(
                ("layers", index), "shape", f"{error}, which comes from {before}"
            )
        planned.append(PlannedLayer(name, config, shape, plan))
        shape = plan.output
    return tuple(planned), None


def _name_problems(names: Sequence[str]) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if name in names[:index]:
            reason = f"layers.{names.index(name)} is named '{name}' already"
            yield Problem(("layers", index, "name"), "duplicate-name", reason)


def _end_problems(spec: ModelSpec, output: Shape, info: DataInfo) -> Iterator[Problem]:
    """Yield what loss and metrics say about the network's output."""
    try:
        spec.loss.check(output, info.target)
    except ShapeError as error:
        yield Problem(("loss",), "shape", str(error))
    for index, metric in enumerate(spec.metrics):
        try:
            metric.check(output, info.target)
        except ShapeError as error:
            yield Problem(("metrics", index), "shape", str(error))


def _choose_penalized(
    regularizers: Sequence[RegularizerConfig], layers: Sequence[PlannedLayer]
) -> tuple[tuple[tuple[str, ...], ...], list[Problem]]:
    params: Mapping[str, ParamSpec] = {
        f"{layer.name}.{name}": param
        for layer in layers
        for name, param in layer.plan.params.items()
    }
    chosen: list[tuple[str, ...]] = []
    problems: list[Problem] = []
    for index, regularizer in enumerate(regularizers):
        patterns = regularizer.parameters
        if patterns is None:
            chosen.append(tuple(path for path, param in params.items() if param.penalized))
            continue
        for place, pattern in enumerate(patterns):
            if not any(fnmatchcase(path, pattern) for path in params):
                loc = ("regularizers", index, "parameters", place)
                reason = f"'{pattern}' matches no parameter"
                hint = did_you_mean(pattern, params) or f"there are {', '.join(params)}"
                problems.append(Problem(loc, "no-match", reason, hint))
        chosen.append(
            tuple(path for path in params if any(fnmatchcase(path, each) for each in patterns))
        )
    return tuple(chosen), problems


def _size_problems(
    spec: ModelSpec, info: DataInfo, train: int | None, validation: int | None
) -> Iterator[Problem]:
    batch_size, stopping = spec.training.batch_size, spec.training.early_stopping
    if info.train is not None and validation is not None and validation >= info.train:
        reason = f"expected fewer than the {info.train} training examples, found {validation}"
        yield Problem(("data", "validation"), "wrong-value", reason)
    elif train is not None and batch_size != "full" and batch_size > train:
        reason = f"expected at most the {train} training examples, found {batch_size}"
        yield Problem(
            ("training", "batch_size"), "wrong-value", reason, "batch_size = 'full' takes them all"
        )
    if isinstance(info.target, ClassTarget) and info.target.classes < 2:
        reason = f"expected at least 2 classes, found {info.target.classes}"
        yield Problem(("data",), "wrong-value", reason)
    if stopping is None:
        return
    if validation == 0:
        yield Problem(
            ("training", "early_stopping"),
            "wrong-value",
            "early stopping expects validation examples, found none",
            "set data.validation, such as 0.1",
        )
    monitors = ["loss", *(metric.type_name() or "" for metric in spec.metrics)]
    if stopping.monitor not in monitors:
        yield Problem(
            ("training", "early_stopping", "monitor"),
            "unknown-name",
            f"expected one of {', '.join(monitors)}; found '{stopping.monitor}'",
            did_you_mean(stopping.monitor, monitors),
        )
