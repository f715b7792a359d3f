"""Cases of components of which nothing is known but their configs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from layerkit.arrays import Shape
from layerkit.component import Config, Kind
from layerkit.contracts.callback import CallbackConfig
from layerkit.contracts.constraint import ConstraintConfig
from layerkit.contracts.dataset import ClassTarget, DatasetConfig, Target, VectorTarget
from layerkit.contracts.gradient_transform import GradientTransformConfig
from layerkit.contracts.initializer import InitializerConfig
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.loss import LossConfig
from layerkit.contracts.metric import MetricConfig
from layerkit.contracts.optimizer import OptimizerConfig
from layerkit.contracts.regularizer import RegularizerConfig
from layerkit.contracts.schedule import ScheduleConfig
from layerkit.errors import LayerkitError, ShapeError
from layerkit.fields import SpecContext
from layerkit.registry import Registry
from layerkit.schema.examples import example_of
from layerkit.testing import cases
from layerkit.testing.case import Case

_MOST = 2
_INPUT_SHAPES: tuple[Shape, ...] = ((6,), (4, 6), (6, 5, 4), (6,) * 4, (64,))
_ENDS: tuple[tuple[Shape, Target], ...] = (
    ((3,), ClassTarget(3)),
    ((4, 3), ClassTarget(3, shape=(4,))),
    ((3,), VectorTarget((3,))),
    ((), VectorTarget(())),
    ((2, 3), VectorTarget((2, 3))),
    ((3, 2), VectorTarget((3,))),
    ((), ClassTarget(2)),
    ((8,), ClassTarget(8)),
)
PlaceT = TypeVar("PlaceT")


class NoCaseError(Exception):
    """Nothing was found on which a component could be checked; says why."""


def found_cases(kind: Kind[Config], name: str, registry: Registry) -> list[Case]:
    """Return cases of a component: an example of its options, on shapes that it accepts.

    Raises
    ------
    NoCaseError
        If its tests have to say on what it can be checked: a dataset needs files.
    PluginError
        If it does not load.
    """
    config_type = registry.load(kind, name)
    table = example_of(config_type, registry)
    if table is None:
        raise NoCaseError("no table of options was found that validates")
    table["type"] = config_type.type_name()  # without its distribution
    config = config_type.model_validate(table, context=SpecContext(registry, Path()))
    found = [*_cases(config)]
    if not found:
        raise NoCaseError("it accepts none of the shapes that were tried")
    return found


def _cases(config: Config) -> Iterator[Case]:
    match config:
        case LayerConfig():
            for shape in _accepted(_INPUT_SHAPES, config.plan):
                yield cases.layer(config, input_shape=shape)
        case LossConfig():
            for output, target in _accepted(_ENDS, lambda end: config.plan(*end)):
                yield cases.loss(config, output_shape=output, target=target)
        case MetricConfig():
            for output, target in _accepted(_ENDS, lambda end: config.check(*end)):
                yield cases.metric(config, output_shape=output, target=target)
        case DatasetConfig():
            yield _dataset(config)
        case _:
            yield _alone(config)


def _alone(config: Config) -> Case:  # noqa: PLR0911  # one for each kind
    """Return the case of a component that stands on nothing of a particular shape."""
    match config:
        case OptimizerConfig():
            return cases.optimizer(config)
        case ScheduleConfig():
            return cases.schedule(config)
        case InitializerConfig():
            return cases.initializer(config)
        case RegularizerConfig():
            return cases.regularizer(config)
        case ConstraintConfig():
            return cases.constraint(config)
        case GradientTransformConfig():
            return cases.gradient_transform(config)
        case CallbackConfig():
            return cases.callback(config)
        case _:
            raise NoCaseError("there are no checks of its kind")


def _accepted(places: tuple[PlaceT, ...], check: Callable[[PlaceT], object]) -> list[PlaceT]:
    return [place for place in places if _accepts(check, place)][:_MOST]


def _accepts(check: Callable[[PlaceT], object], place: PlaceT) -> bool:
    try:
        check(place)
    except ShapeError:
        return False
    except Exception:  # noqa: BLE001  # the checks say what is wrong with it
        return True
    return True


def _dataset(config: DatasetConfig) -> Case:
    try:
        config.info()
        config.build().load()
    except LayerkitError as error:
        raise NoCaseError(f"the example of its options has no data: {error}") from error
    except Exception:  # noqa: BLE001  # the checks say what is wrong with it
        return cases.dataset(config)
    return cases.dataset(config)
