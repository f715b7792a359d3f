"""What is legal in a spec and almost surely wrong: each check yields the problems that it finds.

Checks look at what components say of themselves, never at their names, so that those of plugins
take part: `LayerTraits` of layers, and class variables of other configs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from layerkit.contracts.input_promises import check_traits
from layerkit.contracts.layer_plan import PlannedLayer
from layerkit.contracts.traits import LayerTraits
from layerkit.guard import component_errors, plugin_errors
from layerkit.plan.limits import limit_warnings
from layerkit.plan.network import NetworkPlan, as_plan
from layerkit.plan.schedules import optimizers_within
from layerkit.registry import Registry
from layerkit.rules import RULES, code_text
from layerkit.spec.diagnostics import Cause, Loc, Problem
from layerkit.spec.models import ModelSpec
from layerkit.spec.renames import renames

FEW_EXAMPLES = 100
"""Fewer validation examples are warned of."""


@component_errors()
def warnings_of(
    spec: ModelSpec | NetworkPlan | Mapping[str, object],
    table: Mapping[str, object] | None = None,
    registry: Registry | None = None,
) -> list[Problem]:
    """Return what is legal in a spec and almost surely wrong, without what the spec silences.

    Parameters
    ----------
    spec
        A spec, its table, or its plan.
    table
        The spec as it was read, for warnings of former names in it; by default ``spec``, if that is
        a table.
    registry
        What resolved names of components; by default what is installed.

    Raises
    ------
    LayerkitError
        What `plan_network` raises; PluginError if a layer of a plugin does not say properly what
        it is.
    """
    plan = as_plan(spec)
    if table is None and isinstance(spec, Mapping):
        table = spec
    found = [
        *_output_warnings(plan),
        *_optimizer_warnings(plan),
        *_metric_warnings(plan),
        *_input_warnings(plan),
        *_batch_warnings(plan),
        *_gradient_warnings(plan),
        *_validation_warnings(plan),
        *limit_warnings(plan),
        *(each.problem for each in renames(table or {}, plan.spec, registry)),
    ]
    kept = [each for each in found if code_text(each.code) not in plan.spec.silence]
    order = list(RULES)
    return sorted(kept, key=lambda each: order.index(each.code))


def _traits(layer: PlannedLayer, index: int) -> LayerTraits:
    with plugin_errors(layer.config, f"layers.{index}"):
        return check_traits(layer.config)


def _has_params(layer: PlannedLayer) -> bool:
    return next(layer.plan.all_params(), None) is not None


def _output_warnings(plan: NetworkPlan) -> Iterator[Problem]:
    """Yield noise after the last layer with parameters, and squashed or normalized logits."""
    loss = plan.spec.loss
    for index in reversed(range(len(plan.layers))):
        layer = plan.layers[index]
        traits, loc, name = _traits(layer, index), ("layers", index), layer.config.display_name
        if traits.adds_noise and any(map(_has_params, plan.layers[: index + 1])):
            reason = f"{name} changes the network's output at random"
            hint = "put it before the last layer that has parameters, or remove it"
            yield Problem(loc, "noise-after-output", reason, hint)
        if loss.takes_logits and traits.outputs != "any":
            makes = f"{loss.display_name} makes probabilities of the output itself"
            cause = Cause(("loss",), makes)
            if traits.outputs == "probabilities":
                reason = f"{name} makes probabilities of the network's output before the loss does"
                yield Problem(loc, "softmax-before-loss", reason, _without(name), cause)
            else:
                reason = f"{name} keeps the output between -1 and 1, and the loss expects logits"
                yield Problem(loc, "squashed-logits", reason, _without(name), cause)
            return
        same_values = math.prod(layer.input_shape) == math.prod(layer.plan.output)
        reshapes = same_values and layer.input_shape != layer.plan.output
        if _has_params(layer) or not (traits.adds_noise or reshapes):
            return


def _without(name: str) -> str:
    return f"remove {name}, so that the network ends in the layer before it"


def _optimizer_warnings(plan: NetworkPlan) -> Iterator[Problem]:
    """Yield a learning rate that is very high, and penalties in adaptive steps."""
    optimizer = plan.spec.optimizer
    with plugin_errors(optimizer, "optimizer"):
        is_high = optimizer.learning_rate > optimizer.usual_rate
    if is_high:
        rate = f"{optimizer.learning_rate:g}"
        reason = f"a learning rate of {rate} is far above usual ones, which are below 1"
        hint = "has a decimal point or the sign of an exponent got lost?"
        yield Problem(("optimizer", "learning_rate"), "high-learning-rate", reason, hint)
    adaptive = [each for _, each in optimizers_within(optimizer) if each.adaptive]
    if not adaptive:
        return
    for index, regularizer in enumerate(plan.spec.regularizers):
        if regularizer.is_decay:
            name = adaptive[0].display_name
            reason = f"{name} divides the gradient of {regularizer.display_name} by its usual size"
            hint = 'use the optimizer "adamw" with weight_decay, and no penalty'
            cause = Cause(("optimizer",), f"{name} adapts the step of each parameter")
            loc = ("regularizers", index)
            yield Problem(loc, "penalty-in-adaptive-steps", reason, hint, cause)


def _metric_warnings(plan: NetworkPlan) -> Iterator[Problem]:
    """Yield metrics of numbers where the network predicts probabilities."""
    if not plan.loss.probabilities:
        return
    loss = plan.spec.loss.display_name
    for index, metric in enumerate(plan.spec.metrics):
        if metric.of_numbers:
            reason = f"{metric.display_name} measures how far numbers are off, not how well "
            reason += "labels are told"
            hint = "remove it: the loss is reported anyway"
            cause = Cause(("loss",), f"{loss} makes predictions probabilities of labels")
            yield Problem(("metrics", index), "metric-of-numbers", reason, hint, cause)


def _input_warnings(plan: NetworkPlan) -> Iterator[Problem]:
    """Yield a first layer with parameters that gets bytes as they are."""
    info = plan.info
    if info.bytes_per_value != 1 or info.scale != 1 or info.vocabulary is not None or plan.ids:
        return
    found = _unscaled(plan.layers)
    if found is None:
        return
    options: dict[str, object] = dict(plan.spec.data)
    is_given = options.get("scale") is not None
    scale = "leave data.scale out, so that bytes are divided by 255, or " if is_given else ""
    reason = f"{found.config.display_name} gets inputs of 0 to 255 as they are"
    hint = f'{scale}put "standardize" before it'
    at = ("data", "scale") if is_given else ("data",)
    cause = Cause(at, "the data are bytes, and nothing scales them")
    loc = ("layers", _index_of(plan.layers, found))
    yield Problem(loc, "unscaled-input", reason, hint, cause)


def _index_of(layers: Sequence[PlannedLayer], found: PlannedLayer) -> int:
    """Return which layer a layer is, or is in."""
    inside = (found is layer or _is_inside(layer, found) for layer in layers)
    return next(index for index, is_there in enumerate(inside) if is_there)


def _is_inside(layer: PlannedLayer, found: PlannedLayer) -> bool:
    return any(inner is found or _is_inside(inner, found) for inner in layer.plan.layers)


def _unscaled(layers: Sequence[PlannedLayer]) -> PlannedLayer | None:
    """Return the first layer with parameters that no layer before rescales for."""
    for layer in layers:
        if check_traits(layer.config).rescales:
            return None
        if _has_params(layer):
            return _unscaled(layer.plan.layers) if layer.plan.layers else layer
        if any(check_traits(inner.config).rescales for inner in layer.plan.layers):
            return None
    return None


def _batch_warnings(plan: NetworkPlan) -> Iterator[Problem]:
    """Yield a batch size of 1 where examples are normalized by their batch."""
    if plan.spec.training.batch_size != 1:
        return
    for index, layer in enumerate(plan.layers):
        if found := _comparing(layer):
            name = found.config.display_name
            reason = f"batches of 1 example leave {name} nothing to compare it with"
            hint = 'use larger batches, or "layer_norm", which needs none'
            cause = Cause(("layers", index), f"{name} normalizes by the mean of the batch")
            yield Problem(("training", "batch_size"), "batch-of-one", reason, hint, cause)
            return


def _comparing(layer: PlannedLayer) -> PlannedLayer | None:
    if check_traits(layer.config).compares_examples:
        return layer
    return next((found for inner in layer.plan.layers if (found := _comparing(inner))), None)


def _gradient_warnings(plan: NetworkPlan) -> Iterator[Problem]:
    """Yield what keeps parameters from ever changing."""
    groups = plan.groups.values()
    if groups and not any(group.rate for group in groups):
        reason = "every parameter is frozen: training changes nothing"
        hint = "let a group have a rate above 0, or leave parameters out of all groups"
        yield Problem(("optimizer", "groups"), "no-gradient", reason, hint)
        return
    trained = [index for index, layer in enumerate(plan.layers) if _is_trained(plan, layer)]
    for index, layer in enumerate(plan.layers):
        below = [each for each in trained if each < index]
        if below and not _traits(layer, index).passes_gradient:
            name = layer.config.display_name
            reason = f"{name} passes no gradient on to the layers before it, which never change"
            hint = "put it first, or freeze them with a group of rate 0"
            yield Problem(("layers", index), "no-gradient", reason, hint, _first(plan, below[0]))
            return
    zero = [index for index in trained if _starts_at_zero(plan.layers[index])]
    if len(zero) > 1:
        name = plan.layers[zero[1]].name
        reason = f"all weights start at 0 here and in {plan.layers[zero[0]].name}: each keeps the "
        reason += "gradient of the other at 0"
        hint = f'leave weight_initializer of one of them out; {name} may start with "zeros"'
        loc: Loc = ("layers", zero[0])
        cause = Cause(("layers", zero[1]), f"the weights of {name} start at 0 too")
        yield Problem(loc, "no-gradient", reason, hint, cause)


def _first(plan: NetworkPlan, index: int) -> Cause:
    return Cause(("layers", index), f"{plan.layers[index].name} has parameters")


def _is_trained(plan: NetworkPlan, layer: PlannedLayer) -> bool:
    paths = (f"{layer.name}.{path}" for path, _ in layer.plan.all_params())
    return any(plan.groups[path].rate > 0 for path in paths if path in plan.groups)


def _starts_at_zero(layer: PlannedLayer) -> bool:
    """Tell whether a layer's weights all start at 0, so that it passes no gradient on at first."""
    weights = [param for param in layer.plan.params.values() if len(param.shape) > 1]
    return bool(weights) and all(param.initializer.is_zero for param in weights)


def _validation_warnings(plan: NetworkPlan) -> Iterator[Problem]:
    """Yield a validation part of few examples."""
    count, share = plan.validation_examples, plan.spec.data.validation
    if count is None or not 0 < count < FEW_EXAMPLES:
        return
    loc: Loc = ("data", "validation") if share else ("data",)
    of = f" ({share:g} of the training examples)" if isinstance(share, float) else ""
    reason = f"{count} validation examples{of} are few: figures on them vary much by chance"
    hint = "set aside at least 100; of few data, 'layerkit crossval' tests on every example"
    yield Problem(loc, "few-validation-examples", reason, hint)
