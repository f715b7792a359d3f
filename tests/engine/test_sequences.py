"""Sequences of ids from the data to the loss: embedding, masks, recurrence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, final

import numpy as np
import pytest
from layerkit_sequence.bidirectional import BidirectionalConfig
from layerkit_sequence.gru import GruConfig
from layerkit_sequence.lstm import LstmConfig
from layerkit_sequence.positional_embedding import PositionalEmbeddingConfig
from layerkit_sequence.transformer_block import TransformerBlockConfig

from layerkit.arrays import Array, Inputs, labels_of
from layerkit.builtin.adam import AdamConfig
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.embedding import EmbeddingConfig
from layerkit.builtin.flatten import FlattenConfig
from layerkit.builtin.parallel import ParallelConfig
from layerkit.builtin.residual import ResidualConfig
from layerkit.builtin.sequential import SequentialConfig
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
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.batches import Batch
from layerkit.engine.data import load_data
from layerkit.engine.starting import build
from layerkit.engine.step import TrainingStep
from layerkit.engine.training import train
from layerkit.engine.workers import WorkerPool
from layerkit.errors import DataError
from layerkit.plan.network import plan_network
from layerkit.randomness import generator
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.models import ModelSpec, Training

TIME, IDS = 6, 5


class WordsConfig(DatasetConfig):
    """Whether id 1 or id 2 comes first, among others; filled up with 0."""

    type: Literal["words"] = "words"
    bad_id: int | None = None
    each_step: bool = False

    def info(self) -> DataInfo:
        target = ClassTarget(2, shape=(TIME,) if self.each_step else ())
        return DataInfo((TIME,), target, 200, 50, bytes_per_value=8, vocabulary=IDS)


@final
class Words(Dataset[WordsConfig]):
    def load(self) -> Splits:
        train = self._draw(200, "train")
        if self.config.bad_id is not None:
            train.inputs[7, 3] = self.config.bad_id
        return Splits(train, self._draw(50, "test"))

    def _draw(self, count: int, split: str) -> Examples:
        rng = generator(0, "words", split)
        inputs: Inputs = np.zeros((count, TIME), np.int64)
        labels = rng.integers(0, 2, count)
        for row, label in zip(inputs, labels.tolist(), strict=True):
            first, second = (1, 2) if label == 0 else (2, 1)
            length = int(rng.integers(2, TIME + 1))
            row[:length] = rng.integers(3, IDS, length)
            at, later = sorted(rng.choice(length, 2, replace=False).tolist())
            row[at], row[later] = first, second
        if self.config.each_step:
            return Examples(inputs, np.repeat(labels[:, np.newaxis], TIME, axis=1))
        return Examples(inputs, labels)


EMBEDDING = EmbeddingConfig(ids=IDS, units=8, padding_id=0)
LAYERS = (EMBEDDING, LstmConfig(units=12, output="last"), DenseConfig(units=2))


def spec(
    *layers: LayerConfig, data: WordsConfig | None = None, epochs: int = 1, seed: int = 0
) -> ModelSpec:
    return ModelSpec.model_validate(
        {
            "seed": seed,
            "dtype": "float64",
            "data": data or WordsConfig(),
            "layers": layers or LAYERS,
            "loss": SoftmaxCrossEntropyConfig(),
            "optimizer": AdamConfig(learning_rate=0.02),
            "metrics": ["accuracy"],
            "training": Training(epochs=epochs, batch_size=20),
        }
    )


def problems(*layers: LayerConfig) -> list[str]:
    with pytest.raises(SpecError) as caught:
        plan_network(spec(*layers))
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "layers",
    [
        LAYERS,
        (
            SequentialConfig(layers=(EMBEDDING, ResidualConfig(layers=(TanhConfig(),)))),
            ParallelConfig(branches=((LstmConfig(units=8),), (TanhConfig(),)), combine="concat"),
            LstmConfig(units=12, output="last"),
            DenseConfig(units=2),
        ),
        (
            EMBEDDING,
            BidirectionalConfig(layer=GruConfig(units=8, output="last")),
            DenseConfig(units=2),
        ),
        (
            EMBEDDING,
            PositionalEmbeddingConfig(),
            TransformerBlockConfig(heads=4, dropout=0.0),
            FlattenConfig(),
            DenseConfig(units=2),
        ),
    ],
    ids=["plain", "composites", "both directions", "attention"],
)
def test_a_network_learns_the_order_of_ids(layers: tuple[LayerConfig, ...]) -> None:
    result = train(spec(*layers, epochs=15))
    assert result.test["accuracy"] == 1


def test_longer_padding_changes_no_prediction() -> None:
    network = build(spec(epochs=1))
    words = load_data(network.plan).train.inputs[:20]
    moved = words.copy()
    for row in moved:
        row[...] = np.concatenate([row[row == 0], row[row != 0]])
    assert not np.array_equal(words, moved)
    np.testing.assert_allclose(network.predict(words), network.predict(moved), rtol=1e-12)


@pytest.mark.parametrize("bad_id", [-1, IDS])
def test_ids_out_of_range_are_told_by_their_index(bad_id: int) -> None:
    plan = plan_network(spec(data=WordsConfig(bad_id=bad_id)))
    said = rf"^data: train inputs: expected ids from 0 to 4, .* index \(7, 3\): {bad_id}$"
    with pytest.raises(DataError, match=said):
        load_data(plan)


@pytest.mark.parametrize("wrong", [0.5, -1.0, float(IDS), float("nan")])
def test_what_is_no_id_is_refused_before_it_is_predicted(wrong: float) -> None:
    inputs = np.ones((2, TIME))
    inputs[1, 2] = wrong
    with pytest.raises(DataError, match=r"^inputs: expected ids from 0 to 4, .* index \(1, 2\): "):
        build(spec()).predict(inputs)


def test_ids_reach_no_layer_that_expects_numbers() -> None:
    found = "expects numbers, found ids in the data (begin with an embedding layer)"
    assert problems(DenseConfig(units=2)) == [f"layers.0: dense {found}"]
    inside = SequentialConfig(layers=(ResidualConfig(layers=(TanhConfig(),)), DenseConfig(units=2)))
    assert problems(inside) == [f"layers.0.layers.0.layers.0: tanh {found}"]
    dense = DenseConfig(units=2)
    branches = ParallelConfig(branches=((dense,), (TanhConfig(), dense)))
    assert problems(branches) == [
        f"layers.0.branches.0.0: dense {found}",
        f"layers.0.branches.1.0: tanh {found}",
    ]


def test_a_vocabulary_below_that_of_the_data_is_a_problem() -> None:
    few = EmbeddingConfig(ids=4, units=8)
    said = "expected a vocabulary of at least the data's 5, found 4"
    assert problems(few, *LAYERS[1:]) == [f"layers.0: {said}"]
    inside = SequentialConfig(layers=(few,))
    assert problems(inside, *LAYERS[1:]) == [f"layers.0.layers.0: {said}"]


def test_a_loss_of_every_step_leaves_padding_out_whatever_the_shards() -> None:
    words = spec(EMBEDDING, LstmConfig(units=2), data=WordsConfig(each_step=True))
    network = build(words)
    examples = load_data(network.plan).train
    inputs: Array = examples.inputs[:20].astype(np.float64)
    targets = examples.targets[:20]
    labels = labels_of(targets)[..., np.newaxis]
    of_targets = np.take_along_axis(network.predict(inputs), labels, axis=2)[..., 0]
    expected = float(-np.log(of_targets[inputs != 0]).mean())
    trained: list[Mapping[str, Array]] = []
    for threads in (1, 3):
        network = build(words)
        with WorkerPool(threads) as workers:
            step = TrainingStep(network, 20, ScheduleContext(0.02, 10, 1), workers)
            loss, _ = step(Batch(inputs, targets, None), 0.02, 1)
        assert loss == pytest.approx(expected, rel=1e-12)
        trained.append(network.parameters)
    for path, value in trained[0].items():
        np.testing.assert_allclose(trained[1][path], value, rtol=1e-9, atol=1e-12)
