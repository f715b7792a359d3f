from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.typing import ArrayLike

from layerkit.contracts.dataset import Examples
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.batches import BatchLoader
from layerkit.engine.data import load_data
from layerkit.engine.network import Network
from layerkit.engine.step import TrainingStep
from layerkit.engine.training import train
from layerkit.errors import DataError, UsageError
from layerkit.plan.network import NetworkPlan
from tests.helpers.specs import small_plan

RATE = 0.05
ORDER = [range(16), range(16, 24), range(24, 56)]
"""Batches of several sizes, the last one larger than all before."""


def data_of(plan: NetworkPlan) -> Examples:
    return load_data(plan).train


@pytest.mark.parametrize(
    "overrides",
    [
        (),
        ('layers.1="batch_norm"', "dtype=float64"),
        ("optimizer=adam", 'gradient_transforms=[{type="clip_by_norm", max_norm=0.1}]'),
        ("optimizer={type='lbfgs'}", "regularizers=[]", "dtype=float64"),
    ],
)
def test_a_loop_by_hand_gives_the_bits_of_training(overrides: tuple[str, ...]) -> None:
    plan = small_plan(*overrides)
    trained, by_hand, data = Network(plan), Network(plan), data_of(plan)
    loader = BatchLoader(data, 32, plan.dtype)
    rate = plan.spec.optimizer.learning_rate
    step = TrainingStep(trained, 32, ScheduleContext(rate, 1, 3, plan.figures))
    for number, rows in enumerate(ORDER, 1):
        expected = step(loader.load(np.array(rows)), RATE, number)[0]
        by_hand.forward(data.inputs[rows.start : rows.stop])
        assert by_hand.backward(data.targets[rows.start : rows.stop]) == expected
        by_hand.update(learning_rate=RATE)
    for path, array in trained.arrays.items():
        np.testing.assert_array_equal(by_hand.arrays[path], array)


def test_the_learning_rate_is_that_of_the_spec_by_default() -> None:
    plan = small_plan("optimizer.learning_rate=0.05")
    first, second, data = Network(plan), Network(plan), data_of(plan)
    for network, rate in ((first, None), (second, 0.05)):
        network.forward(data.inputs)
        network.backward(data.targets)
        network.update(rate)
    np.testing.assert_array_equal(first.storage.vector.value, second.storage.vector.value)


def test_gradients_are_there_for_who_changes_parameters_alone() -> None:
    plan = small_plan("dtype=float64", "layers.2={type='dropout', rate=0.0}")
    network, data = Network(plan), data_of(plan)
    losses: list[float] = []
    for _ in range(20):
        network.forward(data.inputs)
        losses.append(network.backward(data.targets))
        for path, parameter in network.parameters.items():
            parameter -= 0.5 * network.gradients[path]  # noqa: PLW2901  # a view
    assert losses[-1] < 0.3 * losses[0]


def test_outputs_are_those_of_training_and_stay_as_they_are() -> None:
    network = Network(small_plan("layers.2={type='dropout', rate=0.0}"))
    x = np.ones((4, 2), np.float32)
    outputs = network.forward(x)
    np.testing.assert_allclose(outputs, network.outputs(x), rtol=1e-6)
    kept = outputs.copy()
    network.forward(2 * x)
    np.testing.assert_array_equal(outputs, kept)


def test_targets_are_taken_as_train_takes_them() -> None:
    x, names = np.eye(2).tolist(), ["yes", "no"]
    spec = small_plan().spec.model_copy(update={"layers": small_plan().spec.layers[:1]})
    network = train(
        {
            "layers": [{"type": "dense", "units": 2}],
            "loss": spec.loss,
            "optimizer": "adam",
            "training": {"epochs": 1, "batch_size": 2},
        },
        data=(x, names),
    ).network
    network.forward(x)
    assert network.backward(names) > 0


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ([0, 1, 2], "expected an array of shape (4,), one for each of the inputs, found (3,)"),
        ([0, 1, 2, 3], "expected the classes of the train targets, found another at index 3: 3"),
        ([0.5] * 4, "expected class labels like the train targets, found an array of float64"),
    ],
)
def test_targets_that_are_not_like_the_planned_ones_are_refused(
    targets: ArrayLike, message: str
) -> None:
    network = Network(small_plan())
    network.forward(np.ones((4, 2)))
    with pytest.raises(DataError, match=f"^targets: {re.escape(message)}"):
        network.backward(targets)


def test_inputs_are_checked_as_those_to_predict() -> None:
    network = Network(small_plan())
    for wrong in (np.ones((4, 3)), np.full((4, 2), np.nan), np.ones((0, 2)), [["a", "b"]]):
        with pytest.raises(DataError, match=r"^inputs: expected"):
            network.forward(wrong)


def test_the_calls_come_in_their_order() -> None:
    network, targets = Network(small_plan()), np.zeros(4, np.int64)
    with pytest.raises(UsageError, match=r"expected network.forward\(x\) before network.backward"):
        network.backward(targets)
    network.forward(np.ones((4, 2)))
    with pytest.raises(UsageError, match=r"expected network.backward\(y\) before network.update"):
        network.update()
    network.backward(targets)
    with pytest.raises(UsageError, match=r"^expected network\.forward"):
        network.backward(targets)
    network.update()
    with pytest.raises(UsageError, match=r"^expected network\.backward"):
        network.update()
