from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.cohen_kappa import CohenKappaConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import ShapeError
from layerkit.testing.build import build_metric
from layerkit.testing.metric import check_metric


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
@pytest.mark.parametrize("classes", [2, 3])
def test_keeps_the_contract_of_metrics(classes: int, weights: str) -> None:
    config = CohenKappaConfig.model_validate({"weights": weights})
    check_metric(config, output_shape=(classes,), target=ClassTarget(classes))
    target = ClassTarget(classes, shape=(4,))
    check_metric(config, output_shape=(4, classes), target=target)


def figure(
    config: CohenKappaConfig, classes: int, true: list[int], predicted: list[int], *weights: float
) -> float:
    """Return the figure of one-hot predictions, one example a batch."""
    metric = build_metric(config, prediction_shape=(classes,), target=ClassTarget(classes))
    for row, (label, guess) in enumerate(zip(true, predicted, strict=True)):
        weight = np.array([weights[row] if weights else 1.0])
        metric.update(np.eye(classes)[[guess]], np.array([label]), weight)
    (found,) = metric.results().values()
    return found


def test_is_agreement_beyond_chance() -> None:
    # 3 of 4 agree; by chance (2 * 1 + 2 * 3) / 16 would.
    found = figure(CohenKappaConfig(), 2, [0, 0, 1, 1], [0, 1, 1, 1])
    assert found == pytest.approx((3 / 4 - 1 / 2) / (1 - 1 / 2))


def test_weights_count_how_far_off_a_prediction_is() -> None:
    true, predicted = [0, 1, 2], [0, 1, 0]
    # Observed distances 2, by chance (1 * (2 * 0 + 1) + 1 * (2 * 1 + 0) + 1 * (2 * 2 + 1)) / 3.
    linear = figure(CohenKappaConfig(weights="linear"), 3, true, predicted)
    assert linear == pytest.approx(1 - 2 / (8 / 3))
    quadratic = figure(CohenKappaConfig(weights="quadratic"), 3, true, predicted)
    assert quadratic == pytest.approx(1 - 4 / ((1 + 2 + 8 + 1) / 3))


def test_is_zero_where_no_disagreement_can_be_expected() -> None:
    assert figure(CohenKappaConfig(), 2, [1, 1], [1, 1]) == 0


def test_refuses_other_weights() -> None:
    with pytest.raises(ValidationError):
        CohenKappaConfig.model_validate({"weights": "cubic"})


def test_refuses_what_has_no_classes() -> None:
    with pytest.raises(ShapeError, match="cohen_kappa expects class indices"):
        CohenKappaConfig().check((3,), VectorTarget((3,)))
