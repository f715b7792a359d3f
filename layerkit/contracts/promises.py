"""What configs return while a spec is planned: checked, since type checkers see no plugin run."""

from __future__ import annotations

import math
from collections.abc import Mapping

from typing_extensions import TypeIs

from layerkit.arrays import Shape
from layerkit.component import Config
from layerkit.contracts.dataset import ClassTarget, DataInfo, DatasetConfig, VectorTarget
from layerkit.contracts.initializer import Fan, InitializerConfig
from layerkit.contracts.layer_plan import LayerPlan, ParameterPlan, PlannedLayer, StatePlan
from layerkit.contracts.loss import LossConfig
from layerkit.contracts.metric import MetricConfig
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig
from layerkit.contracts.output import LossPlan
from layerkit.errors import ShapeError
from layerkit.guard import fault, shown
from layerkit.values import is_list, is_tuple, unchecked

SCOPES = ("elements", "parameter", "network")
MAX_VALUES = 2**44
"""The most values of one array: more than any machine can hold."""


def check_layer_plan(config: Config, plan: object, x: Shape) -> None:
    """Check what a layer's ``plan`` returned for an input shape.

    Raises
    ------
    PluginError
        If it is no `LayerPlan` of the types that it declares.
    ShapeError
        If an array in it is empty, or larger than any memory.
    """
    if not isinstance(plan, LayerPlan):
        raise fault(config, f"expected 'plan' to return a LayerPlan, found {shown(plan)}")
    shapes: dict[str, object] = {"output": plan.output}
    for name, param in _items(config, "params", plan.params):
        if not isinstance(param, ParameterPlan):
            raise fault(config, f"expected a ParameterPlan for '{name}', found {shown(param)}")
        shapes[f"parameter '{name}'"] = param.shape
        _check_parameter(config, name, param)
    for name, state in _items(config, "state", plan.state):
        if not isinstance(state, StatePlan):
            raise fault(config, f"expected a StatePlan for '{name}', found {shown(state)}")
        shapes[f"state '{name}'"] = state.shape
        if not is_number(state.fill):
            raise fault(config, f"expected a number to fill '{name}', found {shown(state.fill)}")
    twice = plan.params.keys() & plan.state.keys()
    if twice:
        reason = "expected names that differ in 'params' and 'state' of its plan"
        raise fault(config, f"{reason}, found '{min(twice)}' in both")
    layers = unchecked(plan.layers)
    if not (is_tuple(layers) and all(isinstance(each, PlannedLayer) for each in layers)):
        raise fault(config, f"expected a tuple of PlannedLayer, found {shown(layers)}")
    if plan.products is not None and not is_count(plan.products):
        raise fault(config, f"expected a count as 'products', found {shown(plan.products)}")
    if not is_count(plan.workspace):
        raise fault(config, f"expected a count as 'workspace', found {shown(plan.workspace)}")
    _check_shapes(config, shapes, x)


def _check_shapes(config: Config, shapes: Mapping[str, object], x: Shape) -> None:
    for name, shape in shapes.items():
        if not is_shape(shape):
            reason = f"expected the shape of its {name} to be a tuple of integers"
            raise fault(config, f"{reason}, found {shape!r:.100}")
        if any(size < 1 for size in shape):
            raise ShapeError(f"{config.display_name} makes {shape} of {x}, with nothing in it")
        if math.prod(shape) > MAX_VALUES:
            reason = f"{config.display_name} makes {shape!r:.100} of {x}"
            raise ShapeError(f"{reason}, more values than any machine can hold")


def _check_parameter(config: Config, name: str, param: ParameterPlan) -> None:
    initializer, fan, decay = _fields(param)
    if not isinstance(initializer, InitializerConfig) or initializer.type_name() is None:
        reason = f"expected the config of an initializer for '{name}', found {shown(initializer)}"
        raise fault(config, reason)
    if not (isinstance(fan, Fan) and is_number(fan.fan_in) and is_number(fan.fan_out)):
        raise fault(config, f"expected a Fan of two numbers for '{name}', found {shown(fan)}")
    if not isinstance(decay, bool):
        raise fault(config, f"expected True or False as 'decay' of '{name}', found {shown(decay)}")


def _fields(param: ParameterPlan) -> tuple[object, object, object]:
    return param.initializer, param.fan, param.decay


def _items(config: Config, field: str, found: object) -> list[tuple[str, object]]:
    """Return names and values of a mapping that a plan has."""
    if not isinstance(found, Mapping):
        raise fault(config, f"expected a mapping as '{field}' of its plan, found {shown(found)}")
    items: list[tuple[object, object]] = [*found.items()]
    named = [(name, value) for name, value in items if isinstance(name, str) and is_name(name)]
    if len(named) < len(items):
        reason = f"expected names of letters, digits and underscores in '{field}'"
        raise fault(config, f"{reason}, found {[name for name, _ in items]!r:.100}")
    return named


def check_loss_plan(config: LossConfig, plan: object) -> None:
    """Check what a loss's ``plan`` returned.

    Raises
    ------
    PluginError
        If it is no `LossPlan` of two shapes.
    """
    if not isinstance(plan, LossPlan):
        raise fault(config, f"expected 'plan' to return a LossPlan, found {shown(plan)}")
    for name, shape in (("prediction", plan.prediction), ("items", plan.items)):
        found: object = shape
        if not (is_shape(found) and all(size > 0 for size in found)):
            reason = f"expected '{name}' of its plan to be a tuple of integers above 0"
            raise fault(config, f"{reason}, found {found!r:.100}")
    probabilities = unchecked(plan.probabilities)
    if not isinstance(probabilities, bool):
        reason = "expected 'probabilities' of its plan to be True or False"
        raise fault(config, f"{reason}, found {shown(probabilities)}")


def check_info(config: DatasetConfig, info: object) -> None:
    """Check what a dataset's ``info`` returned.

    Raises
    ------
    PluginError
        If it is no `DataInfo` of the types that it declares.
    """
    if not isinstance(info, DataInfo):
        raise fault(config, f"expected 'info' to return a DataInfo, found {shown(info)}")
    shape, target = _described(info)
    if not (is_shape(shape) and all(size > 0 for size in shape)):
        reason = "expected 'input_shape' to be a tuple of integers above 0"
        raise fault(config, f"{reason}, found {shape!r:.100}")
    if not isinstance(target, ClassTarget | VectorTarget):
        reason = "expected a ClassTarget or a VectorTarget as 'target'"
        raise fault(config, f"{reason}, found {shown(target)}")
    of_target: object = target.shape
    if not (is_shape(of_target) and all(size > 0 for size in of_target)):
        reason = "expected the shape of the target to be a tuple of integers above 0"
        raise fault(config, f"{reason}, found {of_target!r:.100}")
    if isinstance(target, ClassTarget) and not is_count(target.classes):
        raise fault(config, f"expected a number of classes, found {shown(target.classes)}")
    names = unchecked(target.names)
    if not (is_tuple(names) and all(isinstance(name, str) for name in names)):
        raise fault(config, f"expected a tuple of names of the target, found {shown(names)}")
    if isinstance(target, ClassTarget) and len(names) not in {0, target.classes}:
        reason = f"expected a name for each of the {target.classes} classes, or none"
        raise fault(config, f"{reason}, found {len(names)}")
    _check_features(config, info)
    counts = ("train", "test", "validation", "bytes_per_value", "vocabulary")
    for name in counts:
        found: object = getattr(info, name)
        if found is not None and not is_count(found):
            raise fault(config, f"expected a count or None as '{name}', found {shown(found)}")
    if not (is_number(info.scale) and info.scale > 0):
        raise fault(config, f"expected a number above 0 as 'scale', found {shown(info.scale)}")
    if info.vocabulary is not None and info.scale != 1:
        raise fault(config, f"expected a scale of 1 for ids, found {shown(info.scale)}")


def _check_features(config: DatasetConfig, info: DataInfo) -> None:
    names, missing = unchecked(info.features), unchecked(info.has_missing)
    if not (is_tuple(names) and all(isinstance(name, str) for name in names)):
        raise fault(config, f"expected a tuple of names as 'features', found {shown(names)}")
    if (names and (len(names),) != info.input_shape) or len(set(names)) < len(names):
        reason = f"expected a name of its own for each value of inputs {info.input_shape}, or none"
        raise fault(config, f"{reason}, found {names!r:.100} as 'features'")
    for name, found in (("has_missing", missing), ("mapped", unchecked(info.mapped))):
        if not isinstance(found, bool):
            raise fault(config, f"expected True or False as '{name}', found {shown(found)}")


def _described(info: DataInfo) -> tuple[object, object]:
    return info.input_shape, info.target


def check_figures(config: MetricConfig, figures: object) -> None:
    """Check what a metric's ``figures`` returned.

    Raises
    ------
    PluginError
        If it is no mapping of figures' names to True or False.
    """
    if not isinstance(figures, Mapping):
        raise fault(config, f"expected 'figures' to return a mapping, found {shown(figures)}")
    items: list[tuple[object, object]] = [*figures.items()]
    for name, higher_is_better in items:
        own = config.display_name
        if not (isinstance(name, str) and (name == own or name.startswith(f"{own}."))):
            reason = f"expected names of figures to be '{own}' or to begin with '{own}.'"
            raise fault(config, f"{reason}, found {shown(name)}")
        if not isinstance(higher_is_better, bool):
            reason = f"expected True or False for the figure '{name}'"
            raise fault(config, f"{reason}, found {shown(higher_is_better)}")


def check_slots(config: OptimizerConfig, slots: object) -> None:
    """Check what an optimizer's ``slots`` returned.

    Raises
    ------
    PluginError
        If it is no tuple of names, all different.
    """
    names = slots if is_tuple(slots) or is_list(slots) else [None]
    is_right = all(isinstance(name, str) and is_name(name) for name in names)
    if not is_right or len(set(names)) < len(names):
        reason = "expected 'slots' to return a tuple of names, all different"
        raise fault(config, f"{reason}, found {slots!r:.100}")


def check_scope(config: OptimizerConfig) -> None:
    """Check which scope an optimizer's class declares.

    Raises
    ------
    PluginError
        If there is none of that name.
    """
    scope: object = Optimizer[OptimizerConfig].class_for(config).scope
    if scope not in SCOPES:
        raise fault(config, f"expected one of {', '.join(SCOPES)} as 'scope', found {shown(scope)}")


def count_of(config: Config, method: str, found: object) -> int:
    """Return a count that a config's method returned.

    Raises
    ------
    PluginError
        If it is none.
    """
    if isinstance(found, int) and is_count(found):
        return found
    raise fault(config, f"expected '{method}' to return an integer from 0, found {shown(found)}")


def is_shape(value: object) -> TypeIs[Shape]:
    """Tell whether a value is a tuple of plain integers."""
    return is_tuple(value) and all(type(size) is int for size in value)


def is_count(value: object) -> bool:
    """Tell whether a value is an integer from 0."""
    return type(value) is int and value >= 0


def is_number(value: object) -> bool:
    """Tell whether a value is a finite number."""
    return isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(value)


def is_name(value: str) -> bool:
    """Tell whether a text can be part of a path."""
    return value.isascii() and value.isidentifier()
