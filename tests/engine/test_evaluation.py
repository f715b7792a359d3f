from __future__ import annotations

import numpy as np
import pytest

from layerkit.engine.chains import CAPACITY
from layerkit.engine.data import Part, load_data, whole
from layerkit.engine.evaluation import Evaluator
from layerkit.engine.network import Network
from layerkit.engine.workers import WorkerPool
from tests.helpers.specs import small_plan


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_loss_and_accuracy_are_those_of_all_examples_at_once(threads: int) -> None:
    plan = small_plan("dtype=float64", f"data.train_per_class={CAPACITY}")
    network, data = Network(plan), load_data(plan).train
    assert len(data) == 3 * CAPACITY
    rows = np.arange(0, len(data) - 5)
    p = network.predict(data.inputs[rows])
    labels = np.asarray(data.targets)[rows]
    expected_loss = -np.mean(np.log(p[rows, labels.astype(np.int64)]))
    with WorkerPool(threads) as workers:
        found = Evaluator(network, Part(data, rows), workers).evaluate().figures
    assert found["loss"] == pytest.approx(expected_loss, rel=1e-12)
    assert found["accuracy"] == np.mean(p.argmax(axis=1) == labels)


def test_evaluating_twice_gives_the_same() -> None:
    plan = small_plan()
    evaluator = Evaluator(Network(plan), whole(load_data(plan).train))
    assert evaluator.evaluate() == evaluator.evaluate()


def test_evaluating_changes_no_parameter() -> None:
    plan = small_plan()
    network = Network(plan)
    before = network.storage.vector.value.copy()
    Evaluator(network, whole(load_data(plan).train)).evaluate()
    np.testing.assert_array_equal(network.storage.vector.value, before)
