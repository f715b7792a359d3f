"""Metrics against scikit-learn: ties, weights, classes without examples, uneven batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pytest
from sklearn import metrics

from layerkit.arrays import Array, Labels
from layerkit.builtin.absolute_percentage_error import AbsolutePercentageErrorConfig
from layerkit.builtin.accuracy import AccuracyConfig
from layerkit.builtin.average_precision import AveragePrecisionConfig
from layerkit.builtin.balanced_accuracy import BalancedAccuracyConfig
from layerkit.builtin.brier import BrierConfig
from layerkit.builtin.calibration_error import CalibrationErrorConfig
from layerkit.builtin.cohen_kappa import CohenKappaConfig
from layerkit.builtin.confusion_matrix import ConfusionMatrixConfig
from layerkit.builtin.explained_variance import ExplainedVarianceConfig
from layerkit.builtin.f1 import F1Config
from layerkit.builtin.log_loss import LogLossConfig
from layerkit.builtin.matthews import MatthewsConfig
from layerkit.builtin.mean_absolute_error import MeanAbsoluteErrorConfig
from layerkit.builtin.median_absolute_error import MedianAbsoluteErrorConfig
from layerkit.builtin.precision import PrecisionConfig
from layerkit.builtin.r2 import R2Config
from layerkit.builtin.recall import RecallConfig
from layerkit.builtin.roc_auc import RocAucConfig
from layerkit.builtin.root_squared_error import RootSquaredErrorConfig
from layerkit.builtin.squared_error import SquaredErrorConfig
from layerkit.builtin.top_k import TopKConfig
from layerkit.contracts.class_metric import ClassMetricConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
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


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
@WEIGHTED
@CLASSES
def test_balanced_accuracy(classes: int, present: int, *, weighted: bool) -> None:
    data = drawn(classes, present=present, weighted=weighted)
    expected = metrics.balanced_accuracy_score(
        data.labels, data.predicted, sample_weight=data.weights
    )
    assert figure(BalancedAccuracyConfig(), data) == pytest.approx(expected, rel=EXACT)


@WEIGHTED
@CLASSES
def test_matthews(classes: int, present: int, *, weighted: bool) -> None:
    data = drawn(classes, present=present, weighted=weighted)
    expected = metrics.matthews_corrcoef(data.labels, data.predicted, sample_weight=data.weights)
    assert figure(MatthewsConfig(), data) == pytest.approx(expected, rel=EXACT, abs=EXACT)


@WEIGHTED
@CLASSES
@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_cohen_kappa(
    classes: int, present: int, weights: Literal["none", "linear", "quadratic"], *, weighted: bool
) -> None:
    data = drawn(classes, present=present, weighted=weighted)
    expected = metrics.cohen_kappa_score(
        data.labels,
        data.predicted,
        labels=range(classes),
        weights=None if weights == "none" else weights,
        sample_weight=data.weights,
    )
    found = figure(CohenKappaConfig(weights=weights), data)
    assert found == pytest.approx(expected, rel=EXACT, abs=EXACT)


@WEIGHTED
@pytest.mark.parametrize("classes", [2, 5])
@pytest.mark.parametrize("seed", range(5))
def test_average_precision(classes: int, seed: int, *, weighted: bool) -> None:
    data = drawn(classes, weighted=weighted, seed=seed)
    expected = metrics.average_precision_score(
        data.labels,
        data.predictions[:, 1] if classes == 2 else data.predictions,
        sample_weight=data.weights,
    )
    assert figure(AveragePrecisionConfig(), data) == pytest.approx(expected, rel=EXACT)


@WEIGHTED
def test_average_precision_without_examples_of_a_class_is_that_of_the_others(
    *, weighted: bool
) -> None:
    data = drawn(6, present=4, weighted=weighted)
    expected = [
        metrics.average_precision_score(
            data.labels == label, data.predictions[:, label], sample_weight=data.weights
        )
        for label in range(4)
    ]
    found = figure(AveragePrecisionConfig(), data)
    assert found == pytest.approx(np.mean(expected), rel=EXACT)


@WEIGHTED
@CLASSES
def test_log_loss(classes: int, present: int, *, weighted: bool) -> None:
    data = drawn(classes, present=present, weighted=weighted)
    data.predictions[:3] = np.eye(classes)[[1, 0, 1]]
    expected = metrics.log_loss(
        data.labels,
        y_proba=data.predictions,
        labels=range(classes),
        sample_weight=data.weights,
    )
    assert figure(LogLossConfig(), data) == pytest.approx(expected, rel=EXACT)


@WEIGHTED
@CLASSES
def test_brier(classes: int, present: int, *, weighted: bool) -> None:
    data = drawn(classes, present=present, weighted=weighted)
    expected = metrics.brier_score_loss(
        data.labels, data.predictions, labels=range(classes), sample_weight=data.weights
    )
    assert figure(BrierConfig(), data) == pytest.approx(expected, rel=EXACT)


@WEIGHTED
@CLASSES
@pytest.mark.parametrize("bins", [1, 10, 15])
def test_expected_calibration_error(
    bins: int, classes: int, present: int, *, weighted: bool
) -> None:
    """scikit-learn has none; the formula of Naeini et al., bin by bin."""
    data = drawn(classes, present=present, weighted=weighted)
    confidence = data.predictions.max(axis=1)
    error = 0.0
    for number in range(bins):
        inside = (confidence > number / bins) & (confidence <= (number + 1) / bins)
        share = data.weights[inside].sum() / data.weights.sum()
        if share > 0:
            right = data.predicted[inside] == data.labels[inside]
            accuracy = np.average(right, weights=data.weights[inside])
            mean = np.average(confidence[inside], weights=data.weights[inside])
            error += share * abs(accuracy - mean)
    assert figure(CalibrationErrorConfig(bins=bins), data) == pytest.approx(error, rel=EXACT)


@WEIGHTED
@pytest.mark.parametrize("values", [1, 3])
@pytest.mark.parametrize("kind", ["usual", "ties", "constant target", "perfect"])
@pytest.mark.parametrize(
    ("config", "score"),
    [
        (SquaredErrorConfig(), metrics.mean_squared_error),
        (RootSquaredErrorConfig(), metrics.root_mean_squared_error),
        (MeanAbsoluteErrorConfig(), metrics.mean_absolute_error),
        (AbsolutePercentageErrorConfig(), metrics.mean_absolute_percentage_error),
        (R2Config(), metrics.r2_score),
        (ExplainedVarianceConfig(), metrics.explained_variance_score),
        (MedianAbsoluteErrorConfig(), metrics.median_absolute_error),
    ],
    ids=lambda each: each.display_name if isinstance(each, MetricConfig) else "",
)
def test_figures_of_numbers(
    config: MetricConfig, score: Callable[..., float], kind: str, values: int, *, weighted: bool
) -> None:
    rng, n = np.random.default_rng(5), sum(BATCHES)
    targets = rng.normal(3, 2, (n, values))
    weights = rng.choice([0.0, 0.25, 1.0, 2.0, np.pi], n) if weighted else np.ones(n)
    if kind == "ties":
        targets = np.round(targets)
    if kind == "constant target":
        targets[:, 0] = 0.5
        # Of 0.1, or with weights of pi, rounding leaves scikit-learn a variance of about 1e-34.
        weights = np.where(weights == np.pi, 3.0, weights)
    outputs = targets + np.round(rng.normal(0.5, 1.5, (n, values)), 0 if kind == "ties" else 9)
    if kind == "perfect":
        outputs[:, 0] = targets[:, 0]
    target = VectorTarget((values,))
    metric = build_metric(
        config, prediction_shape=(values,), target=target, batch_size=max(BATCHES)
    )
    ends = np.cumsum(BATCHES).tolist()
    for start, end in zip([0, *ends], ends, strict=False):
        rows = slice(start, end)
        metric.update(outputs[rows], targets[rows], weights[rows])
    (found,) = metric.results().values()
    expected = score(targets, outputs, sample_weight=weights)
    assert found == pytest.approx(expected, rel=EXACT, abs=EXACT)
