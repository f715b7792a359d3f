"""Metrics against scikit-learn: ties, weights, classes without examples, uneven batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pytest
from sklearn import metrics

from layerkit.arrays import Array, Labels
from layerkit.builtin.accuracy import AccuracyConfig
from layerkit.builtin.confusion_matrix import ConfusionMatrixConfig
from layerkit.builtin.f1 import F1Config
from layerkit.builtin.precision import PrecisionConfig
from layerkit.builtin.recall import RecallConfig
from layerkit.builtin.roc_auc import RocAucConfig
from layerkit.builtin.top_k import TopKConfig
from layerkit.contracts.class_metric import ClassMetricConfig
from layerkit.contracts.dataset import ClassTarget
from layerkit.contracts.metric import Metric, MetricConfig
from layerkit.testing.build import build_metric

EXACT = 1e-12
BATCHES = (1, 17, 64, 3, 115)


@dataclass(frozen=True, slots=True)
class Data:
    """Predictions, labels and weights; a few predictions are equal, a few weights are 0."""

    predictions: Array
    labels: Labels
    weights: Array

    @property
    def classes(self) -> int:
        return self.predictions.shape[1]

    @property
    def predicted(self) -> Labels:
        return self.predictions.argmax(axis=1)


def drawn(classes: int, *, present: int | None = None, weighted: bool, seed: int = 0) -> Data:
    """Return 200 examples, of the first ``present`` classes; the others may be predicted."""
    rng, n = np.random.default_rng(seed), sum(BATCHES)
    labels = rng.integers(0, present or classes, n)
    predictions = rng.integers(0, 5, (n, classes)) + 1.0
    predictions[np.arange(n), labels] += rng.integers(0, 3, n)
    weights = rng.choice([0.0, 0.25, 1.0, 2.0, np.pi], n) if weighted else np.ones(n)
    return Data(predictions / predictions.sum(axis=1, keepdims=True), labels, weights)


def fed(config: MetricConfig, data: Data) -> Metric[MetricConfig]:
    metric = build_metric(
        config,
        prediction_shape=(data.classes,),
        target=ClassTarget(data.classes),
        batch_size=max(BATCHES),
    )
    ends = np.cumsum(BATCHES).tolist()
    for start, end in zip([0, *ends], ends, strict=False):
        rows = slice(start, end)
        metric.update(data.predictions[rows], data.labels[rows], data.weights[rows])
    return metric


def figure(config: MetricConfig, data: Data) -> float:
    (found,) = fed(config, data).results().values()
    return found


WEIGHTED = pytest.mark.parametrize("weighted", [False, True])
CLASSES = pytest.mark.parametrize(("classes", "present"), [(2, 2), (5, 5), (6, 4), (3, 1)])


@WEIGHTED
@CLASSES
def test_accuracy(classes: int, present: int, *, weighted: bool) -> None:
    data = drawn(classes, present=present, weighted=weighted)
    expected = metrics.accuracy_score(data.labels, data.predicted, sample_weight=data.weights)
    assert figure(AccuracyConfig(), data) == pytest.approx(expected, rel=EXACT)


@WEIGHTED
@CLASSES
@pytest.mark.parametrize("normalize", [None, "true", "pred", "all"])
def test_confusion_matrix(
    classes: int,
    present: int,
    normalize: Literal["true", "pred", "all"] | None,
    *,
    weighted: bool,
) -> None:
    data = drawn(classes, present=present, weighted=weighted)
    expected = metrics.confusion_matrix(
        data.labels,
        data.predicted,
        labels=range(classes),
        sample_weight=data.weights,
        normalize=normalize,
    )
    found = fed(ConfusionMatrixConfig(normalize=normalize), data).tables()["confusion_matrix"]
    np.testing.assert_allclose(found, expected, rtol=EXACT, atol=0)


@WEIGHTED
@CLASSES
@pytest.mark.parametrize("average", ["macro", "micro", "weighted", "per_class"])
@pytest.mark.parametrize(
    ("config", "score"),
    [
        (PrecisionConfig, metrics.precision_score),
        (RecallConfig, metrics.recall_score),
        (F1Config, metrics.f1_score),
    ],
    ids=["precision", "recall", "f1"],
)
def test_precision_recall_and_f1(
    config: type[ClassMetricConfig],
    score: Callable[..., float],
    average: str,
    classes: int,
    present: int,
    *,
    weighted: bool,
) -> None:
    data = drawn(classes, present=present, weighted=weighted)
    expected = score(
        data.labels,
        data.predicted,
        labels=range(classes),
        average=None if average == "per_class" else average,
        sample_weight=data.weights,
        zero_division=0,
    )
    found = fed(config.model_validate({"average": average}), data).results()
    np.testing.assert_allclose(list(found.values()), np.atleast_1d(expected), rtol=EXACT, atol=0)


@WEIGHTED
def test_precision_of_a_class_that_is_never_predicted(*, weighted: bool) -> None:
    data = drawn(4, weighted=weighted)
    data.predictions[:, 2] = 0
    expected = metrics.precision_score(
        data.labels,
        data.predicted,
        average="macro",
        sample_weight=data.weights,
        zero_division=0,
    )
    assert figure(PrecisionConfig(), data) == pytest.approx(expected, rel=EXACT)


@WEIGHTED
@pytest.mark.parametrize("seed", range(5))
def test_roc_auc_of_two_classes(seed: int, *, weighted: bool) -> None:
    data = drawn(2, weighted=weighted, seed=seed)
    assert len(np.unique(data.predictions[:, 1])) < 50  # ties
    expected = metrics.roc_auc_score(
        data.labels, data.predictions[:, 1], sample_weight=data.weights
    )
    assert figure(RocAucConfig(), data) == pytest.approx(expected, rel=EXACT)


@WEIGHTED
@pytest.mark.parametrize("seed", range(5))
def test_roc_auc_of_more_classes(seed: int, *, weighted: bool) -> None:
    data = drawn(5, weighted=weighted, seed=seed)
    expected = metrics.roc_auc_score(
        data.labels,
        data.predictions,
        sample_weight=data.weights,
        multi_class="ovr",
        average="macro",
    )
    assert figure(RocAucConfig(), data) == pytest.approx(expected, rel=EXACT)


@WEIGHTED
@pytest.mark.parametrize("k", [1, 2, 4])
def test_top_k(k: int, *, weighted: bool) -> None:
    data = drawn(5, weighted=weighted)
    # Of equal predictions, scikit-learn has the last class first.
    expected = metrics.top_k_accuracy_score(
        4 - data.labels,
        data.predictions[:, ::-1],
        k=k,
        labels=range(5),
        sample_weight=data.weights,
    )
    assert figure(TopKConfig(k=k), data) == pytest.approx(expected, rel=EXACT)
