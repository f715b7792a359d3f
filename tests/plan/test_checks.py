from __future__ import annotations

from typing import ClassVar, Literal

import pytest

from layerkit.arrays import Shape
from layerkit.contracts.chain import shape_reason
from layerkit.contracts.dataset import Target
from layerkit.contracts.metric import ScalarMetricConfig
from layerkit.errors import ShapeError
from layerkit.plan.checks import metric_problems
from layerkit.plan.network import plan_network
from layerkit.plan.patterns import matching
from tests.helpers.specs import problems, small_plan, small_spec

STOP = "training.early_stopping.patience=3"


def test_the_spec_itself_is_in_order() -> None:
    assert plan_network(small_spec(STOP)).size == 51


@pytest.mark.parametrize(
    ("overrides", "at", "found", "taker"),
    [
        (["layers.0.name=a", "layers.3.name=a"], 3, "a", "layers.0 has"),
        (["layers.0.name=dense_2"], 0, "dense_2", "layers.3 has by default"),
        (["layers.3.name=dense_1"], 3, "dense_1", "layers.0 has by default"),
        (["layers.3.name=tanh_1"], 3, "tanh_1", "layers.1 has by default"),
        (["layers.1.name=dense_2"], 1, "dense_2", "layers.3 has by default"),
    ],
)
def test_a_name_that_is_taken_is_a_problem_of_the_layer_that_the_spec_names(
    overrides: list[str], at: int, found: str, taker: str
) -> None:
    reason = f"expected a name of its own, found '{found}', which {taker}"
    assert problems(*overrides) == [f"layers.{at}.name: {reason}"]


def test_a_third_layer_of_a_name_is_a_problem_too() -> None:
    said = problems("layers.0.name=a", "layers.1.name=a", "layers.2.name=a")
    assert [each.split(":")[0] for each in said] == ["layers.1.name", "layers.2.name"]


def test_a_metric_that_would_overwrite_another_is_a_problem() -> None:
    assert problems("metrics=['accuracy', {type='accuracy'}]") == [
        "metrics.1: expected another name than metrics.0, found 'accuracy' "
        "(give one of them a 'name' of its own)"
    ]


class LossConfig(ScalarMetricConfig):
    """A metric with a name that is taken."""

    higher_is_better: ClassVar[bool] = False
    type: Literal["loss"] = "loss"

    def check(self, prediction: Shape, target: Target) -> None:
        """Take anything."""


def test_a_metric_that_would_overwrite_the_loss_is_a_problem() -> None:
    spec = small_spec().model_copy(update={"metrics": (LossConfig(),)})
    (problem,) = metric_problems(spec, {0: {"loss": False}})
    assert str(problem) == (
        "metrics.0: expected another name than the loss itself, found 'loss' "
        "(give one of them a 'name' of its own)"
    )


@pytest.mark.parametrize("monitor", ["loss", "accuracy"])
def test_early_stopping_monitors_the_loss_or_a_metric(monitor: str) -> None:
    plan_network(small_spec(f"training.early_stopping.monitor={monitor}"))


def test_early_stopping_cannot_monitor_what_is_not_reported() -> None:
    assert problems("training.early_stopping.monitor=acuracy") == [
        "training.early_stopping.monitor: expected one of loss, accuracy; found 'acuracy' "
        "(did you mean 'accuracy'?)"
    ]
    assert problems("training.early_stopping.monitor=accuracy", "metrics=[]") == [
        "training.early_stopping.monitor: expected one of loss; found 'accuracy' "
        "(to monitor a metric, add it to the spec: metrics = ['accuracy'])"
    ]


def test_early_stopping_needs_validation_examples() -> None:
    for none in ("0", "0.0"):
        assert problems(STOP, f"data.validation={none}") == [
            "training.early_stopping: early stopping expects validation examples, found none "
            "(set data.validation, such as 0.1)"
        ]


def test_loss_and_metrics_check_the_output() -> None:
    reason = "expects an output of shape (3,), one number per class of the data; found (4,)"
    hint = " (end in a dense layer with units = 3)"
    assert problems("layers.3.units=4") == [
        f"loss: softmax_cross_entropy {reason}{hint}",
        f"metrics.0: accuracy {reason}{hint}",
    ]


@pytest.mark.parametrize("metric", ["log_loss", "brier", "expected_calibration_error"])
def test_a_metric_of_probabilities_needs_a_loss_that_predicts_them(metric: str) -> None:
    spec = (f"metrics=['accuracy', '{metric}']", "loss='hinge'")
    assert problems(*spec) == [
        f"metrics.1: {metric} expects probabilities, which hinge does not predict "
        "(use softmax_cross_entropy as the loss, or leave the metric out)"
    ]
    for loss in ("softmax_cross_entropy", "focal"):
        small_plan(spec[0], f"loss='{loss}'")


def test_a_shape_error_without_its_component_or_its_shape_is_given_them() -> None:
    loss = small_spec().loss
    for message, said in {
        "softmax_cross_entropy expects (n,), found (3, 3)": "{} expects (n,), found (3, 3)",
        "softmax_cross_entropy expects ids, found words": "{} expects ids, found words",
        "softmax_cross_entropy expects (n,).": "{} expects (n,); found (3, 3)",
        "expects (n,)": "{}: expects (n,); found (3, 3)",
        "": "{} expects another shape; found (3, 3)",
    }.items():
        reason = shape_reason(loss, ShapeError(message), (3, 3))
        assert reason == said.format("softmax_cross_entropy")


def test_a_pattern_that_matches_nothing_is_a_problem() -> None:
    said = problems("regularizers.0.parameters=['dense_1.wieght', 'conv_*', 'dense_*']")
    paths = "dense_1.weight, dense_1.bias, dense_2.weight, dense_2.bias"
    expected = "expected a pattern that matches a parameter, found"
    assert said == [
        f"regularizers.0.parameters.0: {expected} 'dense_1.wieght' "
        "(did you mean 'dense_1.weight'?)",
        f"regularizers.0.parameters.1: {expected} 'conv_*' (there are {paths})",
    ]


def test_a_regularizer_without_anything_to_penalize_is_a_problem() -> None:
    none = (
        "l2 expects a parameter to apply to, found none (without 'parameters', it takes every "
        "parameter but the biases)"
    )
    assert problems("regularizers.0.parameters=[]") == [f"regularizers.0: {none}"]
    without = ("layers=['tanh']", "data.features=3", "regularizers=[{type='l2', strength=1}]")
    assert problems(*without) == [f"regularizers.0: {none}"]
    assert problems(*without, "regularizers.0.parameters=['*']") == [
        "regularizers.0.parameters.0: expected a pattern that matches a parameter, found '*' "
        "(there are no parameters)"
    ]


def test_of_many_parameters_the_first_are_listed() -> None:
    layers = ", ".join(["{type='dense',units=3}"] * 30)
    (said,) = problems(
        f"layers=[{layers}]", "regularizers=[{type='l2',strength=1,parameters=['x*']}]"
    )
    assert said.count("dense_") == 20
    assert said.endswith("dense_10.bias, ...)")


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("a.weight", ["a.weight"]),
        ("*.weight", ["a.weight", "b.weight"]),
        ("[ab].b*", ["a.bias"]),
        ("?.weight", ["a.weight", "b.weight"]),
        ("A.weight", []),
        ("a.weigh", []),
        ("", []),
        ("(", []),
        ("[", []),
        ("*" * 200, ["a.weight", "a.bias", "b.weight"]),
        ("*a" * 200, []),
    ],
)
def test_a_pattern_is_a_glob_over_whole_paths(pattern: str, matches: list[str]) -> None:
    assert matching(pattern, ["a.weight", "a.bias", "b.weight"]) == matches
