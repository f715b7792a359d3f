"""What configs say of their inputs is checked, as type checkers see no plugin run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, final

import pytest

from layerkit.arrays import Array, Shape
from layerkit.builtin.columns import ColumnsConfig
from layerkit.builtin.embedding import EmbeddingConfig
from layerkit.builtin.fill_missing import FillMissingConfig
from layerkit.builtin.one_hot import OneHotConfig
from layerkit.builtin.parallel import ParallelConfig
from layerkit.builtin.residual import ResidualConfig
from layerkit.builtin.sequential import SequentialConfig
from layerkit.builtin.standardize import StandardizeConfig
from layerkit.builtin.tanh import TanhConfig
from layerkit.contracts.input_promises import (
    check_id_counts,
    check_missing_values,
    check_passed_inputs,
    check_vocabulary,
)
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.layer_inputs import PassedInputs
from layerkit.contracts.layer_plan import LayerPlan
from layerkit.contracts.missing import chain_missing_values
from layerkit.contracts.naming import for_features
from layerkit.errors import PluginError

FILL, COLUMNS, SCALE = FillMissingConfig(), ColumnsConfig(columns=(0,)), StandardizeConfig()


class StrangeConfig(LayerConfig):
    """Answers with what it is given."""

    type: Literal["strange"] = "strange"

    def plan(self, x: Shape) -> LayerPlan:
        return LayerPlan(x)


@final
class Strange(Layer[StrangeConfig]):
    def forward(self, x: Array, *, training: bool) -> Array:
        return x

    def backward(self, dy: Array) -> Array | None:
        return dy


def answering(method: str, answer: object) -> StrangeConfig:
    """Return a config whose method returns something, as that of an untyped plugin may."""

    def answers(*_: object) -> object:
        return answer

    methods = {method: answers, "__module__": __name__}
    config: object = type("Answering", (StrangeConfig,), methods)()
    assert isinstance(config, StrangeConfig)
    return config


def passed(config: LayerConfig) -> PassedInputs | None:
    return check_passed_inputs(config, (2,), (2,))


@pytest.mark.parametrize(
    ("check", "method", "answer", "said"),
    [
        (check_vocabulary, "vocabulary", "many", "'vocabulary' to return a count or None"),
        (check_id_counts, "id_counts", [3], "'id_counts' to return a count, a tuple of counts or"),
        (check_id_counts, "id_counts", (3, -1), "'id_counts' to return a count, a tuple of count"),
        (check_missing_values, "missing_values", None, "one of refuses, fills, passes; found None"),
        (passed, "passed_inputs", (0, 1), "'passed_inputs' to return PassedInputs or None, found"),
        (passed, "passed_inputs", PassedInputs((0,)), "a position for each of 2 outputs, found"),
        (passed, "passed_inputs", PassedInputs((0, 2)), r"positions from 0 to 1, found \(0, 2\)"),
        (passed, "passed_inputs", PassedInputs((0, 1), float("nan")), "a number or None as 'fill'"),
    ],
)
def test_other_answers_are_the_plugins_fault(
    check: Callable[[LayerConfig], object], method: str, answer: object, said: str
) -> None:
    with pytest.raises(PluginError, match=f"expected .*{said}"):
        check(answering(method, answer))


def test_right_answers_are_returned() -> None:
    assert check_vocabulary(EmbeddingConfig(ids=7, units=2)) == 7
    assert check_id_counts(EmbeddingConfig(ids=7, units=2)) == 7
    assert check_id_counts(OneHotConfig(categories=(2, 3))) == (2, 3)
    assert check_id_counts(TanhConfig()) is None
    assert check_missing_values(FILL) == "fills"
    assert check_passed_inputs(COLUMNS, (2,), (1,)) == PassedInputs([0])
    assert passed(TanhConfig()) is None


@pytest.mark.parametrize(
    ("layers", "does"),
    [
        ((), "passes"),
        ((COLUMNS,), "passes"),
        ((COLUMNS, FILL, SCALE), "fills"),
        ((COLUMNS, SCALE, FILL), "refuses"),
        ((COLUMNS, OneHotConfig(categories=(3,))), "fills"),
        ((SequentialConfig(layers=(COLUMNS, FILL)), SCALE), "fills"),
        ((ResidualConfig(layers=(FILL,)),), "passes"),
        ((ResidualConfig(layers=(SCALE,)),), "refuses"),
        ((ParallelConfig(branches=((FILL,), (COLUMNS, FILL))),), "fills"),
        ((ParallelConfig(branches=((FILL,), (COLUMNS,))),), "passes"),
        ((ParallelConfig(branches=((FILL,), ())),), "passes"),
        ((ParallelConfig(branches=((FILL,), (), (SCALE,))),), "refuses"),
    ],
)
def test_the_first_layer_that_does_not_pass_missing_values_on_decides(
    layers: Sequence[LayerConfig], does: str
) -> None:
    assert chain_missing_values(layers) == does


def test_names_change_nothing_but_layers_that_pick_by_them() -> None:
    layers = (
        SequentialConfig(layers=(ColumnsConfig(columns=("b",)), SCALE)),
        ParallelConfig(branches=((SCALE,), ())),
    )
    named = for_features(layers, ["a", "b"], [("layers", 0), ("layers", 1)])
    assert named[0] == SequentialConfig(layers=(ColumnsConfig(columns=(1,)), SCALE))
    assert named[1] is layers[1]
    assert for_features(layers, (), [("layers", 0), ("layers", 1)]) == layers


def test_a_config_of_another_class_is_the_plugins_fault() -> None:
    strange = answering("for_features", SCALE)
    with pytest.raises(PluginError, match="expected 'for_features' to return a Answering, found"):
        for_features([strange], ["a"], [("layers", 0)])
