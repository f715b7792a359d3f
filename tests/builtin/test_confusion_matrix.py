from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.builtin.confusion_matrix import ConfusionMatrixConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric

PREDICTIONS = np.array([[0.1, 0.9, 0.0], [0.6, 0.4, 0.0], [0.3, 0.3, 0.4], [0.5, 0.5, 0.0]])
LABELS = np.array([1, 1, 0, 0])  # predicted: 1, 0, 2, 0
WEIGHTS = np.array([1.0, 2.0, 0.5, 1.5])


def table(normalize: Literal["true", "pred", "all"] | None = None) -> Array:
    metric = build_metric(
        ConfusionMatrixConfig(normalize=normalize, name="table"),
        prediction_shape=(3,),
        target=ClassTarget(3),
    )
    metric.update(PREDICTIONS[:3], LABELS[:3], WEIGHTS[:3])
    metric.update(PREDICTIONS[3:], LABELS[3:], WEIGHTS[3:])
    return metric.tables()["table"]


@pytest.mark.parametrize("normalize", [None, "true", "pred", "all"])
def test_keeps_the_contract_of_metrics(normalize: str | None) -> None:
    config = ConfusionMatrixConfig.model_validate({"normalize": normalize})
    check_metric(config, output_shape=(3,), target=ClassTarget(3))
    check_metric(config, output_shape=(4, 3), target=ClassTarget(3, shape=(4,)))


def test_rows_are_true_classes_and_columns_predicted_ones() -> None:
    np.testing.assert_array_equal(table(), [[1.5, 0, 0.5], [2, 1, 0], [0, 0, 0]])


def test_rows_columns_or_all_add_up_to_one() -> None:
    assert table("true") == pytest.approx(np.array([[3 / 4, 0, 1 / 4], [2 / 3, 1 / 3, 0], [0] * 3]))
    assert table("pred") == pytest.approx(np.array([[3 / 7, 0, 1], [4 / 7, 1, 0], [0] * 3]))
    assert table("all") == pytest.approx(np.array([[0.3, 0, 0.1], [0.4, 0.2, 0], [0] * 3]))


def test_has_no_figures_and_refuses_what_has_no_classes() -> None:
    config = ConfusionMatrixConfig()
    assert config.figures(ClassTarget(3)) == {}
    with pytest.raises(ShapeError, match="confusion_matrix expects class indices"):
        config.check((3,), VectorTarget((3,)))
