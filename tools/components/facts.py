"""What components say of themselves when they are asked: shapes, parameters, figures, memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from layerkit.arrays import Shape
from layerkit.component import Config
from layerkit.contracts.dataset import ClassTarget, DatasetConfig, Target, VectorTarget
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.loss import LossConfig
from layerkit.contracts.metric import MetricConfig
from layerkit.contracts.optimizer import OptimizerConfig
from layerkit.errors import LayerkitError, ShapeError

_INPUTS: tuple[Shape, ...] = ((8,), (16, 8), (28, 28, 8))
_OTHER_INPUTS: tuple[Shape, ...] = ((64,), (16, 24), (1,), (2,), (3,), (16, 16, 16, 8))
"""Asked of layers that accept none of the first ones."""
_ENDS: tuple[tuple[Shape, Target], ...] = (
    ((3,), ClassTarget(3)),
    ((), ClassTarget(2)),
    ((5, 3), ClassTarget(3, shape=(5,))),
    ((), VectorTarget(())),
    ((3,), VectorTarget((3,))),
    ((6,), VectorTarget((3,))),
    ((5, 3), VectorTarget((5, 3))),
)
_OTHER_ENDS: tuple[tuple[Shape, Target], ...] = (((10,), ClassTarget(10)),)
PlaceT = TypeVar("PlaceT")


def facts_of(config: Config) -> Iterator[tuple[str, str]]:
    """Yield what is known of a configured component, as a word and Markdown."""
    match config:
        case LayerConfig():
            yield from _of_layer(config)
        case LossConfig():
            yield "Shapes", "; ".join(_of_loss(config))
        case MetricConfig():
            yield from _of_metric(config)
        case OptimizerConfig():
            yield "Memory", _memory(config)
        case DatasetConfig():
            yield from _of_dataset(config)
        case _:
            pass


def _of_layer(config: LayerConfig) -> Iterator[tuple[str, str]]:
    plans = [(shape, config.plan(shape)) for shape in _accepted(_INPUTS, config.plan)]
    if len(plans) == len(_INPUTS) and all(
        plan.output == shape and not plan.size for shape, plan in plans
    ):
        yield "Shapes", "any, unchanged"
        return
    plans = plans or [
        (shape, config.plan(shape)) for shape in _accepted(_OTHER_INPUTS, config.plan)
    ]
    if not plans:
        return
    yield "Shapes", ", ".join(f"`{shape} -> {plan.output}`" for shape, plan in plans)
    shape, plan = plans[-1]
    of_input = f" (for an input `{shape}`)"
    if found := {name: param.shape for name, param in plan.all_params()}:
        yield "Parameters", _arrays(found) + of_input
    if found := {name: state.shape for name, state in plan.all_state()}:
        yield "State", _arrays(found) + of_input


def _arrays(shapes: dict[str, Shape]) -> str:
    return ", ".join(f"`{name}` `{shape}`" for name, shape in shapes.items())


def _of_loss(config: LossConfig) -> Iterator[str]:
    ends = _accepted(_ENDS, lambda end: config.plan(*end))
    for output, target in ends or _accepted(_OTHER_ENDS, lambda end: config.plan(*end)):
        prediction = config.plan(output, target).prediction
        predicts = "" if prediction == output else f", which predict `{prediction}`"
        yield f"outputs `{output}`{predicts}, for {_target(target)}"


def _of_metric(config: MetricConfig) -> Iterator[tuple[str, str]]:
    ends = _accepted(_ENDS, lambda end: config.check(*end))
    ends = ends or _accepted(_OTHER_ENDS, lambda end: config.check(*end))
    if not ends:
        return
    yield "Shapes", "; ".join(f"predictions `{shape}` for {_target(it)}" for shape, it in ends)
    figures = config.figures(ends[0][1])
    better = {True: "higher is better", False: "lower is better"}
    if figures:
        yield "Figures", ", ".join(f"`{name}` ({better[up]})" for name, up in figures.items())


def _memory(config: OptimizerConfig) -> str:
    slots = config.slots()
    names = f" ({', '.join(f'`{name}`' for name in slots)})" if slots else ""
    count = len(slots) + config.vectors()
    if not count:
        return "none beside the parameters and their gradient"
    return f"{count} {'number' if count == 1 else 'numbers'} for every parameter{names}"


def _of_dataset(config: DatasetConfig) -> Iterator[tuple[str, str]]:
    try:
        info = config.info()
    except LayerkitError:
        return  # it needs files of the user's
    yield "Shapes", f"inputs `{info.input_shape}` with {_target(info.target)}"
    if info.train is not None:
        test = f", {info.test:,} to test on" if info.test else ""
        yield "Examples", f"{info.train:,} to train on{test}"


def _target(target: Target) -> str:
    match target:
        case ClassTarget(classes=classes, shape=()):
            return f"one of {classes} classes"
        case ClassTarget(classes=classes, shape=shape):
            return f"one of {classes} classes at each of {shape[0]} steps"
        case VectorTarget(shape=()):
            return "a number"
        case VectorTarget(shape=shape):
            return f"numbers `{shape}`"


def _accepted(places: Sequence[PlaceT], check: Callable[[PlaceT], object]) -> list[PlaceT]:
    return [*_those_accepted(places, check)]


def _those_accepted(
    places: Iterable[PlaceT], check: Callable[[PlaceT], object]
) -> Iterator[PlaceT]:
    for place in places:
        try:
            check(place)
        except ShapeError:
            continue
        yield place
