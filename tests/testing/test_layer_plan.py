from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import ClassVar, Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape
from layerkit.builtin.zeros import ZerosConfig
from layerkit.contracts.activation import Activation, ActivationConfig
from layerkit.contracts.initializer import Fan, Initializer, InitializerConfig
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_plan import LayerPlan, ParameterPlan
from layerkit.testing.layer import check_layer

ConfigT_co = TypeVar("ConfigT_co", bound=ActivationConfig, covariant=True)


class Identity(Activation[ConfigT_co]):
    def value(self, x: Array, out: Array) -> None:
        np.copyto(out, x)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        del x, y
        out.fill(1)


class OtherPlanEveryTimeConfig(ActivationConfig):
    type: Literal["other_plan_every_time"] = "other_plan_every_time"
    counts: ClassVar[Iterator[int]] = itertools.count(1)

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan((*x, next(self.counts)))


@final
class OtherPlanEveryTime(Identity[OtherPlanEveryTimeConfig]):
    pass


class EmptyAxisConfig(ActivationConfig):
    type: Literal["empty_axis"] = "empty_axis"

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan((*x, 0))


@final
class EmptyAxis(Identity[EmptyAxisConfig]):
    pass


class ComputedAxisConfig(ActivationConfig):
    type: Literal["computed_axis"] = "computed_axis"

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(
            x, {"weight": ParameterPlan((np.multiply(x[0], 2),), ZerosConfig(), Fan(1, 1))}
        )


@final
class ComputedAxis(Identity[ComputedAxisConfig]):
    pass


class DottedNameConfig(ActivationConfig):
    type: Literal["dotted_name"] = "dotted_name"

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x, {"my.weight": ParameterPlan(x, ZerosConfig(), Fan(1, 1))})


@final
class DottedName(Identity[DottedNameConfig]):
    pass


class RefusesEveryShapeConfig(ActivationConfig):
    type: Literal["refuses_every_shape"] = "refuses_every_shape"

    def plan(self, x: Shape) -> LayerPlan:
        raise ValueError(f"no idea what to do with {x}")


@final
class RefusesEveryShape(Identity[RefusesEveryShapeConfig]):
    pass


class FillsHalfConfig(InitializerConfig):
    type: Literal["fills_half"] = "fills_half"


@final
class FillsHalf(Initializer[FillsHalfConfig]):
    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        out[: len(out) // 2] = 0


class StartsHalfFilledConfig(ActivationConfig):
    type: Literal["starts_half_filled"] = "starts_half_filled"

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x, {"weight": ParameterPlan(x, FillsHalfConfig(), Fan(1, 1))})


@final
class StartsHalfFilled(Identity[StartsHalfFilledConfig]):
    pass


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check", "found"),
    [
        (OtherPlanEveryTimeConfig(), "plan_is_repeatable", r"found LayerPlan\(output=\(7, 3\)"),
        (RefusesEveryShapeConfig(), "plan_is_repeatable", "found ValueError: no idea"),
        (EmptyAxisConfig(), "plan_shapes", r"found \(7, 0\)"),
        (ComputedAxisConfig(), "plan_shapes", "'weight': expected integers from 1, found .*int64"),
        (DottedNameConfig(), "plan_shapes", "found 'my.weight'"),
        (StartsHalfFilledConfig(), "planned_initializers", r"found nan at \(3,\)"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LayerConfig) else "",
)
def test_a_wrong_plan_is_caught_by_name(config: LayerConfig, check: str, found: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: .*{found}"):
        check_layer(config, input_shape=(7,))
