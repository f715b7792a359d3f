"""What it has in common with precision and recall is in tests/contracts/test_class_metric.py."""

from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.f1 import F1Config
from layerkit.contracts.dataset import ClassTarget
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


def test_keeps_the_contract_of_metrics() -> None:
    check_metric("f1", output_shape=(3,), target=ClassTarget(3))


def test_is_the_harmonic_mean_of_precision_and_recall() -> None:
    config = F1Config(average="per_class")
    metric = build_metric(config, prediction_shape=(2,), target=ClassTarget(2))
    metric.update(np.eye(2)[[0, 0, 1, 1, 1]], np.array([0, 1, 1, 0, 0]), np.ones(5))
    assert metric.results() == pytest.approx({"f1.0": 2 / 5, "f1.1": 2 / 5})
