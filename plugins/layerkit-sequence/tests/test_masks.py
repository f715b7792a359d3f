"""What every layer of this distribution does with padding."""

from __future__ import annotations

import numpy as np
import pytest

from layerkit.plugin import LAYERS, Array, Layer, LayerConfig, generator
from layerkit.testing import build_layer
from layerkit.testing.configs import config_of
from layerkit.testing.differences import central_differences, expect_gradient

N, TIME, FEATURES = 4, 5, 6
LENGTHS = np.array([5, 2, 0, 3])
RIGHT: Array = (np.arange(TIME) < LENGTHS[:, np.newaxis]).astype(np.float64)
HOLES: Array = np.array(
    [[1, 0, 1, 1, 0], [0, 0, 1, 0, 1], [0, 1, 1, 1, 1], [0, 0, 0, 0, 1]], np.float64
)
MASKS = {"right": RIGHT, "left": RIGHT[:, ::-1].copy(), "holes": HOLES}
STEPWISE: tuple[dict[str, object], ...] = (
    {"type": "simple_rnn", "units": 3},
    {"type": "simple_rnn", "units": 3, "activation": "relu"},
    {"type": "gru", "units": 3},
    {"type": "gru", "units": 3, "reset_after": False},
    {"type": "lstm", "units": 3},
    {"type": "bidirectional", "layer": {"type": "gru", "units": 2}},
    {"type": "bidirectional", "layer": {"type": "lstm", "units": 2}, "combine": "multiply"},
    {"type": "attention", "heads": 2},
    {"type": "attention", "causal": True},
    {"type": "multi_head_attention", "heads": 2},
    {"type": "multi_head_attention", "heads": 3, "causal": True},
    {"type": "transformer_block", "heads": 2, "feed_forward_units": 3, "dropout": 0.0},
    {"type": "positional_encoding"},
    {"type": "positional_embedding"},
    {"type": "rotary_embedding", "heads": FEATURES // 6},
)
LAST: tuple[dict[str, object], ...] = (
    {"type": "simple_rnn", "units": 3, "output": "last"},
    {"type": "gru", "units": 3, "output": "last"},
    {"type": "gru", "units": 3, "output": "last", "reset_after": False},
    {"type": "lstm", "units": 3, "output": "last"},
    {"type": "bidirectional", "layer": {"type": "gru", "units": 2, "output": "last"}},
)
RECURRENT = ("simple_rnn", "gru", "lstm")


def build(table: dict[str, object], mask: Array | None) -> Layer[LayerConfig]:
    config = config_of(LAYERS, table)
    return build_layer(config, input_shape=(TIME, FEATURES), batch_size=N, mask=mask)


def draw(*shape: int) -> Array:
    return generator(0, "arrays").normal(size=shape)


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("table", [*STEPWISE, *LAST], ids=str)
def test_gradients_with_padding_are_those_of_differences(
    table: dict[str, object], mask: str
) -> None:
    layer, x = build(table, MASKS[mask]), draw(N, TIME, FEATURES)
    dy = generator(0, "gradient").normal(size=(N, *layer.context.output_shape))

    def outputs() -> Array:
        return layer.forward(x, training=True)

    outputs()
    dx = layer.backward(dy.copy())
    assert dx is not None
    found = {"inputs": (x, dx.copy())}
    for path, each in layer.context.memory.params.items():
        found[path] = (each.value, each.grad.copy())
    for name, (value, grad) in found.items():
        positions = np.arange(value.size)
        expected = central_differences(outputs, dy, value, positions)
        expect_gradient(f"gradient of {name}", expected, grad, positions)


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("table", [*STEPWISE, *LAST], ids=str)
def test_what_padding_holds_changes_no_step_that_counts(
    table: dict[str, object], mask: str
) -> None:
    layer, x, counts = build(table, MASKS[mask]), draw(N, TIME, FEATURES), MASKS[mask] == 1
    other = np.where(counts[..., np.newaxis], x, 7.0)
    first = layer.forward(x, training=True).copy()
    second = layer.forward(other, training=True)
    if table in LAST:
        np.testing.assert_array_equal(first, second)
    else:
        np.testing.assert_array_equal(first[counts], second[counts])


@pytest.mark.parametrize("table", STEPWISE, ids=str)
def test_the_mask_is_passed_on_with_every_step(table: dict[str, object]) -> None:
    assert build(table, RIGHT).mask is RIGHT
    assert build(table, None).mask is None


@pytest.mark.parametrize("table", LAST, ids=str)
def test_no_mask_is_passed_on_with_the_last_step(table: dict[str, object]) -> None:
    assert build(table, RIGHT).mask is None


@pytest.mark.parametrize("table", [*STEPWISE, *LAST], ids=str)
def test_a_mask_about_other_steps_is_left_alone(table: dict[str, object]) -> None:
    """A reshape before can leave one, with another number of steps."""
    x = draw(N, TIME, FEATURES)
    expected = build(table, None).forward(x, training=True)
    found = build(table, np.zeros((N, 2))).forward(x, training=True)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("kind", RECURRENT)
def test_recurrent_layers_hold_their_output_at_padding(kind: str) -> None:
    y = build({"type": kind, "units": 3}, RIGHT).forward(draw(N, TIME, FEATURES), training=True)
    np.testing.assert_array_equal(y[1, 2:], np.broadcast_to(y[1, 1], (3, 3)))
    assert not y[2].any()


@pytest.mark.parametrize("kind", RECURRENT)
def test_a_copy_that_reads_from_the_end_puts_out_0_at_padding(kind: str) -> None:
    layer = build({"type": "bidirectional", "layer": {"type": kind, "units": 2}}, RIGHT)
    y = layer.forward(draw(N, TIME, FEATURES), training=True)
    assert not y[1, 2:, 2:].any()
    assert y[1, :2].all()


def test_an_example_of_padding_alone_attends_to_nothing() -> None:
    layer = build({"type": "attention"}, RIGHT)
    y = layer.forward(draw(N, TIME, FEATURES), training=True)
    assert not y[2].any()
    assert y[1].all()
