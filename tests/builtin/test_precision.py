"""What it has in common with recall and F1 is in tests/contracts/test_class_metric.py."""

from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.precision import PrecisionConfig
from layerkit.contracts.dataset import ClassTarget
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


def test_keeps_the_contract_of_metrics() -> None:
    check_metric("precision", output_shape=(3,), target=ClassTarget(3))


def test_is_the_fraction_of_predictions_of_a_class_that_are_right() -> None:
    config = PrecisionConfig(average="per_class")
    metric = build_metric(config, prediction_shape=(2,), target=ClassTarget(2))
    metric.update(np.eye(2)[[0, 0, 1, 1, 1]], np.array([0, 1, 1, 0, 0]), np.ones(5))
    assert metric.results() == pytest.approx({"precision.0": 1 / 2, "precision.1": 1 / 3})
