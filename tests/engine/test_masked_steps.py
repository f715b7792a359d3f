"""Steps that a mask leaves out count in no loss, no gradient and no figure."""

from __future__ import annotations

from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape, labels_of
from layerkit.builtin.accuracy import AccuracyConfig
from layerkit.builtin.ones import OnesConfig
from layerkit.builtin.sgd import SgdConfig
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
from layerkit.contracts.dataset import (
    ClassTarget,
    DataInfo,
    Dataset,
    DatasetConfig,
    Examples,
    Splits,
)
from layerkit.contracts.initializer import Fan
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_plan import LayerPlan, ParameterPlan
from layerkit.engine.data import load_data, whole
from layerkit.engine.evaluation import Evaluator
from layerkit.engine.gradient import BatchGradient
from layerkit.engine.network import Network
from layerkit.engine.workers import WorkerPool
from layerkit.plan.network import plan_network
from layerkit.randomness import generator
from layerkit.spec.models import ModelSpec, Training

TIME, CLASSES, EXAMPLES = 4, 3, 7
LENGTHS = np.array([4, 1, 2, 3, 1, 4, 2])


class SentencesConfig(DatasetConfig):
    """Sequences of different lengths, filled up with zeros; a class for every step."""

    type: Literal["sentences"] = "sentences"

    def info(self) -> DataInfo:
        target = ClassTarget(CLASSES, shape=(TIME,))
        return DataInfo((TIME, CLASSES), target, EXAMPLES, 0, 8)


@final
class Sentences(Dataset[SentencesConfig]):
    def load(self) -> Splits:
        rng = generator(3, "sentences")
        inputs: Array = rng.normal(size=(EXAMPLES, TIME, CLASSES))
        inputs[np.arange(TIME) >= LENGTHS[:, np.newaxis]] = 0
        labels = rng.integers(0, CLASSES, (EXAMPLES, TIME))
        return Splits(Examples(inputs, labels, weights=rng.uniform(0, 2, EXAMPLES)))


class MaskingConfig(LayerConfig):
    """Multiplies by one parameter a class; steps of zeros do not count."""

    type: Literal["masking"] = "masking"

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x, {"scale": ParameterPlan((CLASSES,), OnesConfig(), Fan(1, 1))})


@final
class Masking(Layer[MaskingConfig]):
    def __init__(self, config: MaskingConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._mask = context.buffer((TIME,))
        self._x = context.buffer(context.input_shape)

    @property
    def mask(self) -> Array:
        return self._mask

    def forward(self, x: Array, *, training: bool) -> Array:
        self._x = x
        self._mask[: len(x)] = x.any(axis=-1)
        scaled: Array = x * self.context.params["scale"].value
        return scaled

    def backward(self, dy: Array) -> Array | None:
        np.einsum("nti,nti->i", self._x, dy, out=self.context.params["scale"].grad)
        return None


def network() -> Network:
    return Network(
        plan_network(
            ModelSpec(
                dtype="float64",
                data=SentencesConfig(),
                layers=(MaskingConfig(),),
                loss=SoftmaxCrossEntropyConfig(),
                metrics=(AccuracyConfig(),),
                optimizer=SgdConfig(learning_rate=1.0),
                training=Training(batch_size="full"),
            )
        )
    )


def expected() -> tuple[float, float, Array]:
    """Return loss, accuracy and gradient, written down step by step."""
    data = Sentences(SentencesConfig()).load().train
    loss = right = total = 0.0
    gradient = np.zeros(CLASSES)
    assert data.weights is not None
    labels = labels_of(data.targets)
    for x, of_steps, length, weight in zip(
        data.inputs.astype(np.float64), labels, LENGTHS, data.weights, strict=True
    ):
        for logits, label in zip(x[:length], of_steps, strict=False):
            p = np.exp(logits) / np.exp(logits).sum()
            loss -= float(weight * np.log(p[label]))
            right += float(weight * (p.argmax() == label))
            total += float(weight)
            p[label] -= 1
            gradient += weight * p * logits
    return loss / total, right / total, gradient / total


@pytest.mark.parametrize("shards", [1, 2, 3, 7])
def test_loss_and_gradient_are_means_over_the_steps_that_count(shards: int) -> None:
    net = network()
    data = load_data(net.plan).train
    loss, _, gradient = expected()
    with WorkerPool(shards) as workers:
        step = BatchGradient(net, EXAMPLES, workers)
        for number in (1, 2):  # with the mask of a batch before it
            found = step(data.inputs.astype(net.plan.dtype), data.targets, data.weights, number)
            total = sum(step.added, net.storage.vector.grad.copy())
            assert found == pytest.approx(loss, rel=1e-12)
            np.testing.assert_allclose(total, gradient, rtol=1e-12)


@pytest.mark.parametrize("threads", [1, 2])
def test_figures_are_means_over_the_steps_that_count(threads: int) -> None:
    net = network()
    loss, accuracy, _ = expected()
    with WorkerPool(threads) as workers:
        found = Evaluator(net, whole(load_data(net.plan).train), workers).evaluate().figures
    assert found == pytest.approx({"loss": loss, "accuracy": accuracy}, rel=1e-12)
