from __future__ import annotations

import numpy as np
import pytest
from layerkit_sequence.simple_rnn import SimpleRnnConfig
from pydantic import ValidationError

from layerkit.plugin import Fan, ShapeError
from layerkit.testing import build_layer, check_layer


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("output", ["all", "last"])
@pytest.mark.parametrize("shape", [(4, 2), (1, 1)])
def test_keeps_the_contract_of_layers(activation: str, output: str, shape: tuple[int, int]) -> None:
    table = {"type": "simple_rnn", "units": 3, "activation": activation, "output": output}
    check_layer(table, input_shape=shape)


@pytest.mark.parametrize("trains", [True, False])
def test_two_steps_by_hand(trains: bool) -> None:
    config = SimpleRnnConfig(units=1, activation="relu")
    layer = build_layer(config, input_shape=(2, 1), batch_size=2, trains=trains)
    for name, value in (("weight", 2.0), ("recurrent_weight", -3.0), ("bias", 0.5)):
        layer.context.params[name].value.fill(value)
    x = np.array([[[1.0], [4.0]], [[-1.0], [1.0]]])
    # 2 * 1 + 0.5 = 2.5, 2 * 4 - 3 * 2.5 + 0.5 = 1; -1.5 becomes 0, 2 * 1 - 3 * 0 + 0.5
    assert layer.forward(x, training=False).tolist() == [[[2.5], [1.0]], [[0.0], [2.5]]]


def test_large_inputs_overflow_nowhere() -> None:
    layer = build_layer(SimpleRnnConfig(units=2), input_shape=(3, 2), batch_size=1)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y = layer.forward(np.full((1, 3, 2), 1e30), training=True)
    assert np.abs(y).tolist() == [[[1, 1]] * 3]


def test_plans_its_weights_with_their_connections_and_products() -> None:
    plan = SimpleRnnConfig(units=4).plan((5, 3))
    assert plan.output == (5, 4)
    assert SimpleRnnConfig(units=4, output="last").plan((5, 3)).output == (4,)
    weight, recurrent, bias = plan.params.values()
    assert (weight.shape, weight.fan, weight.decay) == ((3, 4), Fan(3, 4), True)
    assert (recurrent.shape, recurrent.fan, recurrent.decay) == ((4, 4), Fan(4, 4), True)
    assert recurrent.initializer.type_name() == "orthogonal"
    assert (bias.shape, bias.decay) == ((4,), False)
    assert plan.products == 5 * (3 + 4) * 4


@pytest.mark.parametrize("shape", [(784,), (2, 3, 4), ()])
def test_refuses_anything_but_sequences_of_features(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"simple_rnn expects .*\(time, n\); found \("):
        SimpleRnnConfig(units=4).plan(shape)


@pytest.mark.parametrize("options", [{"units": 0}, {"output": "first"}, {"activation": "gelu"}])
def test_refuses_options_out_of_range(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(options))):
        SimpleRnnConfig.model_validate({"units": 1, **options})
