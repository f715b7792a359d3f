from __future__ import annotations

from typing import Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape
from layerkit.contracts.activation import Activation, ActivationConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_plan import LayerPlan, StatePlan
from layerkit.contracts.traits import LayerTraits
from layerkit.errors import ShapeError
from layerkit.testing.layer import check_layer


class NoiseConfig(LayerConfig):
    """A right layer that is random in training: ``y = x * noise``."""

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x)

    def traits(self) -> LayerTraits:
        return LayerTraits(adds_noise=True)


NoiseT_co = TypeVar("NoiseT_co", bound=NoiseConfig, covariant=True)


class Noise(Layer[NoiseT_co]):
    def __init__(self, config: NoiseT_co, context: LayerContext) -> None:
        super().__init__(config, context)
        self.noise = context.buffer(context.input_shape)
        self.y = context.buffer(context.input_shape)
        self.drawn = np.zeros(self.y.shape)

    def draw(self, noise: Array) -> None:
        drawn = self.context.rng.standard_normal(out=self.drawn[: len(noise)])
        np.multiply(drawn, 0.5, out=drawn)
        np.add(drawn, 1, out=noise, casting="same_kind")

    def forward(self, x: Array, *, training: bool) -> Array:
        if not training:
            return x
        noise = self.noise[: len(x)]
        self.draw(noise)
        return np.multiply(noise, x, out=self.y[: len(x)])

    def backward(self, dy: Array) -> Array | None:
        if self.context.input_grad is None:
            return None
        np.multiply(dy, self.noise[: len(dy)], out=dy)
        return dy


class RightNoiseConfig(NoiseConfig):
    type: Literal["right_noise"] = "right_noise"


@final
class RightNoise(Noise[RightNoiseConfig]):
    pass


class ForgetsNoiseConfig(NoiseConfig):
    type: Literal["forgets_noise"] = "forgets_noise"


@final
class ForgetsNoise(Noise[ForgetsNoiseConfig]):
    def backward(self, dy: Array) -> Array | None:
        return None if self.context.input_grad is None else dy


class OtherNoiseBackwardConfig(NoiseConfig):
    type: Literal["other_noise_backward"] = "other_noise_backward"


@final
class OtherNoiseBackward(Noise[OtherNoiseBackwardConfig]):
    def backward(self, dy: Array) -> Array | None:
        self.draw(self.noise[: len(dy)])
        return super().backward(dy)


class HiddenGeneratorConfig(NoiseConfig):
    type: Literal["hidden_generator"] = "hidden_generator"


@final
class HiddenGenerator(Noise[HiddenGeneratorConfig]):
    def __init__(self, config: HiddenGeneratorConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._rng = np.random.default_rng(0)

    def draw(self, noise: Array) -> None:
        noise[...] = self._rng.normal(1, 0.5, noise.shape)


class UnseededConfig(NoiseConfig):
    type: Literal["unseeded"] = "unseeded"


@final
class Unseeded(Noise[UnseededConfig]):
    def draw(self, noise: Array) -> None:
        noise[...] = np.random.default_rng().normal(1, 0.5, noise.shape)


class NoisyEvaluationConfig(NoiseConfig):
    type: Literal["noisy_evaluation"] = "noisy_evaluation"


@final
class NoisyEvaluation(Noise[NoisyEvaluationConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        return super().forward(x, training=True)


class CenterConfig(LayerConfig):
    """A right layer with state: subtracts the batch's mean, or in evaluation a running mean."""

    type: Literal["center"] = "center"

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x, state={"mean": StatePlan(x)})

    def traits(self) -> LayerTraits:
        return LayerTraits(compares_examples=True)


@final
class Center(Layer[CenterConfig]):
    def __init__(self, config: CenterConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.buffer(context.output_shape)
        self._mean = np.zeros(context.input_shape, context.dtype)

    def forward(self, x: Array, *, training: bool) -> Array:
        running = self.context.state["mean"]
        if not training:
            return np.subtract(x, running, out=self._y[: len(x)])
        mean = np.mean(x, axis=0, out=self._mean)
        np.add(0.9 * running, 0.1 * mean, out=running)
        return np.subtract(x, mean, out=self._y[: len(x)])

    def backward(self, dy: Array) -> Array | None:
        if self.context.input_grad is None:
            return None
        return np.subtract(dy, np.mean(dy, axis=0), out=dy)


class BentConfig(ActivationConfig):
    """A right activation with a kink at 0, ``abs(x)``, for vectors alone."""

    type: Literal["bent"] = "bent"

    def plan(self, x: Shape) -> LayerPlan:
        if len(x) != 1:
            raise ShapeError(f"bent expects a vector, found {x}")
        return LayerPlan(x)


@final
class Bent(Activation[BentConfig]):
    def value(self, x: Array, out: Array) -> None:
        np.abs(x, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        np.sign(x, out=out)


class PeakConfig(LayerConfig):
    """A right layer with kinks everywhere: the largest value of every example."""

    type: Literal["peak"] = "peak"

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan((1,))


@final
class Peak(Layer[PeakConfig]):
    def __init__(self, config: PeakConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.buffer(context.output_shape)
        self._at = np.zeros((context.capacity, 1), np.int64)

    def forward(self, x: Array, *, training: bool) -> Array:
        flat, at, n = x.reshape(len(x), -1), self._at, len(x)
        np.argmax(flat, axis=1, out=at[:n], keepdims=True)
        return np.max(flat, axis=1, keepdims=True, out=self._y[:n])

    def backward(self, dy: Array) -> Array | None:
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        dx.fill(0)
        for row, at, value in zip(dx.reshape(len(dx), -1), self._at, dy, strict=False):
            row[at[0]] = value[0]
        return dx


@pytest.mark.right_component
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("config", [RightNoiseConfig(), CenterConfig(), BentConfig(), PeakConfig()])
def test_right_layers_pass_whatever_the_seed(config: LayerConfig, seed: int) -> None:
    check_layer(config, input_shape=(7,), seed=seed)


@pytest.mark.right_component
@pytest.mark.parametrize("config", [RightNoiseConfig(), CenterConfig(), PeakConfig()])
def test_right_layers_pass_on_any_shape_and_batch(config: LayerConfig) -> None:
    check_layer(config, input_shape=(3, 2, 4), batch_sizes=[4, 3])


def test_an_input_larger_than_is_probed_passes_too() -> None:
    check_layer(PeakConfig(), input_shape=(500,), batch_sizes=(2,))


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (ForgetsNoiseConfig(), "input_gradient"),
        (OtherNoiseBackwardConfig(), "input_gradient"),
        (HiddenGeneratorConfig(), "training_is_repeatable"),
        (UnseededConfig(), "training_is_repeatable"),
        (NoisyEvaluationConfig(), "evaluation_is_repeatable"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, LayerConfig) else "",
)
def test_wrong_randomness_is_caught_by_name(config: LayerConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: layer '{config.type_name()}'"):
        check_layer(config, input_shape=(7,))


def test_a_shape_that_the_layer_refuses_is_a_failure_of_the_plan() -> None:
    with pytest.raises(AssertionError, match=r"^plan_is_repeatable: .*ShapeError: bent expects"):
        check_layer(BentConfig(), input_shape=(7, 2))
