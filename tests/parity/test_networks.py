"""Whole networks beside PyTorch with the same weights and batches: smooth ones for 1,000 steps.

Rates are small enough that training is not chaotic: at larger ones rounding grows without bound.
Where a derivative jumps (`relu`, max pooling), rounding decides on which side of the jump a value
is, and networks go different ways sooner or later: they train for 20 steps.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from torch import nn

from layerkit.arrays import Array
from layerkit.builtin.dropout import DropoutConfig
from tests.parity.side_by_side import (
    BATCH,
    CLASSES,
    DTYPES,
    TOLERANCES,
    Draws,
    Names,
    batches,
    compare,
    in_dtype,
    network,
    share,
    train,
)

FEATURES, UNITS = 5, 8
IMAGE = (8, 6, 2)
SGD = 'optimizer={type="sgd", learning_rate=0.02, momentum=0.9}'


def parts(**paths: str) -> Names:
    """Return our name of every parameter, by PyTorch's, of modules whose paths are given."""
    names: dict[str, str] = {}
    for module, path in paths.items():
        is_norm = "norm" in path.rsplit(".", 1)[-1]
        ours = ("scale", "shift", "mean", "variance") if is_norm else ("weight", "bias")
        theirs = ("weight", "bias", "running_mean", "running_var")
        names |= {
            f"{module}.{name}": f"{path}.{each}" for name, each in zip(theirs, ours, strict=False)
        }
    return names


def sgd(module: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.SGD(module.parameters(), lr=0.02, momentum=0.9)


class Mlp(nn.Module):
    """Two linear layers, with something in between."""

    def __init__(self, *middle: nn.Module) -> None:
        super().__init__()
        self.first = nn.Linear(FEATURES, UNITS)
        self.middle = nn.Sequential(*middle)
        self.last = nn.Linear(UNITS, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(self.middle(self.first(x)))


MLP = parts(first="dense_1", last="dense_2")


@DTYPES
def test_a_tanh_network_with_momentum(dtype: str) -> None:
    ours = network(dtype, (FEATURES,), '{type="dense", units=8}, "tanh"', SGD)
    module = in_dtype(Mlp(nn.Tanh()), dtype)
    share(ours, module, MLP)
    train(ours, module, sgd(module), *batches(dtype, (FEATURES,)))
    compare(ours, module, MLP, TOLERANCES[dtype])


@DTYPES
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_layer_norm_with_adam_and_label_smoothing(smoothing: float, dtype: str) -> None:
    ours = network(
        dtype,
        (FEATURES,),
        '{type="dense", units=8}, "layer_norm", "tanh"',
        f'loss={{type="softmax_cross_entropy", label_smoothing={smoothing}}}',
        "optimizer=adam",
    )
    module = in_dtype(Mlp(nn.LayerNorm(UNITS), nn.Tanh()), dtype)
    names = {**MLP, **parts(**{"middle.0": "layer_norm_1"})}
    share(ours, module, names)
    optimizer = torch.optim.Adam(module.parameters(), lr=0.001)
    loss = nn.CrossEntropyLoss(label_smoothing=smoothing)
    train(ours, module, optimizer, *batches(dtype, (FEATURES,)), loss)
    compare(ours, module, names, TOLERANCES[dtype])


class Residual(nn.Module):
    """Batch normalization beside a shortcut."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(UNITS)
        self.inner = nn.Linear(UNITS, UNITS)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.inner(torch.tanh(self.norm(x)))


@DTYPES
def test_batch_norm_in_a_residual_with_adamw(dtype: str) -> None:
    inner = '["batch_norm", "tanh", {type="dense", units=8}]'
    ours = network(
        dtype,
        (FEATURES,),
        f'{{type="dense", units=8}}, {{type="residual", layers={inner}}}',
        'optimizer={type="adamw", learning_rate=0.001, weight_decay=0.1}',
    )
    module = in_dtype(Mlp(Residual()), dtype)
    residual = {
        "middle.0.norm": "residual_1.batch_norm_1",
        "middle.0.inner": "residual_1.dense_1",
    }
    names = {**MLP, **parts(**residual)}
    share(ours, module, names)
    parameters = list(module.parameters())
    groups = [
        {"params": [each for each in parameters if each.ndim > 1], "weight_decay": 0.1},
        {"params": [each for each in parameters if each.ndim == 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=0.001)
    train(ours, module, optimizer, *batches(dtype, (FEATURES,)))
    compare(ours, module, names, TOLERANCES[dtype])


class SharedDropout(nn.Module):
    """PyTorch's dropout, ``x * mask / (1 - rate)``, with a mask that is given."""

    def __init__(self, rate: float, draws: Draws) -> None:
        super().__init__()
        self._rate = rate
        self._draws = draws
        self._mask = torch.ones(())
        self.dropped = 0

    def draw(self, step: int) -> None:
        """Take the mask that Layerkit's layer drew in a step."""
        mask: Array = self._draws.factors(step)
        self._mask = torch.from_numpy(mask) != 0
        self.dropped += int((~self._mask).sum())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self._mask / (1 - self._rate)


@DTYPES
def test_dropout_with_the_masks_that_layerkit_draws(dtype: str) -> None:
    """Rates are multiples of 1/256, as masks are drawn from bytes."""
    first, second = 0.25, 0.5
    ours = network(
        dtype,
        (FEATURES,),
        f'{{type="dropout", rate={first}}}, {{type="dense", units=8}}, "tanh", '
        f'{{type="residual", layers=[{{type="dropout", rate={second}}}]}}',
        SGD,
    )

    def shared(rate: float, path: str, width: int) -> SharedDropout:
        config = DropoutConfig(rate=rate)
        return SharedDropout(rate, Draws(config, path, (width,), dtype, ours.spec.seed))

    before = shared(first, "dropout_1", FEATURES)
    inside = shared(second, "residual_1.dropout_1", UNITS)

    class Dropped(Mlp):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = torch.tanh(self.first(before(x)))
            return self.last(h + inside(h))

    module = in_dtype(Dropped(), dtype)
    share(ours, module, MLP)

    def draw(step: int) -> None:
        before.draw(step)
        inside.draw(step)

    x, labels = batches(dtype, (FEATURES,))
    train(ours, module, sgd(module), x, labels, before_step=draw)
    compare(ours, module, MLP, TOLERANCES[dtype])
    assert before.dropped == pytest.approx(first * x.size, rel=0.03)
    assert inside.dropped == pytest.approx(second * len(x) * BATCH * UNITS, rel=0.03)


class Cnn(nn.Module):
    """Two convolutions, each with what follows it, then a linear layer; channels last outside."""

    def __init__(self, first: Sequence[nn.Module], second: Sequence[nn.Module]) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(2, 4, 3, padding="same", bias=False), *first)
        self.second = nn.Sequential(nn.Conv2d(4, 6, 3), *second)
        self.last = nn.Linear(12, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.second(self.first(x.movedim(-1, 1)))
        return self.last(h.movedim(1, -1).flatten(1))


CNN = {"first.0.weight": "conv2d_1.weight", **parts(**{"second.0": "conv2d_2"}, last="dense_1")}
CONVOLUTION_1 = '{type="conv2d", filters=4, kernel_size=3, padding="same", bias=false}'
CONVOLUTION_2 = '{type="conv2d", filters=6, kernel_size=3}'


class LayerNorm(nn.LayerNorm):
    """Over channels that are in front, as Layerkit's is over those at the end."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


@DTYPES
def test_a_convolutional_network_with_batch_and_layer_norm_and_average_pooling(dtype: str) -> None:
    layers = (
        f'{CONVOLUTION_1}, "batch_norm", "tanh", {{type="average_pool2d", size=2}}, '
        f'{CONVOLUTION_2}, "layer_norm", "gelu", "flatten"'
    )
    ours = network(dtype, IMAGE, layers, SGD)
    first = (nn.BatchNorm2d(4), nn.Tanh(), nn.AvgPool2d(2))
    module = in_dtype(Cnn(first, (LayerNorm(6), nn.GELU())), dtype)
    norms = {"first.1": "batch_norm_1", "second.1": "layer_norm_1"}
    names = {**CNN, **parts(**norms)}
    share(ours, module, names)
    train(ours, module, sgd(module), *batches(dtype, IMAGE))
    compare(ours, module, names, TOLERANCES[dtype])


@DTYPES
def test_a_convolutional_network_with_relu_and_max_pooling_for_20_steps(dtype: str) -> None:
    layers = (
        f'{CONVOLUTION_1}, "relu", {{type="max_pool2d", size=2}}, '
        f'{CONVOLUTION_2}, "relu", "flatten"'
    )
    ours = network(dtype, IMAGE, layers, SGD)
    module = in_dtype(Cnn((nn.ReLU(), nn.MaxPool2d(2)), (nn.ReLU(),)), dtype)
    share(ours, module, CNN)
    train(ours, module, sgd(module), *batches(dtype, IMAGE, steps=20))
    compare(ours, module, CNN, TOLERANCES[dtype])
