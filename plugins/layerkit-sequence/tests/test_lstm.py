from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from layerkit_sequence.lstm import Lstm, LstmConfig
from pydantic import ValidationError

from layerkit.plugin import Array, Fan, ShapeError, generator
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer

TIME, FEATURES, UNITS = 5, 3, 4
LENGTHS = np.array([5, 2, 0, 3])
MASK: Array = (np.arange(TIME) < LENGTHS[:, np.newaxis]).astype(np.float64)


def lstm(output: str, mask: Array | None = None, *, trains: bool = True) -> Lstm:
    config = LstmConfig.model_validate({"units": UNITS, "output": output})
    layer = build_layer(config, input_shape=(TIME, FEATURES), mask=mask, trains=trains)
    assert isinstance(layer, Lstm)
    return layer


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def one_by_one(layer: Lstm, x: Array, mask: Array) -> Array:
    """Return the output of every step, by the formula, example by example."""
    params = layer.context.params
    outputs = np.zeros((len(x), TIME, UNITS))
    for n in range(len(x)):
        c, h = np.zeros(UNITS), np.zeros(UNITS)
        for t in range(TIME):
            if mask[n, t]:
                z = x[n, t] @ params["weight"].value + h @ params["recurrent_weight"].value
                i, f, g, o = np.split(z + params["bias"].value, 4)
                c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
                h = sigmoid(o) * np.tanh(c)
            outputs[n, t] = h
    return outputs


def draw(*shape: int) -> Array:
    return generator(0, "arrays").normal(size=shape)


@pytest.mark.parametrize("output", ["all", "last"])
@pytest.mark.parametrize("shape", [(4, 2), (1, 1), (1, 3)])
def test_keeps_the_contract_of_layers(output: str, shape: tuple[int, int]) -> None:
    check_layer({"type": "lstm", "units": 3, "output": output}, input_shape=shape)


@pytest.mark.parametrize("trains", [True, False])
def test_without_a_mask_every_step_counts(trains: bool) -> None:
    x, every = draw(4, TIME, FEATURES), np.ones((4, TIME))
    layer = lstm("all", trains=trains)
    expected = one_by_one(layer, x, every)
    np.testing.assert_allclose(layer.forward(x, training=False), expected, rtol=1e-13)
    last = lstm("last", trains=trains).forward(x, training=False)
    np.testing.assert_allclose(last, expected[:, -1], rtol=1e-13)


@pytest.mark.parametrize("trains", [True, False])
@pytest.mark.parametrize("n", [4, 3])
def test_padding_leaves_the_state_as_it_was(n: int, trains: bool) -> None:
    x = draw(4, TIME, FEATURES)[:n]
    layer, last = lstm("all", MASK, trains=trains), lstm("last", MASK, trains=trains)
    expected = one_by_one(layer, x, MASK)
    found = layer.forward(x, training=False)
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-15)
    ends = last.forward(x, training=False)
    np.testing.assert_allclose(ends, expected[:, -1], rtol=1e-13, atol=1e-15)
    assert np.array_equal(found[1, 1], ends[1])
    assert not ends[2].any()


def test_padding_may_come_first() -> None:
    x, mask = draw(4, TIME, FEATURES), MASK[:, ::-1].copy()
    layer = lstm("all", mask)
    expected = one_by_one(layer, x, mask)
    np.testing.assert_allclose(layer.forward(x, training=True), expected, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("output", ["all", "last"])
def test_gradients_with_padding_are_those_of_differences(output: str) -> None:
    layer, x = lstm(output, MASK), draw(4, TIME, FEATURES)
    weights = generator(0, "weights").normal(size=(4, *layer.context.output_shape))

    def value() -> float:
        return float(np.sum(weights * layer.forward(x, training=True)))

    value()
    dx = layer.backward(weights.copy())
    assert dx is not None
    assert not dx[MASK == 0].any()
    arrays = [(x, dx.copy())]
    arrays += [(each.value, each.grad.copy()) for each in layer.context.params.values()]
    for array, grad in arrays:
        for at in np.ndindex(array.shape):
            start, step, differences = float(array[at]), 1e-3, 0.0
            for move, factor in ((step, 8), (-step, -8), (2 * step, -1), (-2 * step, 1)):
                array[at] = start + move
                differences += factor * value()
            array[at] = start
            assert grad[at] == pytest.approx(differences / (12 * step), rel=1e-7, abs=1e-9)


def test_what_padding_holds_does_not_matter() -> None:
    x = draw(4, TIME, FEATURES)
    other = np.where(MASK[..., np.newaxis] == 0, 1e3, x)
    first, second = (lstm("last", MASK).forward(each, training=True) for each in (x, other))
    assert np.array_equal(first, second)


def test_the_mask_is_passed_on_with_every_step_and_not_with_the_last() -> None:
    assert lstm("all", MASK).mask is MASK
    assert lstm("last", MASK).mask is None
    assert lstm("all").mask is None


def test_large_inputs_overflow_nowhere() -> None:
    layer = lstm("all")
    with np.errstate(all="raise"):
        y = layer.forward(np.full((1, TIME, FEATURES), 1e6), training=True)
    assert np.isfinite(y).all()


def test_plans_its_weights_with_their_connections_and_products() -> None:
    plan = LstmConfig(units=4).plan((5, 3))
    weight, recurrent, bias = plan.params.values()
    assert plan.output == (5, 4)
    assert LstmConfig(units=4, output="last").plan((5, 3)).output == (4,)
    assert (weight.shape, weight.fan, weight.decay) == ((3, 16), Fan(3, 16), True)
    assert (recurrent.shape, recurrent.fan, recurrent.decay) == ((4, 16), Fan(4, 16), True)
    assert (bias.shape, bias.decay) == ((16,), False)
    assert plan.products == 5 * (3 + 4) * 16


def test_the_forget_gate_starts_open() -> None:
    for bias in (1.0, -2.5):
        param = LstmConfig(units=2, forget_bias=bias).plan((5, 3)).params["bias"]
        out = np.full(8, np.nan)
        param.initializer.build().fill(out, param.fan, generator(0, "unused"))
        assert out.tolist() == [0, 0, bias, bias, 0, 0, 0, 0]


def test_refuses_anything_but_sequences_of_features() -> None:
    with pytest.raises(ShapeError, match=r"shape \(time, n\); found \(784,\)"):
        LstmConfig(units=4).plan((784,))


@pytest.mark.parametrize("options", [{"units": 0}, {"output": "first"}])
def test_refuses_options_out_of_range(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(options))):
        LstmConfig.model_validate({"units": 1, **options})


@pytest.mark.parametrize("output", ["all", "last"])
def test_a_step_allocates_nothing_that_grows_with_the_batch(output: str) -> None:
    config = LstmConfig.model_validate({"units": 64, "output": output})
    mask = np.ones((1024, 20))
    layer = build_layer(config, input_shape=(20, 32), batch_size=1024, mask=mask)
    x = draw(1024, 20, 32)
    dy = np.ones((1024, *layer.context.output_shape))
    tracemalloc.start()
    layer.forward(x, training=True)
    layer.backward(dy)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < x.nbytes // 20
