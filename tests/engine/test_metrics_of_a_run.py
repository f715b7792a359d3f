"""Losses and metrics in a whole run, as a spec names them."""

from __future__ import annotations

import numpy as np
import pytest

from layerkit.engine.training import Result, train
from layerkit.plan.network import plan_network
from tests.helpers.specs import problems, small_spec

SPEC = """
seed = 1
layers = [{type = "dense", units = 3}]
loss = {type = "softmax_cross_entropy", class_weights = [1, 2, 1], label_smoothing = 0.05}
metrics = [
    "accuracy",
    {type = "top_k", k = 1, name = "top_1"},
    {type = "top_k", k = 2, name = "top_2"},
    {type = "recall", average = "per_class"},
    {type = "recall", name = "balanced"},
    "confusion_matrix",
    "roc_auc",
]
data = {type = "blobs", train_per_class = 50, test_per_class = 20, validation = 30}
optimizer = {type = "sgd", learning_rate = 0.1}
training = {epochs = 3, batch_size = 16, early_stopping = {monitor = "recall.1", patience = 3}}
"""


def run(*overrides: str) -> Result:
    return train(plan_network(small_spec(*overrides, text=SPEC)))


def test_every_metric_is_reported_by_its_name() -> None:
    result = run()
    names = ["loss", "accuracy", "top_1", "top_2", "recall.0", "recall.1", "recall.2", "balanced"]
    assert list(result.test) == [*names, "roc_auc"]
    assert list(result.history[0].validation) == [*names, "roc_auc"]
    assert result.test["top_1"] == result.test["accuracy"] <= result.test["top_2"]
    recall = [result.test[f"recall.{label}"] for label in range(3)]
    assert result.test["balanced"] == pytest.approx(np.mean(recall))


def test_a_confusion_matrix_is_among_the_tables() -> None:
    result = run()
    assert list(result.tables) == ["confusion_matrix"]
    table = result.tables["confusion_matrix"]
    np.testing.assert_array_equal(table.sum(axis=1), [20, 20, 20])
    assert np.trace(table) / 60 == pytest.approx(result.test["accuracy"])


def test_one_logit_for_two_classes_works_with_metrics_of_classes() -> None:
    result = run(
        "data.classes=2",
        "layers.0.units=1",
        "loss='binary_cross_entropy'",
        "metrics=['accuracy', 'f1', 'roc_auc', 'confusion_matrix']",
        "training.early_stopping.monitor='f1'",
    )
    assert result.tables["confusion_matrix"].shape == (2, 2)
    assert 0.5 < result.test["roc_auc"] <= 1
    p = result.network.predict(np.zeros((1, 2), np.float32))
    assert p.shape == (1, 2)
    assert p.sum() == pytest.approx(1)


def test_wrong_options_are_named_where_they_stand() -> None:
    (wrong,) = problems("loss.class_weights=[1, 2]", text=SPEC)
    assert "loss.class_weights" in wrong
    assert "expects 3 class weights" in wrong
    (wrong,) = problems("metrics.1.k=3", text=SPEC)
    assert "metrics.1.k" in wrong
    assert "k below the number of classes, 3" in wrong
    (wrong,) = problems("metrics.4={type = 'recall'}", text=SPEC)
    assert "found 'recall'" in wrong


@pytest.mark.parametrize("monitor", ["recall", "confusion_matrix"])
def test_what_is_no_figure_cannot_be_monitored(monitor: str) -> None:
    (wrong,) = problems(f"training.early_stopping.monitor='{monitor}'", text=SPEC)
    assert "training.early_stopping.monitor" in wrong
    assert f"recall.1, recall.2, balanced, roc_auc; found '{monitor}'" in wrong
    assert "add it to the spec" not in wrong
