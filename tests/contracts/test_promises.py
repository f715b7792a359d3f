from __future__ import annotations

from collections.abc import Callable

import pytest

from layerkit.builtin.accuracy import AccuracyConfig
from layerkit.builtin.blobs import BlobsConfig
from layerkit.builtin.sgd import SgdConfig
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
from layerkit.builtin.tanh import TanhConfig
from layerkit.builtin.zeros import ZerosConfig
from layerkit.contracts.dataset import ClassTarget, DataInfo, VectorTarget
from layerkit.contracts.initializer import Fan, InitializerConfig
from layerkit.contracts.layer_plan import LayerPlan, ParameterPlan, StatePlan
from layerkit.contracts.output import LossPlan
from layerkit.contracts.promises import (
    check_figures,
    check_info,
    check_layer_plan,
    check_loss_plan,
    check_slots,
)
from layerkit.errors import PluginError, ShapeError


def changed(value: object, **fields: object) -> object:
    """Return a frozen dataclass with fields of any type, as a plugin without types may have."""
    for name, each in fields.items():
        object.__setattr__(value, name, each)
    return value


def weight(**fields: object) -> object:
    return changed(ParameterPlan((2,), ZerosConfig(), Fan(1, 1)), **fields)


def info(**fields: object) -> object:
    return changed(DataInfo((2,), ClassTarget(3), 10, 5, 4), **fields)


def of_layer(plan: object) -> None:
    check_layer_plan(TanhConfig(), plan, (2,))


def of_info(found: object) -> None:
    check_info(BlobsConfig(), found)


def of_loss(plan: object) -> None:
    check_loss_plan(SoftmaxCrossEntropyConfig(), plan)


def of_metric(figures: object) -> None:
    check_figures(AccuracyConfig(), figures)


def of_optimizer(slots: object) -> None:
    check_slots(SgdConfig(learning_rate=1), slots)


@pytest.mark.parametrize(
    ("check", "found", "said"),
    [
        (of_layer, None, "expected 'plan' to return a LayerPlan, found None"),
        (of_layer, changed(LayerPlan((2,)), output=(4.0,)), r"tuple of integers, found \(4\.0,\)"),
        (of_layer, changed(LayerPlan((2,)), output=(True,)), r"tuple of integers, found \(True,\)"),
        (of_layer, changed(LayerPlan((2,)), output=[2]), r"tuple of integers, found \[2\]"),
        (of_layer, changed(LayerPlan((2,)), params=[]), "a mapping as 'params' of its plan, found"),
        (of_layer, changed(LayerPlan((2,)), params={"a.b": weight()}), "letters, digits and"),
        (of_layer, changed(LayerPlan((2,)), params={1: weight()}), "letters, digits and"),
        (of_layer, changed(LayerPlan((2,)), params={"w": (2,)}), "a ParameterPlan for 'w', found"),
        (of_layer, changed(LayerPlan((2,)), state={"m": 0}), "a StatePlan for 'm', found 0"),
        (of_layer, changed(LayerPlan((2,)), layers=[]), "a tuple of PlannedLayer, found a list"),
        (of_layer, changed(LayerPlan((2,)), products=-1), "a count as 'products', found -1"),
        (
            of_layer,
            LayerPlan((2,), state={"m": StatePlan((2,), float("nan"))}),
            "a number to fill 'm', found nan",
        ),
        (
            of_layer,
            changed(LayerPlan((2,)), params={"w": weight(initializer=None)}),
            "the config of an initializer for 'w', found None",
        ),
        (
            of_layer,
            changed(LayerPlan((2,)), params={"w": weight(fan=(1, 1))}),
            "a Fan of two numbers for 'w', found a tuple",
        ),
        (
            of_layer,
            changed(LayerPlan((2,)), params={"w": weight(decay=None)}),
            "True or False as 'decay' of 'w', found None",
        ),
        (of_info, None, "expected 'info' to return a DataInfo, found None"),
        (of_info, info(scale=0.0), "expected a number above 0 as 'scale', found 0.0"),
        (of_info, info(scale="1"), "expected a number above 0 as 'scale', found '1'"),
        (of_info, info(scale=2.0, vocabulary=3), "expected a scale of 1 for ids, found 2.0"),
        (of_info, info(input_shape=(0,)), r"tuple of integers above 0, found \(0,\)"),
        (of_info, info(input_shape=2), "tuple of integers above 0, found 2"),
        (of_info, info(target="classes"), "a ClassTarget or a VectorTarget as 'target', found 'c"),
        (of_info, info(target=VectorTarget((0,))), r"shape of the target .*, found \(0,\)"),
        (of_info, info(target=changed(ClassTarget(3), classes=3.0)), "number of classes, found 3"),
        (of_info, info(train=-1), "a count or None as 'train', found -1"),
        (of_info, info(test="5"), "a count or None as 'test', found '5'"),
        (of_info, info(features=["a", "b"]), "a tuple of names as 'features', found a list"),
        (of_info, info(features=("a",)), r"each value of inputs \(2,\), or none, found \('a',\)"),
        (of_info, info(features=("a", "a")), r"a name of its own .*, found \('a', 'a'\)"),
        (of_info, info(has_missing=1), "True or False as 'has_missing', found 1"),
        (of_info, info(mapped=1), "True or False as 'mapped', found 1"),
        (of_loss, (2,), "expected 'plan' to return a LossPlan, found a tuple"),
        (of_loss, changed(LossPlan((2,)), prediction=(2.0,)), r"'prediction' .*, found \(2\.0,\)"),
        (of_loss, changed(LossPlan((2,)), items=None), "'items' .*, found None"),
        (of_loss, changed(LossPlan((2,)), probabilities=1), "'probabilities' .*, found 1"),
        (of_metric, ["accuracy"], "expected 'figures' to return a mapping, found a list"),
        (
            of_metric,
            {"loss": True},
            r"to be 'accuracy' or to begin with 'accuracy\.', found 'loss'",
        ),
        (of_metric, {"accuracy": 1}, "True or False for the figure 'accuracy', found 1"),
        (of_optimizer, {"velocity": 1}, "a tuple of names, all different, found {'velocity'"),
        (of_optimizer, ("a", "a"), "all different, found"),
        (of_optimizer, None, "all different, found None"),
        (of_optimizer, "velocity", "all different, found 'velocity'"),
    ],
)
def test_what_a_config_returns_is_what_it_declares(
    check: Callable[[object], None], found: object, said: str
) -> None:
    with pytest.raises(PluginError, match=said):
        check(found)


def test_no_array_is_larger_than_any_memory() -> None:
    with pytest.raises(ShapeError, match="more values than any machine can hold"):
        of_layer(LayerPlan((10**30,)))


def test_what_is_right_passes() -> None:
    of_layer(LayerPlan((2,), {"w": ParameterPlan((2,), ZerosConfig(), Fan(1, 1))}, products=3))
    of_info(info(train=None))
    of_loss(LossPlan((2,), (5,)))
    of_metric({"accuracy": True, "accuracy.cat": False})
    of_optimizer(("velocity",))
    of_optimizer(())


def test_a_base_of_configs_has_no_initializer_to_offer() -> None:
    with pytest.raises(PluginError, match="config of an initializer"):
        of_layer(changed(LayerPlan((2,)), params={"w": weight(initializer=InitializerConfig())}))
