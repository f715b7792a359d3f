"""The workloads' networks in PyTorch."""

from __future__ import annotations

import torch
from torch import nn

from benchmarks.workloads import CLASSES, KERNEL, MOMENTUM, Workload

ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU}


class ByteMaskDropout(nn.Module):
    """Dropout whose masks are made from random bytes, as Layerkit makes them."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.dropped = round(rate * 256)
        self.scale = 256 / (256 - self.dropped)
        self.words = torch.zeros(0, dtype=torch.int64)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Multiply by a new mask."""
        if not self.training:
            return x
        if self.words.numel() * 8 < x.numel():
            self.words = torch.zeros(-(-x.numel() // 8), dtype=torch.int64)
        self.words.random_(-(2**63), None)
        kept = self.words.view(torch.uint8)[: x.numel()].view(x.shape) >= self.dropped
        return x * kept.to(x.dtype).mul_(self.scale)


def build(workload: Workload, dropout: type[nn.Module] = nn.Dropout) -> nn.Sequential:
    """Return the network, initialised as in Layerkit's spec."""
    activation = ACTIVATIONS[workload.activation]
    layers = []
    channels = 1
    for filters in workload.filters:
        convolution = nn.Conv2d(channels, filters, KERNEL, padding="same")
        layers += [convolution, activation(), nn.MaxPool2d(2)]
        channels = filters
    if workload.filters:
        layers.append(nn.Flatten())
    if workload.dropout is not None:
        layers.append(dropout(workload.dropout[0]))
    inputs = workload.features
    for units in workload.hidden:
        layers += [_dense(inputs, units, workload.activation), activation()]
        if workload.dropout is not None:
            layers.append(dropout(workload.dropout[1]))
        inputs = units
    layers.append(_dense(inputs, CLASSES, "tanh"))
    return nn.Sequential(*layers)


def optimizer(workload: Workload, network: nn.Sequential) -> torch.optim.Optimizer:
    """Return the fused optimizer; the L2 penalty leaves biases alone."""
    weights = [parameter for parameter in network.parameters() if parameter.ndim > 1]
    biases = [parameter for parameter in network.parameters() if parameter.ndim == 1]
    groups = [
        {"params": weights, "weight_decay": workload.l2},
        {"params": biases, "weight_decay": 0.0},
    ]
    if workload.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=workload.learning_rate, momentum=MOMENTUM, fused=True)
    return torch.optim.Adam(groups, lr=workload.learning_rate, fused=True)


def _dense(inputs: int, units: int, activation: str) -> nn.Linear:
    layer = nn.Linear(inputs, units)
    if activation == "tanh":
        nn.init.xavier_uniform_(layer.weight)
    else:
        nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
    return layer
