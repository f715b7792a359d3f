"""Wrong layers that read ids, each caught by the name of a check."""

from __future__ import annotations

from typing import Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape
from layerkit.builtin.zeros import ZerosConfig
from layerkit.contracts.initializer import Fan
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_plan import LayerPlan, ParameterPlan
from layerkit.testing.layer import check_layer


class LookupConfig(LayerConfig):
    """``y = weight[x]``."""

    def plan(self, x: Shape) -> LayerPlan:
        weight = ParameterPlan((3, 2), ZerosConfig(), Fan(3, 2))
        return LayerPlan((*x, 2), {"weight": weight})

    def vocabulary(self) -> int | None:
        return 3


LookupT_co = TypeVar("LookupT_co", bound=LookupConfig, covariant=True)


class Lookup(Layer[LookupT_co]):
    def __init__(self, config: LookupT_co, context: LayerContext) -> None:
        super().__init__(config, context)
        self.weight = context.params["weight"]
        self.y = context.buffer(context.output_shape)
        self.ids = np.zeros((context.capacity, *context.input_shape), np.int64)

    def forward(self, x: Array, *, training: bool) -> Array:
        ids = self.ids[: len(x)]
        np.copyto(ids, x, casting="unsafe")
        return np.take(self.weight.value, ids, axis=0, out=self.y[: len(x)], mode="clip")

    def backward(self, dy: Array) -> Array | None:
        grad, ids = self.weight.grad, self.ids[: len(dy)]
        grad.fill(0)
        for example, gradient in zip(ids, dy, strict=True):
            np.add.at(grad, example, gradient)
        return None


class RightConfig(LookupConfig):
    type: Literal["right_lookup"] = "right_lookup"


@final
class Right(Lookup[RightConfig]):
    pass


class LastOneWinsConfig(LookupConfig):
    type: Literal["last_one_wins"] = "last_one_wins"


@final
class LastOneWins(Lookup[LastOneWinsConfig]):
    def backward(self, dy: Array) -> Array | None:
        self.weight.grad.fill(0)
        self.weight.grad[self.ids[: len(dy)]] += dy
        return None


class KeepsGradientsConfig(LookupConfig):
    """Adds to what is there of ids that do not occur."""

    type: Literal["keeps_gradients"] = "keeps_gradients"


@final
class KeepsGradients(Lookup[KeepsGradientsConfig]):
    def backward(self, dy: Array) -> Array | None:
        np.add.at(self.weight.grad, self.ids[: len(dy)], dy)
        return None


class ReturnsIdsGradientConfig(LookupConfig):
    type: Literal["returns_ids_gradient"] = "returns_ids_gradient"


@final
class ReturnsIdsGradient(Lookup[ReturnsIdsGradientConfig]):
    def backward(self, dy: Array) -> Array | None:
        super().backward(dy)
        return np.zeros((len(dy), *self.context.input_shape), dy.dtype)


class WritesIdsConfig(LookupConfig):
    type: Literal["writes_ids"] = "writes_ids"


@final
class WritesIds(Lookup[WritesIdsConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        y = super().forward(x, training=training)
        x.fill(0)
        return y


@pytest.mark.right_component(RightConfig())
def test_a_right_layer_passes() -> None:
    check_layer(RightConfig(), input_shape=(4,))


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (LastOneWinsConfig(), "parameter_gradients"),
        (KeepsGradientsConfig(), "gradients_assigned"),
        (ReturnsIdsGradientConfig(), "input_gradient_optional"),
        (WritesIdsConfig(), "input_untouched"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LayerConfig) else None,
)
def test_a_wrong_layer_that_reads_ids_is_caught_by_name(config: LayerConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: layer '{config.type_name()}'"):
        check_layer(config, input_shape=(4,))
