from __future__ import annotations

import math
from typing import Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_plan import LayerPlan
from layerkit.testing.layer import check_layer

from .right_layers import Doubling, DoublingConfig, Square, SquareConfig


class ReturnsWholeBufferConfig(DoublingConfig):
    type: Literal["returns_whole_buffer"] = "returns_whole_buffer"


@final
class ReturnsWholeBuffer(Doubling[ReturnsWholeBufferConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        super().forward(x, training=training)
        return self.y


class CentersOnBufferConfig(DoublingConfig):
    type: Literal["centers_on_buffer"] = "centers_on_buffer"


@final
class CentersOnBuffer(Doubling[CentersOnBufferConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        y = super().forward(x, training=training)
        np.subtract(y, self.y.mean(axis=0), out=y)
        return y


class RemembersInputByIdentityConfig(DoublingConfig):
    type: Literal["remembers_input_by_identity"] = "remembers_input_by_identity"


@final
class RemembersInputByIdentity(Doubling[RemembersInputByIdentityConfig]):
    def __init__(self, config: RemembersInputByIdentityConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._x = self.y

    def forward(self, x: Array, *, training: bool) -> Array:
        if x is not self._x:
            super().forward(x, training=training)
            self._x = x
        return self.y[: len(x)]


class ReturnsWholeInputGradientConfig(SquareConfig):
    type: Literal["returns_whole_input_gradient"] = "returns_whole_input_gradient"


@final
class ReturnsWholeInputGradient(Square[ReturnsWholeInputGradientConfig]):
    def backward(self, dy: Array) -> Array | None:
        super().backward(dy)
        return self.context.input_grad


class RemembersFirstInputConfig(SquareConfig):
    type: Literal["remembers_first_input"] = "remembers_first_input"


@final
class RemembersFirstInput(Square[RemembersFirstInputConfig]):
    def __init__(self, config: RemembersFirstInputConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._first: Array | None = None

    def forward(self, x: Array, *, training: bool) -> Array:
        y = super().forward(x, training=training)
        if self._first is None:
            self._first = x.copy()
        self.x = self._first
        return y


class KeepsManyConfig(DoublingConfig):
    """Right: keeps ten arrays for every input, and says so."""

    type: Literal["keeps_many"] = "keeps_many"

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x, workspace=10 * math.prod(x))


KeepsT_co = TypeVar("KeepsT_co", bound=DoublingConfig, covariant=True)


class Keeps(Doubling[KeepsT_co]):
    def __init__(self, config: KeepsT_co, context: LayerContext) -> None:
        super().__init__(config, context)
        self.kept = context.buffer((10, *context.input_shape))


@final
class KeepsMany(Keeps[KeepsManyConfig]):
    pass


class KeepsManyUnplannedConfig(DoublingConfig):
    type: Literal["keeps_many_unplanned"] = "keeps_many_unplanned"


@final
class KeepsManyUnplanned(Keeps[KeepsManyUnplannedConfig]):
    pass


@pytest.mark.right_component(KeepsManyConfig())
def test_a_layer_that_plans_its_workspace_passes() -> None:
    check_layer(KeepsManyConfig(), input_shape=(4,))


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (ReturnsWholeBufferConfig(), "short_batch"),
        (CentersOnBufferConfig(), "short_batch"),
        (ReturnsWholeInputGradientConfig(), "short_batch"),
        (RemembersInputByIdentityConfig(), "fresh_output"),
        (RemembersFirstInputConfig(), "fresh_output"),
        (KeepsManyUnplannedConfig(), "memory_as_planned"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LayerConfig) else "",
)
def test_a_layer_that_carries_something_over_is_caught_by_name(
    config: LayerConfig, check: str
) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: layer '{config.type_name()}'"):
        check_layer(config, input_shape=(4,))
