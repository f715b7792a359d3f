from __future__ import annotations

from typing import Annotated, Literal, TypeVar, final

import numpy as np
import pytest
from pydantic import Strict

from layerkit.arrays import Array, Shape
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.dropout import DropoutConfig
from layerkit.builtin.residual import ResidualConfig
from layerkit.builtin.tanh import TanhConfig
from layerkit.contracts.chain import Chain, Composite, plan_chain
from layerkit.contracts.layer import AnyLayer, Batches, LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_plan import LayerPlan
from layerkit.testing.layer import check_layer
from layerkit.testing.layer_case import LayerCase
from layerkit.testing.layer_composite import adapt_reaches_every_layer

LAYERS: tuple[LayerConfig, ...] = (DenseConfig(units=4), TanhConfig())


class ShortcutConfig(LayerConfig):
    """``y = x + layers(x)``."""

    layers: Annotated[tuple[AnyLayer, ...], Strict(strict=False)] = LAYERS

    def plan(self, x: Shape) -> LayerPlan:
        return plan_chain(self.layers, x)


ShortcutT_co = TypeVar("ShortcutT_co", bound=ShortcutConfig, covariant=True)


class Shortcut(Composite[ShortcutT_co]):
    def __init__(self, config: ShortcutT_co, context: LayerContext) -> None:
        super().__init__(config, context)
        wanted = context.input_grad is not None
        grad = context.training_buffer(context.input_shape) if wanted else None
        self.chain = Chain(context, context.plan.layers, grad, context.mask)
        self.chains = (self.chain,)
        self.y = context.buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        return np.add(x, self.chain.forward(x, training=training), out=self.y[: len(x)])

    def backward(self, dy: Array) -> Array | None:
        if self.context.input_grad is None:
            self.chain.backward(dy)
            return None
        dx = self.context.input_grad[: len(dy)]
        np.copyto(dx, dy)
        inner = self.chain.backward(dy)
        return dx if inner is None else np.add(dx, inner, out=dx)


class RightConfig(ShortcutConfig):
    type: Literal["right"] = "right"


@final
class Right(Shortcut[RightConfig]):
    pass


class ForgetsAdaptConfig(ShortcutConfig):
    type: Literal["forgets_adapt"] = "forgets_adapt"


@final
class ForgetsAdapt(Shortcut[ForgetsAdaptConfig]):
    def adapt(self, batches: Batches) -> None:
        pass


class ForgetsRecalibrateConfig(ShortcutConfig):
    type: Literal["forgets_recalibrate"] = "forgets_recalibrate"


@final
class ForgetsRecalibrate(Shortcut[ForgetsRecalibrateConfig]):
    def recalibrate(self, batches: Batches) -> None:
        pass


class AdaptsAllAlikeConfig(ShortcutConfig):
    type: Literal["adapts_all_alike"] = "adapts_all_alike"


@final
class AdaptsAllAlike(Shortcut[AdaptsAllAlikeConfig]):
    """Passes the input of the first layer to `adapt` of every layer."""

    def adapt(self, batches: Batches) -> None:
        for layer in self.chain.layers:
            layer.adapt(batches)


class AdaptsToOneBatchConfig(ShortcutConfig):
    type: Literal["adapts_to_one_batch"] = "adapts_to_one_batch"


@final
class AdaptsToOneBatch(Shortcut[AdaptsToOneBatchConfig]):
    def adapt(self, batches: Batches) -> None:
        super().adapt(lambda: iter([next(iter(batches()))]))


class ForgetsTheLayersConfig(ShortcutConfig):
    type: Literal["forgets_the_layers"] = "forgets_the_layers"


@final
class ForgetsTheLayers(Shortcut[ForgetsTheLayersConfig]):
    """Returns ``dy`` alone."""

    def backward(self, dy: Array) -> Array | None:
        self.chain.backward(dy.copy())
        return None if self.context.input_grad is None else dy


class ForgetsTheShortcutConfig(ShortcutConfig):
    type: Literal["forgets_the_shortcut"] = "forgets_the_shortcut"


@final
class ForgetsTheShortcut(Shortcut[ForgetsTheShortcutConfig]):
    """Returns the gradient of the layers alone."""

    def backward(self, dy: Array) -> Array | None:
        return self.chain.backward(dy)


class UsesDyTooLateConfig(ShortcutConfig):
    """Works with a dense layer, which does not overwrite ``dy``; other layers do."""

    type: Literal["uses_dy_too_late"] = "uses_dy_too_late"


@final
class UsesDyTooLate(Shortcut[UsesDyTooLateConfig]):
    def backward(self, dy: Array) -> Array | None:
        inner = self.chain.backward(dy)
        if self.context.input_grad is None or inner is None:
            return None
        return np.add(inner, dy, out=self.context.input_grad[: len(dy)])


class WritesInputConfig(ShortcutConfig):
    type: Literal["writes_input"] = "writes_input"


@final
class WritesInput(Shortcut[WritesInputConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        return np.add(x, self.chain.forward(x, training=training), out=x)


class WritesOutputOfLayersConfig(ShortcutConfig):
    """Its dense layer does not need its own output; another layer would."""

    type: Literal["writes_output_of_layers"] = "writes_output_of_layers"


@final
class WritesOutputOfLayers(Shortcut[WritesOutputOfLayersConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        y = self.chain.forward(x, training=training)
        return np.add(x, y, out=y)


class AlwaysTrainsConfig(ShortcutConfig):
    type: Literal["always_trains"] = "always_trains"


@final
class AlwaysTrains(Shortcut[AlwaysTrainsConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        return super().forward(x, training=True)


DENSE = (DenseConfig(units=4),)


@pytest.mark.right_component(RightConfig())
def test_a_right_composite_passes() -> None:
    check_layer(RightConfig(), input_shape=(4,))
    check_layer(
        RightConfig(layers=(DropoutConfig(), ResidualConfig(layers=LAYERS))), input_shape=(4,)
    )


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (ForgetsAdaptConfig(), "adapt_reaches_every_layer"),
        (ForgetsRecalibrateConfig(), "recalibrate_reaches_every_layer"),
        (AdaptsAllAlikeConfig(), "adapt_reaches_every_layer"),
        (AdaptsToOneBatchConfig(), "adapt_reaches_every_layer"),
        (ForgetsTheLayersConfig(), "input_gradient"),
        (ForgetsTheShortcutConfig(), "input_gradient"),
        (UsesDyTooLateConfig(layers=DENSE), "layers_inside_may_overwrite"),
        (UsesDyTooLateConfig(layers=(TanhConfig(), DropoutConfig())), "input_gradient"),
        (WritesInputConfig(), "input_untouched"),
        (WritesOutputOfLayersConfig(), "input_gradient"),
        (WritesOutputOfLayersConfig(layers=DENSE), "layers_inside_may_overwrite"),
        (AlwaysTrainsConfig(), "training_reaches_every_layer"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LayerConfig) else None,
)
def test_a_wrong_composite_is_caught_by_name(config: LayerConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: layer '{config.type_name()}'"):
        check_layer(config, input_shape=(4,))


def test_a_layer_deep_inside_is_named() -> None:
    deep = RightConfig(layers=(*DENSE, ForgetsAdaptConfig()))
    with pytest.raises(AssertionError, match=r"passed on to forgets_adapt_1\.dense_1, found"):
        adapt_reaches_every_layer(LayerCase(deep, (4,), (5,), seed=0))
