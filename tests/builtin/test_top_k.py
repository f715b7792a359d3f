from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.accuracy import AccuracyConfig
from layerkit.builtin.top_k import TopKConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric

PREDICTIONS = np.array([[0.1, 0.2, 0.7, 0.0], [0.4, 0.3, 0.2, 0.1], [0.25, 0.25, 0.25, 0.25]])
LABELS = np.array([1, 3, 2])  # at places 2, 4 and, of four that are equal, 3


def top(k: int) -> float:
    metric = build_metric(TopKConfig(k=k, name="top"), prediction_shape=(4,), target=ClassTarget(4))
    metric.update(PREDICTIONS[:1], LABELS[:1], np.array([2.0]))
    metric.update(PREDICTIONS[1:], LABELS[1:], np.array([1.0, 0.5]))
    return metric.results()["top"]


@pytest.mark.parametrize("k", [1, 2])
def test_keeps_the_contract_of_metrics(k: int) -> None:
    check_metric({"type": "top_k", "k": k}, output_shape=(3,), target=ClassTarget(3))
    target = ClassTarget(3, shape=(4,))
    check_metric({"type": "top_k", "k": k}, output_shape=(4, 3), target=target)


def test_counts_the_examples_whose_class_is_among_the_largest_by_their_weights() -> None:
    assert top(1) == 0
    assert top(2) == pytest.approx(2 / 3.5)
    assert top(3) == pytest.approx(2.5 / 3.5)


def test_the_first_of_all_is_the_accuracy_ties_included() -> None:
    rng = np.random.default_rng(0)
    predictions = rng.integers(0, 3, (200, 4)) / 2
    labels, weights = rng.integers(0, 4, 200), rng.uniform(size=200)
    found = [
        build_metric(config, prediction_shape=(4,), target=ClassTarget(4))
        for config in (TopKConfig(k=1), AccuracyConfig())
    ]
    for metric in found:
        metric.update(predictions, labels, weights)
    assert found[0].results()["top_k"] == found[1].results()["accuracy"]


def test_what_is_no_number_is_never_right() -> None:
    metric = build_metric(TopKConfig(k=3), prediction_shape=(4,), target=ClassTarget(4))
    metric.update(np.full((4, 4), np.nan), np.arange(4), np.ones(4))
    assert metric.results() == {"top_k": 0.0}


def test_several_stand_side_by_side_under_names_of_their_own() -> None:
    target = ClassTarget(10)
    names = [TopKConfig(k=k, name=f"top_{k}").figures(target) for k in (1, 5)]
    assert names == [{"top_1": True}, {"top_5": True}]


def test_refuses_as_many_as_there_are_classes() -> None:
    with pytest.raises(ShapeError, match="k below the number of classes, 5; found 5") as caught:
        TopKConfig().check((5,), ClassTarget(5))
    assert caught.value.at == ("k",)
    with pytest.raises(ShapeError, match="top_k expects class indices"):
        TopKConfig().check((5,), VectorTarget((5,)))
