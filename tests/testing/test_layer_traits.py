"""`check_layer` finds layers whose traits are not true."""

from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.traits import LayerTraits
from layerkit.testing.layer import check_layer

from .right_layers import Doubling, DoublingConfig


class UnknownInitializerConfig(DoublingConfig):
    type: Literal["unknown_initializer"] = "unknown_initializer"

    def traits(self) -> LayerTraits:
        traits = LayerTraits()
        object.__setattr__(traits, "initializer", "glorot")
        return traits


@final
class UnknownInitializer(Doubling[UnknownInitializerConfig]):
    pass


class NoTraitsConfig(DoublingConfig):
    type: Literal["no_traits"] = "no_traits"

    def traits(self) -> LayerTraits:
        raise KeyError("he")


@final
class NoTraits(Doubling[NoTraitsConfig]):
    pass


class SaysSquashedConfig(DoublingConfig):
    type: Literal["says_squashed"] = "says_squashed"

    def traits(self) -> LayerTraits:
        return LayerTraits(outputs="squashed")


@final
class SaysSquashed(Doubling[SaysSquashedConfig]):
    pass


class LogisticConfig(DoublingConfig):
    """Outputs from 0 to 1, which do not add up to 1."""

    type: Literal["says_probabilities"] = "says_probabilities"

    def traits(self) -> LayerTraits:
        return LayerTraits(outputs="probabilities")


@final
class Logistic(Doubling[LogisticConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        self.y[: len(x)] = (1 + np.tanh(x / 2)) / 2
        return self.y[: len(x)]

    def backward(self, dy: Array) -> Array | None:
        y = self.y[: len(dy)]
        return None if self.context.input_grad is None else dy * y * (1 - y)


class SilentNoiseConfig(DoublingConfig):
    type: Literal["silent_noise"] = "silent_noise"


@final
class SilentNoise(Doubling[SilentNoiseConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        y = super().forward(x, training=training)
        if training:
            np.add(y, self.context.rng.normal(size=y.shape), out=y, casting="same_kind")
        return y


class SilentCenterConfig(DoublingConfig):
    """Subtracts the mean of the batch, and does not say that it compares examples."""

    type: Literal["silent_center"] = "silent_center"


@final
class SilentCenter(Doubling[SilentCenterConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        return np.subtract(x, x.mean(axis=0) if training else 0.0, out=self.y[: len(x)])

    def backward(self, dy: Array) -> Array | None:
        return None if self.context.input_grad is None else dy - dy.mean(axis=0)


class SaysRescalesConfig(DoublingConfig):
    type: Literal["says_rescales"] = "says_rescales"

    def traits(self) -> LayerTraits:
        return LayerTraits(rescales=True)


@final
class SaysRescales(Doubling[SaysRescalesConfig]):
    pass


class DeniesGradientConfig(DoublingConfig):
    type: Literal["denies_gradient"] = "denies_gradient"

    def traits(self) -> LayerTraits:
        return LayerTraits(passes_gradient=False)


@final
class DeniesGradient(Doubling[DeniesGradientConfig]):
    pass


class SilentStepConfig(DoublingConfig):
    """Has no gradient, and does not say so."""

    type: Literal["silent_step"] = "silent_step"


@final
class SilentStep(Doubling[SilentStepConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        return np.sign(x, out=self.y[: len(x)])

    def backward(self, dy: Array) -> Array | None:
        return None if self.context.input_grad is None else np.multiply(dy, 0, out=dy)


class SaysStepConfig(DoublingConfig):
    """Right: has no gradient, says so, and puts out -1 or 1."""

    type: Literal["says_step"] = "says_step"

    def traits(self) -> LayerTraits:
        return LayerTraits(outputs="squashed", rescales=True, passes_gradient=False)


@final
class SaysStep(Doubling[SaysStepConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        return np.sign(x, out=self.y[: len(x)])

    def backward(self, dy: Array) -> Array | None:
        return None if self.context.input_grad is None else np.multiply(dy, 0, out=dy)


@pytest.mark.right_component(SaysStepConfig())
def test_a_layer_whose_traits_are_true_passes() -> None:
    check_layer(SaysStepConfig(), input_shape=(4,))


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (UnknownInitializerConfig(), "traits_are_known"),
        (NoTraitsConfig(), "traits_are_known"),
        (SaysSquashedConfig(), "outputs_as_stated"),
        (LogisticConfig(), "outputs_as_stated"),
        (SilentNoiseConfig(), "noise_as_stated"),
        (SilentCenterConfig(), "examples_as_stated"),
        (SaysRescalesConfig(), "size_as_stated"),
        (DeniesGradientConfig(), "gradient_as_stated"),
        (SilentStepConfig(), "gradient_as_stated"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LayerConfig) else "",
)
def test_traits_that_are_not_true_are_caught_by_name(config: LayerConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: layer '{config.type_name()}'"):
        check_layer(config, input_shape=(4,))
