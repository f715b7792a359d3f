from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.accuracy import Accuracy, AccuracyConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.contracts.output import LossPlan, OutputContext
from layerkit.errors import DataError, ShapeError
from layerkit.testing.metric import check_metric

OUTPUTS = np.array([[0.1, 0.9, 0.0], [5.0, -1.0, 4.9], [0.0, 0.0, 1.0]])
ONES = np.ones(3)


def accuracy_of_three_classes(name: str | None = None) -> Accuracy:
    context = OutputContext((3,), ClassTarget(3), LossPlan((3,)), 4, np.dtype(np.float64))
    return Accuracy(AccuracyConfig(name=name), context)


@pytest.mark.parametrize("classes", [2, 10])
def test_keeps_the_contract_of_metrics(classes: int) -> None:
    check_metric("accuracy", output_shape=(classes,), target=ClassTarget(classes))


def test_keeps_the_contract_of_metrics_for_steps() -> None:
    check_metric("accuracy", output_shape=(4, 3), target=ClassTarget(3, shape=(4,)))


def test_counts_the_rows_whose_largest_prediction_is_at_the_label() -> None:
    accuracy = accuracy_of_three_classes()
    accuracy.update(OUTPUTS, np.array([1, 2, 2]), ONES)
    assert accuracy.result() == pytest.approx(2 / 3)
    accuracy.update(OUTPUTS[:1], np.array([0]), ONES[:1])
    assert accuracy.result() == pytest.approx(2 / 4)


def test_examples_count_by_their_weights() -> None:
    accuracy = accuracy_of_three_classes()
    accuracy.update(OUTPUTS, np.array([1, 2, 2]), np.array([2.0, 3.0, 0.5]))
    assert accuracy.result() == pytest.approx(2.5 / 5.5)


def test_is_zero_before_any_batch() -> None:
    assert accuracy_of_three_classes().result() == 0


def test_higher_is_better() -> None:
    assert AccuracyConfig().figures(ClassTarget(3)) == {"accuracy": True}


def test_goes_by_the_name_that_the_spec_gives_it() -> None:
    assert AccuracyConfig(name="right").figures(ClassTarget(3)) == {"right": True}
    assert accuracy_of_three_classes("right").results() == {"right": 0.0}


def test_refuses_what_has_no_classes() -> None:
    with pytest.raises(ShapeError, match="accuracy expects class indices"):
        AccuracyConfig().check((3,), VectorTarget((3,)))
    with pytest.raises(ShapeError, match=r"of shape \(3,\)"):
        AccuracyConfig().check((4,), ClassTarget(3))
    with pytest.raises(DataError, match="class indices"):
        accuracy_of_three_classes().update(OUTPUTS, np.zeros(3), ONES)
