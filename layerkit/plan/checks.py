"""What can be wrong with a valid spec: each check yields the problems that it finds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import translate

from layerkit.arrays import Shape
from layerkit.component import Config
from layerkit.contracts.dataset import ClassTarget, DataInfo
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.loss import LossConfig
from layerkit.contracts.metric import MetricConfig
from layerkit.contracts.regularizer import RegularizerConfig
from layerkit.errors import ShapeError
from layerkit.guard import plugin_errors
from layerkit.problems import did_you_mean
from layerkit.spec.diagnostics import Loc, Problem
from layerkit.spec.models import ModelSpec

LOSS = "loss"
"""What results and early stopping call the loss; metrics go by their types."""

_MAX_NAMES = 20
_WILD = re.compile(r"[*?[]")


def name_problems(layers: Sequence[LayerConfig], names: Sequence[str]) -> Iterator[Problem]:
    """Yield layers whose names are taken, at a name that the spec gives."""
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        other = first.setdefault(name, index)
        if other == index:
            continue
        at, taker = (index, other) if layers[index].name is not None else (other, index)
        by_default = " by default" if layers[taker].name is None else ""
        yield Problem(
            ("layers", at, "name"),
            "duplicate-name",
            f"expected a name of its own, found '{name}', which layers.{taker} has{by_default}",
        )


def metric_problems(metrics: Sequence[MetricConfig]) -> Iterator[Problem]:
    """Yield metrics that would overwrite another figure in the results."""
    first = {LOSS: "the loss itself"}
    for index, metric in enumerate(metrics):
        other = first.setdefault(metric.display_name, f"metrics.{index}")
        if other != f"metrics.{index}":
            reason = f"expected another type than {other}, found '{metric.display_name}'"
            yield Problem(("metrics", index), "duplicate-name", reason)


def monitor_problems(spec: ModelSpec) -> Iterator[Problem]:
    """Yield a figure to monitor that is not reported."""
    stopping = spec.training.early_stopping
    monitors = list(dict.fromkeys([LOSS, *(metric.display_name for metric in spec.metrics)]))
    if stopping is not None and stopping.monitor not in monitors:
        yield Problem(
            ("training", "early_stopping", "monitor"),
            "unknown-name",
            f"expected one of {', '.join(monitors)}; found '{stopping.monitor}'",
            did_you_mean(stopping.monitor, monitors)
            or f"to monitor a metric, add it to the spec: metrics = ['{stopping.monitor}']",
        )


def output_problems(spec: ModelSpec, output: Shape, info: DataInfo) -> Iterator[Problem]:
    """Yield what loss and metrics say about the network's output."""
    ends: list[tuple[Loc, str, LossConfig | MetricConfig]] = [
        (("loss",), "loss", spec.loss),
        *((("metrics", index), "metric", each) for index, each in enumerate(spec.metrics)),
    ]
    for loc, noun, config in ends:
        try:
            with plugin_errors(f"{noun} '{config.display_name}' at {'.'.join(map(str, loc))}"):
                config.check(output, info.target)
        except ShapeError as error:
            yield Problem(loc, "shape", shape_reason(config, error, output))


def shape_reason(config: Config, error: ShapeError, shape: Shape) -> str:
    """Return what a component says of a shape, with its name and the shape if it left them out."""
    name, said = config.display_name, str(error).rstrip(". \n")
    if name not in said:
        said = f"{name}: {said}" if said else f"{name} expects another shape"
    return said if str(shape) in said else f"{said}; found {shape}"


def size_problems(
    spec: ModelSpec, info: DataInfo, train: int | None, validation: int | None
) -> Iterator[Problem]:
    """Yield numbers of examples, classes and the like that do not go together."""
    share, batch_size = spec.data.validation, spec.training.batch_size
    if isinstance(info.target, ClassTarget) and info.target.classes < 2:
        reason = f"expected at least 2 classes, found {info.target.classes}"
        yield Problem(("data",), "wrong-value", reason)
    if info.train is not None and validation is not None and validation >= info.train:
        of = f" ({share} of them)" if isinstance(share, float) else ""
        reason = f"expected fewer than the {info.train} training examples, found {validation}{of}"
        yield Problem(("data", "validation"), "wrong-value", reason)
    elif share > 0 and validation == 0:
        reason = (
            f"expected at least one of the {info.train} training examples, found {share} of them"
        )
        yield Problem(("data", "validation"), "wrong-value", reason)
    if train is not None and batch_size != "full" and batch_size > train > 0:
        left = " that are not set aside" if validation else ""
        reason = f"expected at most the {train} training examples{left}, found {batch_size}"
        hint = 'batch_size = "full" takes them all'
        yield Problem(("training", "batch_size"), "wrong-value", reason, hint)
    if spec.training.early_stopping is not None and share == 0:
        yield Problem(
            ("training", "early_stopping"),
            "wrong-value",
            "early stopping expects validation examples, found none",
            "set data.validation, such as 0.1",
        )


def pattern_problems(
    regularizers: Sequence[RegularizerConfig],
    regularized: Sequence[Sequence[str]],
    params: Sequence[str],
) -> Iterator[Problem]:
    """Yield regularizers that apply to nothing, and patterns of theirs that match nothing."""
    there = ", ".join(params[:_MAX_NAMES]) + (", ..." if len(params) > _MAX_NAMES else "")
    for index, (regularizer, paths) in enumerate(zip(regularizers, regularized, strict=True)):
        if not regularizer.parameters and not paths:
            reason = f"{regularizer.display_name} expects a parameter to penalize, found none"
            hint = "without 'parameters', it takes every parameter but the biases"
            yield Problem(("regularizers", index), "no-match", reason, hint)
        for context, pattern in enumerate(regularizer.parameters or ()):
            if not matching(pattern, paths):
                loc = ("regularizers", index, "parameters", context)
                reason = f"expected a pattern that matches a parameter, found '{pattern}'"
                near = "" if _WILD.search(pattern) else did_you_mean(pattern, params)
                hint = near or f"there are {there or 'no parameters'}"
                yield Problem(loc, "no-match", reason, hint)


def matching(pattern: str, paths: Iterable[str]) -> list[str]:
    """Return the paths that match a pattern."""
    if not _WILD.search(pattern):
        return [path for path in paths if path == pattern]
    matches = re.compile(translate(pattern)).match
    return [path for path in paths if matches(path)]
