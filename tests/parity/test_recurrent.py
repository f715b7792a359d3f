"""Recurrent layers, in one direction and both, and embeddings, as PyTorch has them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from layerkit_sequence.bidirectional import BidirectionalConfig
from layerkit_sequence.gru import GruConfig

from layerkit.arrays import Array
from layerkit.builtin.embedding import EmbeddingConfig
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.randomness import generator
from layerkit.testing.build import build_layer
from tests.parity import one_layer
from tests.parity.one_layer import BATCH, DTYPES, assert_close, draw, draw_gradient, floats

TIME, FEATURES, UNITS = 9, 4, 5
LENGTHS = np.array([9, 1, 4, 7, 2, 9])
COUNTS = np.arange(TIME) < LENGTHS[:, np.newaxis]
KINDS: dict[str, tuple[type[torch.nn.RNNBase], dict[str, object], dict[str, str]]] = {
    "tanh": (torch.nn.RNN, {"type": "simple_rnn"}, {}),
    "relu": (
        torch.nn.RNN,
        {"type": "simple_rnn", "activation": "relu"},
        {"nonlinearity": "relu"},
    ),
    "gru": (torch.nn.GRU, {"type": "gru"}, {}),
    "lstm": (torch.nn.LSTM, {"type": "lstm"}, {}),
}


def build(table: dict[str, object], dtype: str, mask: Array | None) -> Layer[LayerConfig]:
    return one_layer.build(table, (TIME, FEATURES), dtype, mask)


def module_of(kind: str, dtype: str, *, both: bool) -> torch.nn.RNNBase:
    module, _, options = KINDS[kind]
    made = module(FEATURES, UNITS, batch_first=True, bidirectional=both, **options)
    return made.double() if dtype == "float64" else made


def share(layer: Layer[LayerConfig], module: torch.nn.RNNBase, way: str, end: str) -> None:
    """Give PyTorch's module our parameters; its second bias is 0 but for that of the GRU."""
    params = {
        path.removeprefix(way): each.value
        for path, each in layer.context.memory.params.items()
        if path.startswith(way)
    }
    theirs = dict(module.named_parameters())
    with torch.no_grad():
        theirs[f"weight_ih_l0{end}"].copy_(torch.from_numpy(params["weight"].T.copy()))
        theirs[f"weight_hh_l0{end}"].copy_(torch.from_numpy(params["recurrent_weight"].T.copy()))
        theirs[f"bias_ih_l0{end}"].copy_(torch.from_numpy(params["bias"]))
        theirs[f"bias_hh_l0{end}"].zero_()
        if "recurrent_bias" in params:
            second = torch.from_numpy(params["recurrent_bias"])
            theirs[f"bias_hh_l0{end}"][2 * UNITS :].copy_(second)


def compare_gradients(
    layer: Layer[LayerConfig], module: torch.nn.RNNBase, way: str, end: str
) -> None:
    grads = {
        path.removeprefix(way): each.grad
        for path, each in layer.context.memory.params.items()
        if path.startswith(way)
    }
    theirs = {name: each.grad for name, each in module.named_parameters()}
    for ours, name in (("weight", "weight_ih_l0"), ("recurrent_weight", "weight_hh_l0")):
        assert_close(grads[ours].T, theirs[f"{name}{end}"])
    assert_close(grads["bias"], theirs[f"bias_ih_l0{end}"])
    if "recurrent_bias" in grads:
        second = theirs[f"bias_hh_l0{end}"]
        assert second is not None
        assert_close(grads["recurrent_bias"], second[2 * UNITS :])


@DTYPES
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("output", ["all", "last"])
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_forward_and_backward_are_those_of_torch(
    kind: str, both: bool, output: str, padded: bool, dtype: str
) -> None:
    """With padding, PyTorch gets a packed sequence; compared are the steps that count."""
    table: dict[str, object] = {**KINDS[kind][1], "units": UNITS, "output": output}
    ways = {"layer.": ""}
    if both:
        name = table["type"]
        ways = {f"layer.forward_{name}_1.": "", f"layer.backward_{name}_1.": "_reverse"}
        table = {"type": "bidirectional", "layer": table}
    layer = build(table, dtype, COUNTS.astype(dtype) if padded else None)
    module = module_of(kind, dtype, both=both)
    for way, end in ways.items():
        share(layer, module, way, end)
    x, dy = (
        draw(dtype, BATCH, TIME, FEATURES),
        draw_gradient(dtype, BATCH, *layer.context.output_shape),
    )
    if padded and output == "all":
        dy *= COUNTS[..., np.newaxis]
    inputs = torch.tensor(x, requires_grad=True)
    given = inputs
    if padded:
        given = torch.nn.utils.rnn.pack_padded_sequence(
            inputs, torch.from_numpy(LENGTHS), batch_first=True, enforce_sorted=False
        )
    steps, ends = module(given)
    if padded:
        steps, _ = torch.nn.utils.rnn.pad_packed_sequence(steps, batch_first=True)
    last = ends[0] if kind == "lstm" else ends
    outputs = steps if output == "all" else torch.cat(tuple(last), dim=-1)
    outputs.backward(torch.from_numpy(dy))
    found = layer.forward(x, training=True)
    if padded and output == "all":
        assert_close(found[COUNTS], outputs[torch.from_numpy(COUNTS)])
    else:
        assert_close(found, outputs)
    assert_close(layer.backward(dy.copy()), inputs.grad)
    for way, end in ways.items():
        compare_gradients(layer, module, way, end)


@pytest.mark.parametrize(
    ("combine", "theirs"),
    [("add", torch.add), ("multiply", torch.mul), ("mean", lambda a, b: (a + b) / 2)],
)
def test_combined_outputs_are_those_of_torch_put_together(combine: str, theirs: object) -> None:
    table: dict[str, object] = {"type": "bidirectional", "combine": combine}
    layer = build({**table, "layer": {"type": "gru", "units": UNITS}}, "float64", None)
    module = module_of("gru", "float64", both=True)
    ways = {"layer.forward_gru_1.": "", "layer.backward_gru_1.": "_reverse"}
    for way, end in ways.items():
        share(layer, module, way, end)
    x, dy = (
        draw("float64", BATCH, TIME, FEATURES),
        draw_gradient("float64", BATCH, TIME, UNITS),
    )
    inputs = torch.tensor(x, requires_grad=True)
    steps, _ = module(inputs)
    assert callable(theirs)
    outputs = theirs(steps[..., :UNITS], steps[..., UNITS:])
    outputs.backward(torch.from_numpy(dy))
    assert_close(layer.forward(x, training=True), outputs)
    assert_close(layer.backward(dy.copy()), inputs.grad)
    for way, end in ways.items():
        compare_gradients(layer, module, way, end)


@DTYPES
@pytest.mark.parametrize("output", ["all", "last"])
def test_gru_with_the_reset_gate_before_the_product(output: str, dtype: str) -> None:
    """PyTorch has none; the paper's formula is written out with its functions."""
    table = {"type": "gru", "units": UNITS, "output": output, "reset_after": False}
    layer = build(table, dtype, None)
    params = layer.context.params
    theirs = {name: torch.tensor(each.value, requires_grad=True) for name, each in params.items()}
    u_r, u_z, u_n = theirs["recurrent_weight"].split(UNITS, dim=1)
    x, dy = (
        draw(dtype, BATCH, TIME, FEATURES),
        draw_gradient(dtype, BATCH, *layer.context.output_shape),
    )
    inputs = torch.tensor(x, requires_grad=True)
    h, states = torch.zeros(BATCH, UNITS, dtype=inputs.dtype), []
    for t in range(TIME):
        a = inputs[:, t] @ theirs["weight"] + theirs["bias"]
        a_r, a_z, a_n = a.split(UNITS, dim=1)
        r, z = torch.sigmoid(a_r + h @ u_r), torch.sigmoid(a_z + h @ u_z)
        h = (1 - z) * torch.tanh(a_n + (r * h) @ u_n) + z * h
        states.append(h)
    outputs = torch.stack(states, dim=1) if output == "all" else h
    outputs.backward(torch.from_numpy(dy))
    assert_close(layer.forward(x, training=True), outputs)
    assert_close(layer.backward(dy.copy()), inputs.grad)
    for name, each in params.items():
        assert_close(each.grad, theirs[name].grad)


def test_the_order_of_blocks_is_that_of_the_docstrings() -> None:
    """Reset, update, new: with an update gate that is shut, the state never leaves 0."""
    layer = build({"type": "gru", "units": UNITS}, "float64", None)
    layer.context.params["bias"].value[UNITS : 2 * UNITS] = 1e3
    y = layer.forward(draw("float64", BATCH, TIME, FEATURES), training=True)
    assert not y.any()
    assert GruConfig(units=UNITS).reset_after
    assert BidirectionalConfig(layer=GruConfig(units=UNITS)).combine == "concat"


@DTYPES
def test_embedding_is_that_of_torch(dtype: str) -> None:
    layer = build_layer(
        EmbeddingConfig(ids=7, units=3),
        input_shape=(TIME,),
        batch_size=BATCH,
        dtype=floats(dtype),
        wants_input_grad=False,
    )
    weight = layer.context.params["weight"]
    theirs = torch.nn.Embedding(7, 3, dtype=torch.from_numpy(weight.value).dtype)
    with torch.no_grad():
        theirs.weight.copy_(torch.from_numpy(weight.value))
    ids = generator(0, "ids").integers(0, 7, (BATCH, TIME))
    dy = draw_gradient(dtype, BATCH, TIME, 3)
    outputs = theirs(torch.from_numpy(ids))
    outputs.backward(torch.from_numpy(dy))
    assert_close(layer.forward(ids.astype(dtype), training=True), outputs)
    assert layer.backward(dy.copy()) is None
    assert_close(weight.grad, theirs.weight.grad)
