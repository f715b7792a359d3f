from __future__ import annotations

import numpy as np
import pytest
from layerkit_sequence.gru import GruConfig
from pydantic import ValidationError

from layerkit.plugin import Array, Fan, ShapeError, generator
from layerkit.testing import build_layer, check_layer

N, TIME, FEATURES, UNITS = 3, 4, 2, 3


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("reset_after", [True, False])
@pytest.mark.parametrize("output", ["all", "last"])
@pytest.mark.parametrize("shape", [(4, 2), (1, 1), (1, 3)])
def test_keeps_the_contract_of_layers(
    reset_after: bool, output: str, shape: tuple[int, int]
) -> None:
    table = {"type": "gru", "units": 3, "reset_after": reset_after, "output": output}
    check_layer(table, input_shape=shape)


@pytest.mark.parametrize("trains", [True, False])
@pytest.mark.parametrize("reset_after", [True, False])
def test_every_step_is_that_of_the_formula(reset_after: bool, trains: bool) -> None:
    config = GruConfig(units=UNITS, reset_after=reset_after)
    layer = build_layer(config, input_shape=(TIME, FEATURES), batch_size=N, trains=trains)
    params = layer.context.params
    u_r, u_z, u_n = np.split(params["recurrent_weight"].value, 3, axis=1)
    x, h = generator(0, "x").normal(size=(N, TIME, FEATURES)), np.zeros((N, UNITS))
    found = layer.forward(x, training=False)
    for t in range(TIME):
        a = x[:, t] @ params["weight"].value + params["bias"].value
        a_r, a_z, a_n = np.split(a, 3, axis=1)
        r, z = sigmoid(a_r + h @ u_r), sigmoid(a_z + h @ u_z)
        if reset_after:
            n = np.tanh(a_n + r * (h @ u_n + params["recurrent_bias"].value))
        else:
            n = np.tanh(a_n + (r * h) @ u_n)
        h = (1 - z) * n + z * h
        np.testing.assert_allclose(found[:, t], h, rtol=1e-12, atol=1e-14)
    last = build_layer(
        GruConfig(units=UNITS, reset_after=reset_after, output="last"),
        input_shape=(TIME, FEATURES),
        batch_size=N,
    )
    np.testing.assert_allclose(last.forward(x, training=True), h, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("reset_after", [True, False])
def test_large_inputs_overflow_nowhere(reset_after: bool) -> None:
    config = GruConfig(units=2, reset_after=reset_after)
    layer = build_layer(config, input_shape=(3, 2), batch_size=1)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y = layer.forward(np.full((1, 3, 2), 1e30), training=True)
    assert np.isfinite(y).all()


def test_plans_its_weights_with_their_connections_and_products() -> None:
    plan = GruConfig(units=4).plan((5, 3))
    weight, recurrent, bias, recurrent_bias = plan.params.values()
    assert (weight.shape, weight.fan) == ((3, 12), Fan(3, 12))
    assert (recurrent.shape, recurrent.fan) == ((4, 12), Fan(4, 12))
    assert (bias.shape, bias.decay) == ((12,), False)
    assert (recurrent_bias.shape, recurrent_bias.decay) == ((4,), False)
    assert plan.output == (5, 4)
    assert plan.products == 5 * (3 + 4) * 12


def test_without_reset_after_there_is_one_bias() -> None:
    plan = GruConfig(units=4, reset_after=False).plan((5, 3))
    assert list(plan.params) == ["weight", "recurrent_weight", "bias"]


def test_refuses_anything_but_sequences_of_features() -> None:
    with pytest.raises(ShapeError, match=r"gru expects .*\(time, n\); found \(784,\)"):
        GruConfig(units=4).plan((784,))


@pytest.mark.parametrize("options", [{"units": 0}, {"output": "first"}, {"reset_after": 1}])
def test_refuses_options_out_of_range(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(options))):
        GruConfig.model_validate({"units": 1, **options})
