"""What can be wrong with a valid spec: each check yields the problems that it finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from layerkit.contracts.chain import Place, inner_chains, layer_names, shape_reason
from layerkit.contracts.dataset import DataInfo, Target
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_plan import LayerPlan, ParameterPlan
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig
from layerkit.contracts.output import LossPlan
from layerkit.contracts.promises import check_figures, check_loss_plan, check_scope, check_slots
from layerkit.errors import ShapeError
from layerkit.guard import plugin_errors
from layerkit.plan.causes import last_cause
from layerkit.plan.mends import shape_mend
from layerkit.plan.schedules import optimizers_within
from layerkit.problems import did_you_mean
from layerkit.spec.diagnostics import Problem
from layerkit.spec.models import ModelSpec, Tie

LOSS = "loss"
"""The name of the loss in results and early stopping; metrics have their own."""


def name_problems(chain: Sequence[tuple[Place, LayerConfig]]) -> Iterator[Problem]:
    """Yield layers of a chain, and of chains inside, whose names are taken.

    Each problem is at a name that the spec gives.
    """
    first: dict[str, int] = {}
    for index, name in enumerate(layer_names([layer for _, layer in chain])):
        other = first.setdefault(name, index)
        if other == index:
            continue
        at, taker = (index, other) if chain[index][1].name is not None else (other, index)
        place, layer = chain[taker]
        by_default = " by default" if layer.name is None else ""
        taken = f"{'.'.join(map(str, place))} has{by_default}"
        yield Problem(
            (*chain[at][0], "name"),
            "duplicate-name",
            f"expected a name of its own, found '{name}', which {taken}",
        )
    for place, layer in chain:
        for inner in inner_chains(layer):
            yield from name_problems([((*place, *below), each) for below, each in inner])


def path_problems(chain: LayerPlan) -> Iterator[Problem]:
    """Yield composites that call two of their layers the same, so that these would share arrays."""
    for index, layer in enumerate(chain.layers):
        for name in _names_twice(layer.plan):
            reason = f"{layer.config.display_name} has two layers that paths would call '{name}'"
            hint = "give one of them a 'name' of its own"
            yield Problem(("layers", index), "duplicate-name", reason, hint)


def _names_twice(plan: LayerPlan) -> Iterator[str]:
    times = Counter(layer.name for layer in plan.layers)
    yield from (name for name, count in times.items() if count > 1)
    for layer in plan.layers:
        yield from _names_twice(layer.plan)


def figures_of(spec: ModelSpec, target: Target) -> dict[int, Mapping[str, bool]]:
    """Return the figures of every metric by its index; metrics that fail are left out."""
    figures: dict[int, Mapping[str, bool]] = {}
    for index, metric in enumerate(spec.metrics):
        try:
            with plugin_errors(metric, f"metrics.{index}"):
                found = metric.figures(target)
                check_figures(metric, found)
                figures[index] = found
        except ShapeError:
            figures[index] = {metric.display_name: True}  # `check` reports what is wrong
    return figures


def metric_problems(
    spec: ModelSpec, figures: Mapping[int, Mapping[str, bool]]
) -> Iterator[Problem]:
    """Yield metrics that would overwrite another figure in the results."""
    first = {LOSS: "the loss itself"}
    for index, metric in enumerate(spec.metrics):
        for name in {metric.display_name: True, **figures.get(index, {})}:
            other = first.setdefault(name, f"metrics.{index}")
            if other != f"metrics.{index}":
                reason = f"expected another name than {other}, found '{name}'"
                hint = "give one of them a 'name' of its own"
                yield Problem(("metrics", index), "duplicate-name", reason, hint)
                break


def monitor_problems(
    spec: ModelSpec, figures: Mapping[int, Mapping[str, bool]]
) -> Iterator[Problem]:
    """Yield a figure to monitor that is not reported."""
    stopping = spec.training.early_stopping
    monitors = [LOSS]
    for index, metric in enumerate(spec.metrics):
        monitors += figures.get(index, [metric.display_name])
    if stopping is not None and stopping.monitor not in monitors:
        hint = did_you_mean(stopping.monitor, monitors)
        if not hint and stopping.monitor not in {each.display_name for each in spec.metrics}:
            hint = f"to monitor a metric, add it to the spec: metrics = ['{stopping.monitor}']"
        yield Problem(
            ("training", "early_stopping", "monitor"),
            "unknown-name",
            f"expected one of {', '.join(dict.fromkeys(monitors))}; found '{stopping.monitor}'",
            hint,
        )


def loss_plan(spec: ModelSpec, chain: LayerPlan, info: DataInfo) -> tuple[LossPlan, list[Problem]]:
    """Return what the loss makes of the network's output, and what loss and metrics say of it."""
    target = info.target
    problems: list[Problem] = []
    output, last = chain.output, last_cause(spec, chain)
    plan, found = LossPlan(output), None
    try:
        with plugin_errors(spec.loss, "loss"):
            found = spec.loss.plan(output, target)
            check_loss_plan(spec.loss, found)
        plan = found
    except ShapeError as error:
        reason = shape_reason(spec.loss, error, output)
        cause = last if f"found {output}" in reason else None
        hint = (shape_mend(spec, info, ("loss",)) if cause else "") or error.hint
        problems.append(Problem(("loss", *error.at), "shape", reason, hint, cause))
    for index, metric in enumerate(spec.metrics):
        try:
            with plugin_errors(metric, f"metrics.{index}"):
                metric.check(plan.prediction, target)
        except ShapeError as error:
            reason = shape_reason(metric, error, plan.prediction)
            loc = ("metrics", index, *error.at)
            cause = last if f"found {output}" in reason else None
            problems.append(Problem(loc, "shape", reason, error.hint, cause))
        else:
            if metric.of_probabilities and found is not None and not found.probabilities:
                loss = spec.loss.display_name
                reason = (
                    f"{metric.display_name} expects probabilities, which {loss} does not predict"
                )
                hint = "use softmax_cross_entropy as the loss, or leave the metric out"
                problems.append(Problem(("metrics", index), "wrong-value", reason, hint))
    return plan, problems


def tie_problems(ties: Sequence[Tie], params: Mapping[str, ParameterPlan]) -> Iterator[Problem]:
    """Yield ties between parameters that are not there or do not fit."""
    times = Counter(tie.parameter for tie in ties)
    for index, tie in enumerate(ties):
        for key, path in (("parameter", tie.parameter), ("shares", tie.shares)):
            if path not in params:
                reason = f"expected the path of a parameter, found '{path}'"
                hint = did_you_mean(path, params) or f"there are {', '.join(params)}"
                yield Problem(("ties", index, key), "no-match", reason, hint)
        if tie.parameter not in params or tie.shares not in params:
            continue
        if times[tie.parameter] > 1 or tie.shares in times:
            reason = f"expected a parameter with values of its own, found '{tie.shares}'"
            yield Problem(("ties", index, "shares"), "wrong-value", reason)
        own, shared = params[tie.parameter].shape, params[tie.shares].shape
        expected = shared[::-1] if tie.transposed else shared
        if own != expected:
            reason = f"expected {tie.parameter} of shape {expected}, found {own}"
            yield Problem(("ties", index), "shape", reason, "transposed = true exchanges the axes")


def callback_problems(
    spec: ModelSpec, figures: Mapping[str, bool], *, validates: bool
) -> Iterator[Problem]:
    """Yield callbacks that cannot work in this run."""
    for index, callback in enumerate(spec.callbacks):
        try:
            with plugin_errors(callback, f"callbacks.{index}"):
                callback.check(figures, validates=validates)
        except ShapeError as error:
            loc = ("callbacks", index, *error.at)
            yield Problem(loc, "wrong-value", str(error), error.hint)


def group_problems(spec: ModelSpec) -> Iterator[Problem]:
    """Yield options of groups that the optimizer would ignore, and batches it cannot use."""
    optimizer = spec.optimizer
    with plugin_errors(optimizer, "optimizer"):
        check_slots(optimizer, optimizer.slots())
        check_scope(optimizer)
    batch_size = spec.training.batch_size
    for _, each in optimizers_within(optimizer):
        if each.needs_full_batch and batch_size != "full":
            reason = f'expected "full", found {batch_size}'
            hint = f"{each.display_name} compares the gradients of all examples at once"
            yield Problem(("training", "batch_size"), "wrong-value", reason, hint)
    for index, group in enumerate(optimizer.groups):
        loc = ("optimizer", "groups", index)
        at_once = Optimizer[OptimizerConfig].class_for(optimizer).scope == "network"
        if at_once and group.rate not in (0, 1):
            reason = f"expected 0 or 1, found {group.rate:g}"
            hint = f"{optimizer.display_name} changes all parameters at once, at one rate"
            yield Problem((*loc, "rate"), "wrong-value", reason, hint)
        if group.decay is not None and (at_once or not optimizer.uses_decay):
            reason = f"expected none, found {group.decay:g}"
            hint = f"{optimizer.display_name} has no weight decay by groups"
            yield Problem((*loc, "decay"), "wrong-value", reason, hint)
