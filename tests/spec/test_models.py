from __future__ import annotations

import ast
from pathlib import Path

import pytest
from pydantic import ValidationError

from layerkit.builtin.accuracy import AccuracyConfig
from layerkit.builtin.blobs import BlobsConfig
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.sgd import SgdConfig
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
from layerkit.builtin.tanh import TanhConfig
from layerkit.contracts.optimizer import OptimizerConfig
from layerkit.spec import models
from layerkit.spec.loading import parse_spec
from layerkit.spec.models import EarlyStopping, ModelSpec, Training
from tests.helpers.specs import problems, small_spec

MINIMAL = """
data = "blobs"
layers = [{type = "dense", units = 3}]
loss = "softmax_cross_entropy"
optimizer = {type = "sgd", learning_rate = 0.1}
"""


def minimal() -> ModelSpec:
    return ModelSpec(
        data=BlobsConfig(),
        layers=(DenseConfig(units=3),),
        loss=SoftmaxCrossEntropyConfig(),
        optimizer=SgdConfig(learning_rate=0.1),
    )


def test_a_spec_built_in_python_equals_the_same_spec_in_toml() -> None:
    assert minimal() == parse_spec(MINIMAL)
    full = ModelSpec(
        seed=7,
        dtype="float64",
        data=BlobsConfig(validation=0.1),
        layers=(DenseConfig(units=8, name="hidden"), TanhConfig(), DenseConfig(units=3)),
        loss=SoftmaxCrossEntropyConfig(),
        optimizer=SgdConfig(learning_rate=0.1, momentum=0.9),
        metrics=(AccuracyConfig(),),
        training=Training(
            epochs=3, batch_size="full", early_stopping=EarlyStopping(monitor="accuracy")
        ),
    )
    assert full == parse_spec("""
        seed = 7
        dtype = "float64"
        data = {type = "blobs", validation = 0.1}
        layers = [{type = "dense", units = 8, name = "hidden"}, "tanh", {type = "dense", units = 3}]
        loss = "softmax_cross_entropy"
        optimizer = {type = "sgd", learning_rate = 0.1, momentum = 0.9}
        metrics = ["accuracy"]
        training = {epochs = 3, batch_size = "full", early_stopping = {monitor = "accuracy"}}
    """)


def test_everything_but_layers_loss_and_optimizer_has_a_default() -> None:
    spec = minimal()
    assert (spec.seed, spec.dtype, spec.training) == (0, "float32", Training())
    assert (spec.regularizers, spec.metrics, spec.callbacks) == ((), (), ())
    assert problems(text="") == [
        f"{key}: required key '{key}' is missing" for key in ("layers", "loss", "optimizer")
    ]


def test_a_component_has_the_type_of_its_config() -> None:
    spec = small_spec()
    assert isinstance(spec.layers[0], DenseConfig)
    assert spec.layers[0].units == 8
    assert spec.layers[1] == TanhConfig()


def test_a_mistake_in_python_is_told_as_in_a_file() -> None:
    with pytest.raises(ValidationError, match=r"unknown key 'unitz' \(did you mean 'units'\?\)"):
        DenseConfig.model_validate({"unitz": 3})
    with pytest.raises(ValidationError, match=r"layers\.0\n  no layer named 'tanhh' is installed"):
        ModelSpec.model_validate({**dict(minimal()), "layers": ["tanhh"]})
    expected = r"optimizer\n  expected the config of an optimizer, found OptimizerConfig, which is"
    with pytest.raises(ValidationError, match=expected):
        ModelSpec.model_validate({**dict(minimal()), "optimizer": OptimizerConfig(learning_rate=1)})
    with pytest.raises(ValidationError, match=r"units\n  expected a number above 0, found 0"):
        DenseConfig(units=0)


def test_a_spec_is_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        minimal().__setattr__("seed", 3)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("seed=true", "expected an integer, found true"),
        ("seed=1.0", "expected an integer, found 1.0"),
        ("seed=-1", "expected a number from 0, found -1"),
        ("seed=9223372036854775808", "expected an integer of at most 64 bits, found "),
        ("dtype=float23", "expected 'float32' or 'float64', found 'float23' (did you mean "),
        ("data.spread=nan", "expected a finite number, found nan"),
        ("data.spread=-inf", "expected a finite number, found -inf"),
        ("data.validation=1.0", "expected a number of examples (an integer from 0) or a fraction"),
        ("data.validation=-1", "expected a number of examples (an integer from 0) or a fraction"),
        ("data.validation=true", "expected a number of examples (an integer from 0) or a fraction"),
        ("data.validation=nan", "expected a number of examples (an integer from 0) or a fraction"),
        ("optimizer.learning_rate=0", "expected a number above 0, found 0"),
        ("layers=tanh", "expected a list, found 'tanh'"),
        ("layers=[]", "expected at least 1, found none"),
        ("layers.0.units=3.0", "expected an integer, found 3.0"),
        ("layers.0.unit=3", "unknown key 'unit' (did you mean 'units'?)"),
        ("layers.0.name=a.b", "expected a name of letters, digits and underscores"),
        ("layers.1=tahn", "no layer named 'tahn' is installed (did you mean 'tanh'?"),
        ("layers.1.type=tahn", "no layer named 'tahn' is installed (did you mean 'tanh'?"),
        ("layers.0.weight_initializer=xavier", "no initializer named 'xavier' is installed"),
        ("layers.0.bias_initializer={type='zeros', gain=1}", "unknown key 'gain'"),
        ("regularizers.1.strength=-1", "expected a number from 0, found -1"),
        ("regularizers.0.parameters=weight", "expected a list, found 'weight'"),
        ("regularizers.0.parameters=['a', 3]", "expected a string, found 3"),
        ("optimizer.schedule=linear", "no schedule named 'linear' is installed; installed: "),
        ("callbacks=['print']", "no callback named 'print' is installed"),
        ("training=3", "expected a table, found 3"),
        ("training.epochs=0", "expected a number above 0, found 0"),
        ("training.batch_size=0", "expected an integer above 0, or 'full' for the whole set, "),
        ("training.batch_size=true", "expected an integer above 0, or 'full' for the whole set, "),
        ("training.batch_size=ful", "expected an integer above 0, or 'full' for the whole set, "),
        ("training.early_stopping=true", "expected a table, found true"),
        ("training.early_stopping.patience=0", "expected a number above 0, found 0"),
        ("training.early_stopping.patient=3", "unknown key 'patient' (did you mean 'patience'?)"),
        ("training.early_stopping.min_delta=nan", "expected a finite number, found nan"),
    ],
)
def test_a_mistake_is_told_with_its_path_and_what_was_found(override: str, message: str) -> None:
    path = override.partition("=")[0]
    (said,) = problems(override)
    where, _, rest = said.partition(": ")
    assert where.startswith(path)
    assert rest.startswith(message)


def test_mistakes_in_several_places_are_told_together_each_with_its_path() -> None:
    said = problems(
        "layers.0.weight_initializer={type='uniform', lo=0, high='x'}",
        "layers.3.bias_initializer={type='uniform', low=1, high=0}",
        "layers.2.rate=1",
        "regularizers.1.strenght=3",
        "training.early_stopping={monitor=3, patience=0}",
    )
    assert said == [
        "layers.0.weight_initializer.lo: unknown key 'lo' (did you mean 'low'?)",
        "layers.0.weight_initializer.high: expected a number, found 'x'",
        "layers.2.rate: expected a number below 1, found 1",
        "layers.3.bias_initializer: expected low below high, found 1.0 and 0.0",
        "regularizers.1.strenght: unknown key 'strenght' (did you mean 'strength'?)",
        "training.early_stopping.monitor: expected a string, found 3",
        "training.early_stopping.patience: expected a number above 0, found 0",
    ]


def test_a_bare_name_that_needs_options_is_told_which() -> None:
    assert problems("layers.1=dense") == ["layers.1.units: required key 'units' is missing"]
    assert problems("optimizer=sgd") == [
        "optimizer.learning_rate: required key 'learning_rate' is missing"
    ]


def test_type_checkers_see_every_key_of_a_spec() -> None:
    source = ast.parse(Path(models.__file__).read_text(encoding="utf-8"))
    (method,) = [
        node
        for node in ast.walk(source)
        if isinstance(node, ast.FunctionDef) and node.name == "__init__"
    ]
    assert {argument.arg for argument in method.args.kwonlyargs} == set(ModelSpec.model_fields)
