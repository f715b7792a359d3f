from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from layerkit.builtin.blobs import BlobsConfig
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.sgd import SgdConfig
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
from layerkit.builtin.tanh import TanhConfig
from layerkit.builtin.zeros import ZerosConfig
from layerkit.contracts.chain import layer_names
from layerkit.contracts.dataset import ClassTarget, DataInfo, DatasetConfig
from layerkit.contracts.initializer import Fan
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_plan import LayerPlan, ParameterPlan, StatePlan
from layerkit.contracts.loss import LossConfig
from layerkit.contracts.metric import MetricConfig
from layerkit.errors import DataError, FileError, PluginError, ShapeError
from layerkit.plan.network import plan_network
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.models import ModelSpec
from tests.helpers.odd import OddConfig, OddData, OddLoss, OddMetric, raising
from tests.helpers.plugins import install_plugin
from tests.helpers.specs import problems, small_spec


def info(*shape: int) -> DataInfo:
    return DataInfo(shape, ClassTarget(3), 60, 30, bytes_per_value=4)


def model(
    *layers: LayerConfig,
    data: DatasetConfig | None = None,
    loss: LossConfig | None = None,
    metrics: tuple[MetricConfig, ...] = (),
) -> ModelSpec:
    return ModelSpec(
        data=data or BlobsConfig(),
        layers=layers or (DenseConfig(units=3),),
        loss=loss or SoftmaxCrossEntropyConfig(),
        optimizer=SgdConfig(learning_rate=0.1),
        metrics=metrics,
    )


def problems_of(spec: ModelSpec) -> list[str]:
    with pytest.raises(SpecError) as caught:
        plan_network(spec)
    return [str(problem) for problem in caught.value.problems]


EMPTY = """
from typing import Literal
from layerkit.plugin import Dataset, DatasetConfig, Layer, LayerConfig

class LayerOptions(LayerConfig):
    type: Literal["empty_layer"] = "empty_layer"
    def plan(self, x): return None

class DataOptions(DatasetConfig):
    type: Literal["empty_data"] = "empty_data"
    def info(self): return None

class empty_layer(Layer[LayerOptions]):
    def forward(self, x, *, training): ...
    def backward(self, dy): ...

class empty_data(Dataset[DataOptions]):
    def load(self): ...
"""


def test_every_shape_is_known_from_the_data_to_the_loss() -> None:
    plan = plan_network(small_spec())
    assert [(layer.name, layer.input_shape, layer.plan.output) for layer in plan.layers] == [
        ("dense_1", (2,), (8,)),
        ("tanh_1", (8,), (8,)),
        ("dropout_1", (8,), (8,)),
        ("dense_2", (8,), (3,)),
    ]
    assert [(path, param.shape) for path, param in plan.params()] == [
        ("dense_1.weight", (2, 8)),
        ("dense_1.bias", (8,)),
        ("dense_2.weight", (8, 3)),
        ("dense_2.bias", (3,)),
    ]
    assert [layer.plan.size for layer in plan.layers] == [24, 0, 0, 27]
    assert (plan.size, plan.output_shape) == (51, (3,))
    assert (plan.train_examples, plan.validation_examples) == (120, 30)
    assert plan.dtype == np.float32
    assert plan_network(small_spec("dtype=float64")).dtype == np.float64


def test_a_layer_is_found_by_its_path() -> None:
    inner = 'layers.1={type = "residual", layers = ["tanh", {type = "dense", units = 8}]}'
    plan = plan_network(small_spec(inner))
    assert plan.layer_at("residual_1.dense_1") == DenseConfig(units=8)
    assert plan.layer_at("dense_1").type_name() == "dense"


def test_state_goes_by_the_path_of_its_layer() -> None:
    layer = OddConfig(name="norm", made=lambda x: LayerPlan(x, state={"mean": StatePlan(x)}))
    plan = plan_network(model(layer, DenseConfig(units=3)))
    assert [(path, state.shape) for path, state in plan.state()] == [("norm.mean", (2,))]


def test_a_layer_goes_by_its_name_or_by_its_type_and_number() -> None:
    layers = (TanhConfig(), DenseConfig(units=1, name="hidden"), TanhConfig(), DenseConfig(units=2))
    assert layer_names(layers) == ("tanh_1", "hidden", "tanh_2", "dense_2")


@pytest.mark.parametrize(
    ("examples", "validation", "expected"),
    [
        (100, 0, 0),
        (100, 30, 30),
        (100, 0.25, 25),
        (100, 0.0, 0),
        (3, 0.5, 2),
        (None, 30, 30),
        (None, 0.25, None),
    ],
)
def test_a_count_or_a_fraction_is_set_aside(
    examples: int | None, validation: float, expected: int | None
) -> None:
    assert BlobsConfig(validation=validation).set_aside(examples) == expected


def test_regularizers_take_every_parameter_but_biases_unless_the_spec_says() -> None:
    default, named, each = plan_network(
        small_spec(
            "regularizers=[{type='l2',strength=1},"
            "{type='l2',strength=1,parameters=['dense_2.*', 'dense_2.bias', '*_1.b?as']},"
            "{type='l1',strength=1,parameters=['*']}]"
        )
    ).regularized
    assert default == ("dense_1.weight", "dense_2.weight")
    assert named == ("dense_1.bias", "dense_2.weight", "dense_2.bias")
    assert each == ("dense_1.weight", "dense_1.bias", "dense_2.weight", "dense_2.bias")


def test_a_shape_that_does_not_fit_names_both_layers() -> None:
    image = OddConfig(name="image", made=lambda _: LayerPlan((28, 28)))
    picky = OddConfig(made=raising(ShapeError("odd expects one axis, shape (n,)")))
    assert problems_of(model(TanhConfig(), image, picky)) == [
        "layers.2: odd expects one axis, shape (n,); found (28, 28) "
        "(the shape (28, 28) comes from layers.1, image)"
    ]
    assert problems_of(model(picky, data=OddData(known=lambda: info(28, 28)))) == [
        "layers.0: odd expects one axis, shape (n,); found (28, 28) "
        "(the shape (28, 28) comes from the data)"
    ]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("odd expects (n, m), found (2,).", "odd expects (n, m), found (2,)"),
        ("expects (n, m)", "odd: expects (n, m); found (2,)"),
        ("", "odd expects another shape; found (2,)"),
        ("odd expects\n    (n, m)\n", "odd expects (n, m); found (2,)"),
    ],
)
def test_the_shape_error_of_any_plugin_reads_well(message: str, said: str) -> None:
    layer = OddConfig(made=raising(ShapeError(message)))
    assert problems_of(model(layer)) == [f"layers.0: {said} (the shape (2,) comes from the data)"]


@pytest.mark.parametrize(
    "plan",
    [
        LayerPlan((-3, 5)),
        LayerPlan((0,)),
        LayerPlan((2,), {"weight": ParameterPlan((2, 0), ZerosConfig(), Fan(1, 1))}),
        LayerPlan((2,), state={"mean": StatePlan((-1,))}),
    ],
)
def test_a_plan_with_nothing_in_it_is_a_shape_that_does_not_fit(plan: LayerPlan) -> None:
    (said,) = problems_of(model(OddConfig(made=lambda _: plan), DenseConfig(units=3)))
    assert said.startswith("layers.0: odd makes (")
    assert said.endswith("of (2,), with nothing in it (the shape (2,) comes from the data)")


@pytest.mark.parametrize("error", [KeyError("axis"), ZeroDivisionError("no"), SystemExit(3)])
def test_any_other_error_in_a_component_is_the_fault_of_its_plugin(error: BaseException) -> None:
    fails = raising(error)
    named = {
        "layer 'odd' at layers.1": model(TanhConfig(), OddConfig(made=fails)),
        "dataset 'odd_data' at data": model(data=OddData(known=fails)),
        "loss 'odd_loss' at loss": model(loss=OddLoss(checks=fails)),
        "metric 'odd_metric' at metrics.0": model(metrics=(OddMetric(checks=fails),)),
    }
    for name, spec in named.items():
        error.__traceback__ = None  # or it would tell of the component before
        with pytest.raises(PluginError) as caught:
            plan_network(spec)
        kind, _, at = name.partition(" at ")
        assert str(caught.value).startswith(f"{kind} (tests.helpers.odd:Odd")
        assert f" at {at}: " in str(caught.value)
        assert f" failed with {type(error).__name__}: {error} (" in str(caught.value)
        assert caught.value.exit_code == 5
        assert caught.value.__cause__ is error


def test_what_is_no_plan_is_the_fault_of_its_plugin(site: Path) -> None:
    registry = install_plugin(site, EMPTY, layers="empty_layer", datasets="empty_data")
    where = r"^layer 'empty_layer' of .*: expected 'plan' to return a LayerPlan, found "
    with pytest.raises(PluginError, match=where):
        plan_network(small_spec("layers.1=empty_layer", registry=registry))
    with pytest.raises(
        PluginError, match=r"^dataset 'empty_data' of .* to return a DataInfo, found"
    ):
        plan_network(small_spec("data=empty_data", registry=registry))


def test_a_missing_data_file_is_no_fault_of_the_plugin() -> None:
    with pytest.raises(FileError, match=r"^spec: data: dataset 'odd_data' at data: .*gone"):
        plan_network(model(data=OddData(known=raising(FileNotFoundError("gone")))))
    with pytest.raises(DataError, match=r"^spec: data: damaged$"):
        plan_network(model(data=OddData(known=raising(DataError("damaged")))))


def test_an_interrupt_is_an_interrupt() -> None:
    with pytest.raises(KeyboardInterrupt):
        plan_network(model(OddConfig(made=raising(KeyboardInterrupt()))))


def test_data_that_cannot_be_read_hide_no_other_problem() -> None:
    assert problems("data={type='npz', path='nowhere.npz'}", "layers.0.name=dense_2")[1:] == [
        "layers.0.name: expected a name of its own, found 'dense_2', which layers.3 has by default"
    ]
    with pytest.raises(FileError, match=r"nowhere\.npz"):
        plan_network(small_spec("data={type='npz', path='nowhere.npz'}"))


def test_everything_that_is_wrong_is_told_at_once_in_order() -> None:
    said = problems(
        "training.early_stopping.monitor=acuracy",
        "training.batch_size=500",
        "metrics=['accuracy', 'accuracy']",
        "regularizers.1.parameters=['dense_9.weight']",
        "layers.3.units=4",
        "layers.1.name=dense_1",
        "data.validation=0",
    )
    assert [each.split(": ")[0] for each in said] == [
        "layers.1.name",
        "loss",
        "regularizers.1.parameters.0",
        "metrics.1",
        "metrics.0",
        "metrics.1",
        "training.early_stopping.monitor",
        "training.batch_size",
        "training.early_stopping",
    ]


def test_a_problem_names_the_file() -> None:
    with pytest.raises(SpecError, match=r"^specs/mine\.toml: loss: softmax_cross_entropy expects"):
        plan_network(small_spec("layers.3.units=4"), "specs/mine.toml")


def test_a_deep_network_is_planned_quickly() -> None:
    depth = sys.getrecursionlimit() * 4
    assert (
        len(plan_network(model(*[TanhConfig()] * depth, DenseConfig(units=3))).layers) == depth + 1
    )
