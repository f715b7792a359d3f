from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from layerkit.contracts.dataset import VectorTarget
from layerkit.engine.chains import CAPACITY
from layerkit.engine.data import load_data
from layerkit.engine.network import Network
from layerkit.engine.trainer import Trainer
from layerkit.engine.workers import WorkerPool
from layerkit.plan.memory import estimate_memory
from layerkit.plan.network import NetworkPlan, plan_network
from layerkit.spec.loading import parse_document, validate

SPEC = """
layers = [{type = "dense", units = 8}, "tanh", {type = "dense", units = 3}]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 100, test_per_class = 20, validation = 30}
optimizer = {type = "sgd", learning_rate = 0.1, momentum = 0.9}
training = {epochs = 1, batch_size = 16}
"""


def plan(*overrides: str) -> NetworkPlan:
    return plan_network(validate(parse_document(SPEC, "toml", "small", Path()), overrides))


def test_what_is_counted_is_exact() -> None:
    memory = estimate_memory(plan(), 0)
    assert memory.parameters == memory.gradients == memory.optimizer == 4 * (2 * 8 + 8 + 8 * 3 + 3)
    assert (memory.state, memory.copies) == (0, 2 * memory.parameters)
    assert memory.data == (3 * 100 + 3 * 20) * (2 * 4 + 8)
    # Inputs and outputs of all layers; gradients with respect to the outputs, the first layer's
    # listed last.
    assert memory.activations == 16 * 4 * ((2 + 8 + 8 + 3) + (8 + 8 + 3))
    assert memory.total == 5 * memory.parameters + memory.activations + memory.data


def test_what_metrics_keep_of_the_largest_part_is_counted() -> None:
    memory = estimate_memory(plan("metrics=['accuracy','roc_auc']"), 0)
    # Three predictions, a label and a weight of each of 60 test examples; 30 are validated.
    assert memory.metrics == 8 * (3 + 2) * 60
    assert memory.total - estimate_memory(plan("metrics=['accuracy']"), 0).total == memory.metrics


def test_the_spec_decides_what_is_kept() -> None:
    assert estimate_memory(plan("optimizer.momentum=0.0"), 0).optimizer == 0
    assert estimate_memory(plan("dtype=float64"), 0).parameters == 8 * 51
    stopping = "training.early_stopping={patience = 1}"
    assert estimate_memory(plan(stopping), 0).copies == 3 * 4 * 51
    full = estimate_memory(plan("training.batch_size=full"), 0).activations
    small = estimate_memory(plan(), 0).activations
    assert full is not None
    assert small is not None
    assert full * 16 == small * 270


def test_a_run_keeps_the_last_finite_weights_and_those_of_the_best_epoch() -> None:
    one = 4 * 51
    assert estimate_memory(plan(), 0).copies == 2 * one
    assert estimate_memory(plan("checkpoints.best=false"), 0).copies == one
    assert estimate_memory(plan("data.validation=0"), 0).copies == one


def test_callbacks_count_what_they_keep() -> None:
    one = 4 * 51
    stopping = '{type = "early_stopping"}'
    assert estimate_memory(plan(f"callbacks=[{stopping}]"), 0).copies == (2 + 1) * one
    without = '{type = "early_stopping", restore_best = false}'
    assert estimate_memory(plan(f"callbacks=[{without}]"), 0).copies == 2 * one
    both = ('callbacks=["average_weights"]', "training.early_stopping={patience = 1}")
    assert estimate_memory(plan(*both), 0).copies == (2 + 2) * one


def test_an_optimizer_counts_what_it_keeps_beside_its_slots() -> None:
    lbfgs = 'optimizer={type = "lbfgs", history = 7}'
    assert estimate_memory(plan(lbfgs), 0).optimizer == 4 * 51 * (2 * 7 + 3)


def test_an_optimizer_keeps_nothing_for_frozen_parameters() -> None:
    frozen = 'optimizer.groups=[{parameters = ["dense_1.*"], rate = 0.0}]'
    assert estimate_memory(plan(frozen), 0).optimizer == 4 * (8 * 3 + 3)


def test_validation_examples_of_the_data_themselves_count() -> None:
    own = plan("data.validation=0")
    more = replace(own, info=replace(own.info, validation=50))
    unknown = replace(own, info=replace(own.info, validation=None))
    assert estimate_memory(more, 0).data == (300 + 60 + 50) * (2 * 4 + 8)
    assert estimate_memory(unknown, 0).data is None


def test_mapped_data_stay_out_of_memory_but_for_class_indices_and_a_batch_read_ahead() -> None:
    own = plan()
    mapped = replace(own, info=replace(own.info, mapped=True))
    before, memory = estimate_memory(own, 50), estimate_memory(mapped, 50)
    assert (memory.data, memory.mapped) == (360 * 8, 360 * 2 * 4)
    assert (memory.activations or 0) - (before.activations or 0) == (16 + 50) * 2 * 4
    assert before.mapped == 0
    vectors = replace(mapped.info, target=VectorTarget((3,)))
    memory = estimate_memory(replace(mapped, info=vectors), 50)
    assert (memory.data, memory.mapped) == (0, 360 * (2 * 4 + 3 * 4))
    unknown = replace(mapped, info=replace(mapped.info, train=None))
    assert estimate_memory(unknown, 50).mapped is None


def test_every_shard_has_gradients_and_a_batch_to_evaluate_of_its_own() -> None:
    one, three = (estimate_memory(plan(), 50, shards) for shards in (1, 3))
    assert three.gradients == 3 * one.gradients
    assert (three.activations or 0) - (one.activations or 0) == 2 * 50 * 4 * (2 + 8 + 8 + 3)
    assert (three.parameters, three.optimizer) == (one.parameters, one.optimizer)


def test_evaluation_takes_its_own_buffers() -> None:
    one = 4 * (2 + 8 + 8 + 3)
    without, some, all_test_examples = (
        estimate_memory(plan(), capacity).activations or 0 for capacity in (0, 50, 100)
    )
    assert some - without == 50 * one
    assert all_test_examples - without == 60 * one


@pytest.mark.parametrize("shards", [1, 2])
def test_the_estimate_is_near_what_training_takes(shards: int) -> None:
    planned = plan(
        "data.features=400",
        "data.train_per_class=900",
        "data.validation=400",
        "layers.0.units=600",
        "training.batch_size=500",
    )
    estimated = estimate_memory(planned, CAPACITY, shards).total
    tracemalloc.start()
    network = Network(planned)
    splits = load_data(planned)
    with WorkerPool(shards) as workers:
        trainer = Trainer(network, splits, workers=workers)
        assert trainer.train().epochs
        taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.75 * taken < estimated < 1.25 * taken
