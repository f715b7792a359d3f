"""Rows about layers, losses and metrics."""

from __future__ import annotations

from math import sqrt

import numpy as np

from layerkit.arrays import Array, Labels
from layerkit.contracts.dataset import VectorTarget
from layerkit.contracts.initializer import Fan
from layerkit.contracts.layer import LAYERS
from layerkit.contracts.metric import METRICS
from layerkit.engine.network import Network
from layerkit.initializers import ByActivation
from layerkit.losses import CosineSimilarity
from layerkit.randomness import generator
from layerkit.testing.build import build_loss, build_metric
from layerkit.testing.configs import config_of
from tests.conventions.numbers import Numbers, Rows, drawn, layer
from tests.helpers.specs import small_plan

SMALL = drawn(6, 4, scale=0.01)
"""Inputs so small that epsilon counts."""


def normalized(x: Array, epsilon: float, axis: int | tuple[int, ...]) -> Array:
    centred = x - x.mean(axis=axis, keepdims=True)
    scaled: Array = centred / np.sqrt(x.var(axis=axis, keepdims=True) + epsilon)
    return scaled


def batch_norm(momentum: float = 0.9) -> tuple[Array, Array, Array]:
    """Return outputs, running mean and running variance after one batch, from 0 and 1."""
    built = layer(
        {"type": "batch_norm", "momentum": momentum}, SMALL, scale=np.ones(4), shift=np.zeros(4)
    )
    y = built.forward(SMALL, training=True).copy()
    return y, built.context.state["mean"], built.context.state["variance"]


def batch_norm_momentum() -> Numbers:
    mean = SMALL.mean(axis=0)
    return Numbers(batch_norm(0.9)[1], 0.9 * mean, 0.1 * mean)


def batch_norm_variance() -> Numbers:
    biased, unbiased = (0.9 + 0.1 * SMALL.var(axis=0, ddof=ddof) for ddof in (0, 1))
    return Numbers(batch_norm()[2], unbiased, biased)


def batch_norm_epsilon() -> Numbers:
    pytorch, keras = (normalized(SMALL, epsilon, 0) for epsilon in (1e-5, 1e-3))
    return Numbers(batch_norm()[0], pytorch, keras)


def layer_norm_epsilon() -> Numbers:
    built = layer("layer_norm", SMALL, scale=np.ones(4), shift=np.zeros(4))
    pytorch, keras = (normalized(SMALL, epsilon, 1) for epsilon in (1e-5, 1e-3))
    return Numbers(built.forward(SMALL, training=True), pytorch, keras)


def group_norm_epsilon() -> Numbers:
    built = layer({"type": "group_norm", "groups": 2}, SMALL, scale=np.ones(4), shift=np.zeros(4))
    halves = SMALL.reshape(6, 2, 2)
    pytorch, keras = (normalized(halves, epsilon, 2).reshape(6, 4) for epsilon in (1e-5, 1e-3))
    return Numbers(built.forward(SMALL, training=True), pytorch, keras)


def rms_norm_epsilon() -> Numbers:
    x = drawn(6, 4, scale=1e-4)
    built = layer("rms_norm", x, scale=np.ones(4))
    square = np.square(x).mean(axis=1, keepdims=True)
    pytorch, keras = (x / np.sqrt(square + e) for e in (np.finfo(np.float64).eps, 1e-6))
    return Numbers(built.forward(x, training=True), pytorch, keras)


def standardize_variance() -> Numbers:
    x = drawn(6, 4)
    built = layer("standardize", x)
    built.adapt(lambda: [x])
    return Numbers(built.forward(x, training=False), None, (x - x.mean(axis=0)) / x.std(axis=0))


def shapes(table: dict[str, object], input_shape: tuple[int, ...], param: str) -> Array:
    """Return zeros in the shape of a layer's parameter."""
    return np.zeros(config_of(LAYERS, table).plan(input_shape).params[param].shape)


def dense_axes() -> Numbers:
    own = shapes({"type": "dense", "units": 3}, (5,), "weight")
    return Numbers(own, np.zeros((3, 5)), np.zeros((5, 3)))


def dense_start() -> Numbers:
    own = np.zeros((5, 3))
    ByActivation().build().fill(own, Fan(5, 3, "he", "relu"), generator(0, "start"))
    limits = (1 / sqrt(5), sqrt(6 / (5 + 3)))
    pytorch, keras = (generator(0, "start").uniform(-limit, limit, (5, 3)) for limit in limits)
    return Numbers(own, pytorch, keras)


def embedding_start() -> Numbers:
    param = config_of(LAYERS, {"type": "embedding", "ids": 5, "units": 3}).plan((2,)).params
    own = np.zeros((5, 3))
    param["weight"].initializer.build().fill(own, param["weight"].fan, generator(0, "start"))
    pytorch = generator(0, "start").normal(size=(5, 3))
    return Numbers(own, pytorch, generator(0, "start").uniform(-0.05, 0.05, (5, 3)))


def sigmoid(x: Array) -> Array:
    y: Array = 1 / (1 + np.exp(-x))
    return y


def lstm_gates() -> Numbers:
    x, weight, recurrent, bias = drawn(2, 3, 4), drawn(4, 20), drawn(5, 20), drawn(20)
    built = layer(
        {"type": "lstm", "units": 5}, x, weight=weight, recurrent_weight=recurrent, bias=bias
    )
    c: Array = np.zeros((2, 5))
    h: Array = np.zeros((2, 5))
    outputs = np.zeros((2, 3, 5))
    for t in range(3):
        i, f, g, o = np.split(x[:, t] @ weight + h @ recurrent + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        outputs[:, t] = h
    return Numbers(built.forward(x, training=True), outputs, outputs)


def lstm_biases() -> Numbers:
    own = shapes({"type": "lstm", "units": 5}, (3, 4), "bias")
    return Numbers(own, np.zeros((2, 20)), np.zeros(20))


def gru_gates() -> Numbers:
    x, weight, recurrent = drawn(2, 3, 4), drawn(4, 15), drawn(5, 15)
    zeros = {"bias": np.zeros(15), "recurrent_bias": np.zeros(5)}
    built = layer(
        {"type": "gru", "units": 5}, x, weight=weight, recurrent_weight=recurrent, **zeros
    )

    def outputs(reset: int, update: int) -> Array:
        h: Array = np.zeros((2, 5))
        found = np.zeros((2, 3, 5))
        for t in range(3):
            of_x = np.split(x[:, t] @ weight, 3, axis=1)
            of_h = np.split(h @ recurrent, 3, axis=1)
            r, z = (sigmoid(of_x[each] + of_h[each]) for each in (reset, update))
            h = (1 - z) * np.tanh(of_x[2] + r * of_h[2]) + z * h
            found[:, t] = h
        return found

    return Numbers(built.forward(x, training=True), outputs(0, 1), outputs(1, 0))


def gru_biases() -> Numbers:
    params = config_of(LAYERS, {"type": "gru", "units": 5}).plan((3, 4)).params
    count = sum(params[name].shape[0] for name in ("bias", "recurrent_bias"))
    return Numbers(np.zeros(count), np.zeros((2, 15)), np.zeros((2, 15)))


def simple_rnn_biases() -> Numbers:
    own = shapes({"type": "simple_rnn", "units": 5}, (3, 4), "bias")
    return Numbers(own, np.zeros((2, 5)), np.zeros(5))


def conv2d_axes() -> Numbers:
    own = shapes({"type": "conv2d", "filters": 7, "kernel_size": 3}, (9, 9, 2), "weight")
    return Numbers(own, np.zeros((7, 2, 3, 3)), np.zeros((3, 3, 2, 7)))


def leaky_relu_slope() -> Numbers:
    x = drawn(6, 4)
    built = layer("leaky_relu", x)
    pytorch, keras = (np.where(x > 0, x, slope * x) for slope in (0.01, 0.3))
    return Numbers(built.forward(x, training=True), pytorch, keras)


WEIGHTS = np.array([1.0, 2.0, 5.0])


def cross_entropy(smoothing: float) -> tuple[Array, Array, Labels]:
    """Return Layerkit's loss of a batch with class weights, its log-probabilities and labels."""
    loss = (
        f"loss={{type='softmax_cross_entropy', class_weights={WEIGHTS.tolist()}, "
        f"label_smoothing={smoothing}}}"
    )
    network = Network(small_plan("dtype='float64'", "layers.2.rate=0.0", loss))
    logits = network.forward(drawn(6, 2))
    labels = np.array([0, 2, 1, 2, 0, 1])
    own = np.array(network.backward(labels))
    return own, logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), labels


def class_weights() -> Numbers:
    own, log_p, labels = cross_entropy(0.0)
    of_examples = WEIGHTS[labels]
    total = -np.sum(of_examples * log_p[np.arange(6), labels])
    return Numbers(own, np.array(total / of_examples.sum()), np.array(total / 6))


def smoothed_class_weights() -> Numbers:
    own, log_p, labels = cross_entropy(0.3)
    q = 0.7 * np.eye(3)[labels] + 0.3 / 3
    of_examples = WEIGHTS[labels]
    of_classes = -np.sum(q * log_p * WEIGHTS)
    by_example = -np.sum(of_examples * np.sum(q * log_p, axis=1))
    np.testing.assert_allclose(own, by_example / of_examples.sum())
    return Numbers(own, np.array(of_classes / of_examples.sum()), np.array(by_example / 6))


def cosine_zero() -> Numbers:
    outputs, targets = drawn(1, 4), 2 * drawn(1, 4) + 1
    loss = build_loss(CosineSimilarity(), output_shape=(4,), target=VectorTarget((4,)))
    own = np.array(loss.value(outputs, targets, np.ones(1)))
    norms = np.linalg.norm(outputs) * np.linalg.norm(targets)
    cosine = np.sum(outputs * targets) / norms
    return Numbers(own, np.array(1 - cosine), np.array(-cosine))


def percentage_unit() -> Numbers:
    config = config_of(METRICS, "mean_absolute_percentage_error")
    metric = build_metric(config, prediction_shape=(1,), target=VectorTarget((1,)))
    predictions, targets = drawn(4, 1), 2 + np.abs(drawn(4, 1))
    metric.reset()
    metric.update(predictions, targets, np.ones(4))
    (own,) = metric.results().values()
    percent = 100 * np.mean(np.abs(predictions - targets) / targets)
    return Numbers(np.array(own), None, np.array(percent))


ROWS: Rows = {
    ("batch_norm", "momentum"): batch_norm_momentum,
    ("batch_norm", "running variance"): batch_norm_variance,
    ("batch_norm", "epsilon"): batch_norm_epsilon,
    ("layer_norm", "epsilon"): layer_norm_epsilon,
    ("group_norm", "epsilon"): group_norm_epsilon,
    ("rms_norm", "epsilon"): rms_norm_epsilon,
    ("standardize", "variance"): standardize_variance,
    ("dense", "axes of the weight"): dense_axes,
    ("dense", "initial weights before relu"): dense_start,
    ("embedding", "initial weights"): embedding_start,
    ("lstm", "order of the gates"): lstm_gates,
    ("lstm", "biases"): lstm_biases,
    ("gru", "order of the gates"): gru_gates,
    ("gru", "biases"): gru_biases,
    ("simple_rnn", "biases"): simple_rnn_biases,
    ("conv2d", "axes of a filter"): conv2d_axes,
    ("leaky_relu", "slope below 0"): leaky_relu_slope,
    ("softmax_cross_entropy", "mean with class weights"): class_weights,
    ("softmax_cross_entropy", "label smoothing with class weights"): smoothed_class_weights,
    ("cosine_similarity", "what is 0"): cosine_zero,
    ("mean_absolute_percentage_error", "unit"): percentage_unit,
}
