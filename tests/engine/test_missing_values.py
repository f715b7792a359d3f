"""A layer that says it fills missing values, and does not keep its word, is named."""

from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape
from layerkit.contracts.layer import Batches, Layer, LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_inputs import Missing
from layerkit.contracts.layer_plan import LayerPlan, StatePlan
from layerkit.engine.training import train
from layerkit.errors import PluginError

X = np.where(np.arange(40) % 3 == 0, np.nan, 1.0).reshape(20, 2)
Y = np.arange(20) % 2


class PatchingConfig(LayerConfig):
    """Puts a number that it measures in place of missing values."""

    type: Literal["patching"] = "patching"
    wrong: Literal["", "forward", "adapt"] = ""

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x, state={"patch": StatePlan(x)})

    def missing_values(self) -> Missing:
        return "fills"


@final
class Patching(Layer[PatchingConfig]):
    def __init__(self, config: PatchingConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        y = self._y[: len(x)]
        np.copyto(y, x)
        if self.config.wrong != "forward":
            np.copyto(y, self.context.state["patch"], where=np.isnan(x))
        return y

    def backward(self, dy: Array) -> Array | None:
        return None

    def adapt(self, batches: Batches) -> None:
        for x in batches():
            patch = x.sum(axis=0) if self.config.wrong == "adapt" else np.nansum(x, axis=0)
            np.copyto(self.context.state["patch"], patch)


def spec(wrong: Literal["", "forward", "adapt"]) -> dict[str, object]:
    return {
        "seed": 1,
        "layers": [PatchingConfig(wrong=wrong), {"type": "dense", "units": 2}],
        "loss": "softmax_cross_entropy",
        "optimizer": {"type": "sgd", "learning_rate": 0.1},
        "training": {"epochs": 1, "batch_size": 10},
    }


def test_one_that_fills_them_trains() -> None:
    network = train(spec(""), data=(X, Y)).network
    assert np.isfinite(network.predict(X)).all()


def test_missing_values_that_it_puts_out_are_its_fault() -> None:
    with pytest.raises(PluginError, match=r"patching.* expected the output to be finite"):
        train(spec("forward"), data=(X, Y))


def test_missing_values_that_it_measures_are_its_fault() -> None:
    with pytest.raises(PluginError, match=r"patching.* expected 'adapt' to leave .*patch finite"):
        train(spec("adapt"), data=(X, Y))
