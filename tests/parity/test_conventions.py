"""What docs/conventions.md says of PyTorch is what PyTorch does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch

from layerkit.arrays import Array
from tests.conventions import networks, updates
from tests.conventions.networks import SMALL, WEIGHTS
from tests.conventions.numbers import Numbers, drawn
from tests.conventions.updates import ALIKE, FALLING, GRADIENTS, TINY

Make = Callable[[list[torch.Tensor]], torch.optim.Optimizer]


def path(make: Make, gradients: Array, rates: Array, start: Array | None = None) -> Array:
    """Return the parameters after every step of an optimizer of PyTorch."""
    value = np.zeros(gradients.shape[1]) if start is None else start.copy()
    parameter = torch.from_numpy(value).requires_grad_()
    optimizer = make([parameter])
    found = np.zeros_like(gradients)
    for index, rate in enumerate(rates.tolist()):
        optimizer.param_groups[0]["lr"] = rate
        parameter.grad = torch.from_numpy(gradients[index].copy())
        optimizer.step()
        found[index] = parameter.detach().numpy()
    return found


OPTIMIZERS: Sequence[tuple[Callable[[], Numbers], Make, Array, Array]] = [
    (updates.adam_epsilon, torch.optim.Adam, TINY, ALIKE),
    (updates.adagrad_epsilon, torch.optim.Adagrad, TINY, ALIKE),
    (updates.rmsprop_epsilon, torch.optim.RMSprop, TINY, ALIKE),
    (
        updates.rmsprop_momentum,
        lambda p: torch.optim.RMSprop(p, momentum=0.9),
        GRADIENTS,
        FALLING,
    ),
    (updates.sgd_momentum, lambda p: torch.optim.SGD(p, momentum=0.9), GRADIENTS, FALLING),
    (
        updates.sgd_dampening,
        lambda p: torch.optim.SGD(p, momentum=0.9, dampening=0.4),
        GRADIENTS,
        ALIKE,
    ),
]


@pytest.mark.parametrize(("row", "make", "gradients", "rates"), OPTIMIZERS)
def test_optimizers(row: Callable[[], Numbers], make: Make, gradients: Array, rates: Array) -> None:
    expect(row(), path(make, gradients, rates))


def test_weight_decay_of_adam_is_in_the_gradient() -> None:
    found = path(lambda p: torch.optim.Adam(p, weight_decay=0.3), GRADIENTS, ALIKE, drawn(3))
    expect(updates.l2_with_adam(), found)


def test_clipping_adds_to_the_norm() -> None:
    parameter = torch.zeros(4, dtype=torch.float64, requires_grad=True)
    parameter.grad = torch.from_numpy(drawn(4, scale=1e-2).copy())
    torch.nn.utils.clip_grad_norm_([parameter], 1e-3)
    expect(updates.clip_factor(), parameter.grad.numpy())


def test_batch_norm() -> None:
    x = torch.from_numpy(SMALL)
    norm = torch.nn.BatchNorm1d(4, momentum=0.9).double()
    norm(x)
    expect(networks.batch_norm_momentum(), buffer(norm, "running_mean"))
    norm = torch.nn.BatchNorm1d(4).double()
    y = norm(x)
    expect(networks.batch_norm_variance(), buffer(norm, "running_var"))
    expect(networks.batch_norm_epsilon(), y.detach().numpy())


def test_norms_of_single_examples() -> None:
    x = torch.from_numpy(SMALL)
    expect(networks.layer_norm_epsilon(), torch.nn.LayerNorm(4).double()(x).detach().numpy())
    expect(networks.group_norm_epsilon(), torch.nn.GroupNorm(2, 4).double()(x).detach().numpy())
    small = torch.from_numpy(drawn(6, 4, scale=1e-4))
    expect(networks.rms_norm_epsilon(), torch.nn.RMSNorm(4).double()(small).detach().numpy())


def test_axes_of_weights() -> None:
    shapes = {
        networks.dense_axes: torch.nn.Linear(5, 3).weight.shape,
        networks.conv2d_axes: torch.nn.Conv2d(2, 7, 3).weight.shape,
    }
    for row, shape in shapes.items():
        expect(row(), np.zeros(tuple(shape)))
    for row, module in (
        (networks.lstm_biases, torch.nn.LSTM(4, 5)),
        (networks.gru_biases, torch.nn.GRU(4, 5)),
        (networks.simple_rnn_biases, torch.nn.RNN(4, 5)),
    ):
        named = dict(module.named_parameters())
        both = torch.stack([named["bias_ih_l0"], named["bias_hh_l0"]])
        expect(row(), np.zeros(tuple(both.shape)))


@pytest.mark.parametrize(
    ("row", "module", "gates"),
    [
        (networks.lstm_gates, torch.nn.LSTM(4, 5, batch_first=True), 4),
        (networks.gru_gates, torch.nn.GRU(4, 5, batch_first=True), 3),
    ],
)
def test_order_of_gates(row: Callable[[], Numbers], module: torch.nn.RNNBase, gates: int) -> None:
    width = gates * 5
    module = module.double()
    named = dict(module.named_parameters())
    with torch.no_grad():
        named["weight_ih_l0"].copy_(torch.from_numpy(drawn(4, width).T.copy()))
        named["weight_hh_l0"].copy_(torch.from_numpy(drawn(5, width).T.copy()))
        named["bias_ih_l0"].copy_(torch.from_numpy(drawn(width) if gates == 4 else np.zeros(width)))
        named["bias_hh_l0"].zero_()
        outputs, _ = module(torch.from_numpy(drawn(2, 3, 4)))
    expect(row(), outputs.numpy())


def test_initial_weights() -> None:
    weight = torch.nn.Linear(5, 20_000).weight
    assert float(weight.detach().abs().max()) == pytest.approx(1 / np.sqrt(5), rel=1e-3)
    embedding = torch.nn.Embedding(1000, 100).weight.detach()
    assert float(embedding.std()) == pytest.approx(1, rel=0.02)


def test_slope_of_leaky_relu() -> None:
    x = torch.from_numpy(drawn(6, 4))
    expect(networks.leaky_relu_slope(), torch.nn.functional.leaky_relu(x).numpy())


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_class_weights(smoothing: float) -> None:
    row = networks.smoothed_class_weights if smoothing else networks.class_weights
    _, log_p, labels = networks.cross_entropy(smoothing)
    loss = torch.nn.functional.cross_entropy(
        torch.from_numpy(log_p),
        torch.from_numpy(labels),
        torch.from_numpy(WEIGHTS),
        label_smoothing=smoothing,
    )
    expect(row(), loss.numpy())


def test_cosine_similarity() -> None:
    outputs, targets = torch.from_numpy(drawn(1, 4)), torch.from_numpy(2 * drawn(1, 4) + 1)
    loss = torch.nn.functional.cosine_embedding_loss(outputs, targets, torch.ones(1))
    expect(networks.cosine_zero(), loss.numpy())


def test_schedules() -> None:
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=1.0)
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=3)
    rates: list[float] = []
    for _ in range(7):
        rates.append(optimizer.param_groups[0]["lr"])
        plateau.step(0.5)
    expect(updates.plateau_patience(), np.array(rates))
    optimizer = torch.optim.SGD([parameter], lr=0.5)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 11, eta_min=0.1)
    linear = torch.optim.SGD([parameter], lr=0.5)
    polynomial = torch.optim.lr_scheduler.PolynomialLR(linear, 11)
    for _ in range(10):
        for each in (optimizer, cosine, linear, polynomial):
            each.step()
    expect(updates.cosine_end(), np.array(optimizer.param_groups[0]["lr"]))
    expect(updates.polynomial_end(), np.array(linear.param_groups[0]["lr"]))


def buffer(module: torch.nn.Module, name: str) -> Array:
    found: Array = dict(module.named_buffers())[name].numpy()
    return found


def expect(numbers: Numbers, found: Array) -> None:
    assert numbers.pytorch is not None
    assert np.shape(numbers.pytorch) == np.shape(found)
    np.testing.assert_allclose(found, numbers.pytorch, rtol=1e-9, atol=1e-15)
