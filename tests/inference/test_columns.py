from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from layerkit.api import build
from layerkit.arrays import Array
from layerkit.contracts.output import LossPlan
from layerkit.errors import UsageError
from layerkit.inference.columns import PredictedArrays, predicted_columns
from layerkit.plan.network import NetworkPlan
from tests.helpers.specs import small_plan, small_spec
from tests.helpers.trained import POINTS, flowers_spec, points

P: Array = np.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]], np.float32)
LABELS = 'layers=[{type = "dense", units = 2}]', "loss='binary_cross_entropy'", "metrics=[]"


def labels_plan() -> NetworkPlan:
    return small_plan(*LABELS, 'data={type = "discs", labels = 2}')


def numbers_plan() -> NetworkPlan:
    return build(small_spec(text=POINTS), data=points()).plan


def test_classes_of_a_table_have_their_names(tmp_path: Path) -> None:
    columns = predicted_columns(build(flowers_spec(tmp_path)).plan, "all")
    assert columns.names == (
        "predicted_species",
        "probability_setosa",
        "probability_versicolor",
        "probability_virginica",
    )
    predicted, *values = columns.columns(P)
    assert predicted == ["versicolor", "setosa"]
    np.testing.assert_array_equal([np.asarray(each) for each in values], P.T)


def test_classes_without_names_are_indices() -> None:
    columns = predicted_columns(small_plan(), "all")
    assert columns.names == ("prediction", "probability_0", "probability_1", "probability_2")
    np.testing.assert_array_equal(columns.columns(P)[0], [1, 0])


def test_classes_or_probabilities_alone() -> None:
    assert predicted_columns(small_plan(), "classes").names == ("prediction",)
    alone = predicted_columns(small_plan(), "probabilities")
    assert alone.names == ("probability_0", "probability_1", "probability_2")
    assert len(alone.columns(P)) == 3


def test_each_of_several_labels_is_predicted_from_a_half_on() -> None:
    columns = predicted_columns(labels_plan(), "all")
    assert columns.names == (
        "predicted_disc_1",
        "predicted_disc_2",
        "probability_disc_1",
        "probability_disc_2",
    )
    found = columns.columns(np.array([[0.5, 0.4]]))
    assert [np.asarray(column).tolist() for column in found] == [[1], [0], [0.5], [0.4]]


def test_numbers_are_named_by_their_targets(tmp_path: Path) -> None:
    assert predicted_columns(numbers_plan(), "all").names == ("prediction_0", "prediction_1")
    text = flowers_spec(tmp_path).model_dump(mode="json")
    text["data"].pop("classes")
    plan = build(
        {
            **text,
            "loss": "mean_squared_error",
            "layers": [{"type": "dense", "units": 1}],
            "metrics": [],
            "data": {**text["data"], "target": "width", "columns": {"length": "number"}},
        }
    ).plan
    assert predicted_columns(plan, "all").names == ("predicted_width",)


def test_only_classes_have_classes() -> None:
    for outputs in ("classes", "probabilities"):
        said = f"--outputs {outputs}: expected a network that predicts classes"
        with pytest.raises(UsageError, match=said):
            predicted_columns(numbers_plan(), outputs)
        with pytest.raises(UsageError, match=said):
            PredictedArrays(numbers_plan(), outputs).arrays(np.zeros((1, 2)))


def test_a_loss_that_predicts_no_probabilities_gives_scores() -> None:
    plan = replace(small_plan(), loss=LossPlan((3,)))
    assert predicted_columns(plan, "all").names[1] == "score_0"


def test_a_class_for_every_step_is_no_row_of_a_table() -> None:
    plan = replace(small_plan(), loss=LossPlan((5, 3), (5,), probabilities=True))
    with pytest.raises(UsageError, match=r"shape \(5, 3\) for each example; write a \.npz file"):
        predicted_columns(plan, "all")
    steps = np.stack([P, P[::-1]])
    found = PredictedArrays(plan, "all").arrays(steps)
    np.testing.assert_array_equal(found["classes"], [[1, 0], [0, 1]])
    np.testing.assert_array_equal(found["probabilities"], steps)


def test_arrays_have_what_was_asked_for_and_names(tmp_path: Path) -> None:
    plan = build(flowers_spec(tmp_path)).plan
    assert [*PredictedArrays(plan, "classes").arrays(P)] == ["classes"]
    assert [*PredictedArrays(plan, "probabilities").arrays(P)] == ["probabilities"]
    names = PredictedArrays(plan, "all").constants()["class_names"]
    assert names.tolist() == ["setosa", "versicolor", "virginica"]
    labels = PredictedArrays(labels_plan(), "all")
    assert [*labels.arrays(P[:, :2])] == ["labels", "probabilities"]
    assert labels.constants()["target_names"].tolist() == ["disc_1", "disc_2"]
    assert [*PredictedArrays(numbers_plan(), "all").arrays(P[:, :2])] == ["predictions"]
