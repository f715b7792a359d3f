"""An example of weight 2 is the example twice: in a step, in shards, in evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array, Labels
from layerkit.builtin.accuracy import AccuracyConfig
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.recall import RecallConfig
from layerkit.builtin.sgd import SgdConfig
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
from layerkit.builtin.tanh import TanhConfig
from layerkit.contracts.dataset import (
    ClassTarget,
    DataInfo,
    Dataset,
    DatasetConfig,
    Examples,
    Splits,
)
from layerkit.engine.chains import CAPACITY
from layerkit.engine.data import load_data, whole
from layerkit.engine.evaluation import Evaluator
from layerkit.engine.gradient import BatchGradient
from layerkit.engine.network import Network
from layerkit.engine.trainer import Trainer
from layerkit.engine.workers import WorkerPool
from layerkit.plan.network import plan_network
from layerkit.randomness import generator
from layerkit.spec.models import ModelSpec, Training

CLASSES = 3
CLASS_WEIGHTS = (0.5, 2.0, 1.25)
EXACT = 1e-12


class CopiesConfig(DatasetConfig):
    """Examples that are there 0, 1, 2 or 3 times each, as copies or by weight."""

    type: Literal["copies"] = "copies"
    examples: int = 17
    by_weight: bool

    @property
    def times(self) -> Labels:
        return np.arange(self.examples) * 7 % 4

    def info(self) -> DataInfo:
        count = self.examples if self.by_weight else int(self.times.sum())
        return DataInfo((4,), ClassTarget(CLASSES), count, 0, 8)


@final
class Copies(Dataset[CopiesConfig]):
    def load(self) -> Splits:
        rng, count = generator(5, "copies"), self.config.examples
        inputs: Array = rng.normal(size=(count, 4))
        labels = rng.integers(0, CLASSES, count)
        times = self.config.times
        if self.config.by_weight:
            return Splits(Examples(inputs, labels, weights=times.astype(np.float64)))
        return Splits(Examples(np.repeat(inputs, times, axis=0), np.repeat(labels, times)))


def network_on(*, by_weight: bool, loss: SoftmaxCrossEntropyConfig, examples: int = 17) -> Network:
    return Network(
        plan_network(
            ModelSpec(
                dtype="float64",
                data=CopiesConfig(by_weight=by_weight, examples=examples),
                layers=(DenseConfig(units=5), TanhConfig(), DenseConfig(units=CLASSES)),
                loss=loss,
                metrics=(AccuracyConfig(), RecallConfig(average="per_class")),
                optimizer=SgdConfig(learning_rate=0.5, momentum=0.5),
                training=Training(epochs=2, batch_size="full"),
            )
        )
    )


def gradient_of(network: Network, shards: int) -> tuple[float, Array]:
    """Return loss and gradient of all examples as one batch."""
    data = load_data(network.plan).train
    with WorkerPool(shards) as workers:
        gradient = BatchGradient(network, len(data), workers)
        loss = gradient(data.inputs.astype(network.plan.dtype), data.targets, data.weights, step=1)
        return loss, sum(gradient.added, network.storage.vector.grad.copy())


def trained(network: Network, shards: int) -> Mapping[str, Array]:
    with WorkerPool(shards) as workers:
        Trainer(network, load_data(network.plan), workers=workers).train()
    return network.parameters


LOSSES = pytest.mark.parametrize(
    "loss",
    [
        SoftmaxCrossEntropyConfig(),
        SoftmaxCrossEntropyConfig(class_weights=CLASS_WEIGHTS),
        SoftmaxCrossEntropyConfig(class_weights=CLASS_WEIGHTS, label_smoothing=0.1),
    ],
    ids=["plain", "class_weights", "label_smoothing"],
)
SHARDS = pytest.mark.parametrize("shards", [1, 2, 3])


@LOSSES
@SHARDS
def test_a_weight_has_the_gradient_of_as_many_copies(
    loss: SoftmaxCrossEntropyConfig, shards: int
) -> None:
    expected_loss, expected = gradient_of(network_on(by_weight=False, loss=loss), 1)
    found_loss, found = gradient_of(network_on(by_weight=True, loss=loss), shards)
    assert found_loss == pytest.approx(expected_loss, rel=EXACT)
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(found, expected, rtol=EXACT, atol=1e-15)


@LOSSES
@SHARDS
def test_a_weight_trains_as_copies_do(loss: SoftmaxCrossEntropyConfig, shards: int) -> None:
    start = {
        path: value.copy()
        for path, value in network_on(by_weight=True, loss=loss).parameters.items()
    }
    expected = trained(network_on(by_weight=False, loss=loss), 1)
    found = trained(network_on(by_weight=True, loss=loss), shards)
    for path, value in expected.items():
        assert np.abs(value - start[path]).max() > 1e-3
        np.testing.assert_allclose(found[path], value, rtol=EXACT, atol=1e-14)


def test_the_loss_of_an_epoch_is_a_mean_by_weight_whatever_the_batches() -> None:
    spec = network_on(by_weight=True, loss=SoftmaxCrossEntropyConfig()).spec
    training = Training(epochs=1, batch_size=5)
    still = SgdConfig(learning_rate=1e-15)
    network = Network(
        plan_network(spec.model_copy(update={"training": training, "optimizer": still}))
    )
    data = load_data(network.plan)
    expected = Evaluator(network, whole(data.train)).evaluate().figures["loss"]
    (epoch,) = Trainer(network, data).train().epochs
    assert epoch.train["loss"] == pytest.approx(expected, rel=EXACT)


@LOSSES
@pytest.mark.parametrize("threads", [1, 3])
def test_a_weight_is_evaluated_as_copies_are(loss: SoftmaxCrossEntropyConfig, threads: int) -> None:
    examples = CAPACITY + 101  # batches of other sizes than those of the copies, and a short one
    figures: list[Mapping[str, float]] = []
    for by_weight in (False, True):
        network = network_on(by_weight=by_weight, loss=loss, examples=examples)
        part = whole(load_data(network.plan).train)
        with WorkerPool(threads) as workers:
            figures.append(Evaluator(network, part, workers).evaluate().figures)
    copies, weights = figures
    assert list(copies) == ["loss", "accuracy", "recall.0", "recall.1", "recall.2"]
    assert 0 < copies["accuracy"] < 1
    assert weights == pytest.approx(copies, rel=EXACT)


@SHARDS
def test_the_loss_of_a_batch_is_a_mean_by_the_weights_of_its_classes(shards: int) -> None:
    network = network_on(
        by_weight=False, loss=SoftmaxCrossEntropyConfig(class_weights=CLASS_WEIGHTS)
    )
    data = load_data(network.plan).train
    labels = np.asarray(data.targets).astype(np.int64)
    weights = np.array(CLASS_WEIGHTS)[labels]
    p = network.predict(data.inputs)
    losses = -np.log(p[np.arange(len(labels)), labels])
    assert gradient_of(network, shards)[0] == pytest.approx(
        np.sum(weights * losses) / np.sum(weights), rel=EXACT
    )
    with WorkerPool(shards) as workers:
        evaluation = Evaluator(network, whole(data), workers).evaluate()
    assert evaluation.figures["loss"] == pytest.approx(
        np.sum(weights * losses) / np.sum(weights), rel=EXACT
    )
    right = p.argmax(axis=1) == labels  # metrics know nothing of the weights of classes
    assert evaluation.figures["accuracy"] == pytest.approx(right.mean(), rel=EXACT)


@pytest.mark.parametrize("shards", [2, 3])
def test_class_weights_have_one_gradient_in_any_number_of_shards(shards: int) -> None:
    loss = SoftmaxCrossEntropyConfig(class_weights=CLASS_WEIGHTS)
    _, expected = gradient_of(network_on(by_weight=False, loss=loss), 1)
    _, found = gradient_of(network_on(by_weight=False, loss=loss), shards)
    np.testing.assert_allclose(found, expected, rtol=EXACT, atol=1e-15)
