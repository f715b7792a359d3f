"""PyTorch's losses from given weights over given batches, without dropout, in their dtype."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import numpy as np
import torch
from torch import nn

from benchmarks.mnist import train_part
from benchmarks.peers.torch_networks import build, optimizer
from benchmarks.workloads import SIDE, Workload, workload_named


def load(workload: Workload, network: nn.Sequential, start: dict[str, np.ndarray]) -> None:
    """Put Layerkit's weights into the network.

    Layerkit's have the inputs first and images' channels last, torch's the other way round.
    """
    convolutions = [layer for layer in network if isinstance(layer, nn.Conv2d)]
    dense = [layer for layer in network if isinstance(layer, nn.Linear)]
    with torch.no_grad():
        for number, layer in enumerate(convolutions, 1):
            weight = start[f"conv2d_{number}.weight"].transpose(3, 2, 0, 1)
            layer.weight.copy_(torch.from_numpy(weight.copy()))
            layer.bias.copy_(torch.from_numpy(start[f"conv2d_{number}.bias"]))
        for number, layer in enumerate(dense, 1):
            weight = start[f"dense_{number}.weight"]
            if number == 1 and workload.filters:
                side = SIDE >> len(workload.filters)
                images = weight.reshape(side, side, workload.filters[-1], -1)
                weight = images.transpose(2, 0, 1, 3).reshape(weight.shape)
            layer.weight.copy_(torch.from_numpy(weight.T.copy()))
            layer.bias.copy_(torch.from_numpy(start[f"dense_{number}.bias"]))


def losses(workload: Workload, start: dict[str, np.ndarray]) -> list[float]:
    """Return the loss of every step, penalty included."""
    dtype = torch.from_numpy(start["dense_1.weight"]).dtype
    network = build(workload).to(dtype)
    load(workload, network, start)
    part = train_part()
    images = torch.from_numpy(part.images.copy()).to(dtype) / 255
    labels = torch.from_numpy(part.labels)
    if workload.filters:
        images = images.view(-1, 1, SIDE, SIDE)
    update = optimizer(workload, network)
    found = []
    for rows in torch.from_numpy(start["rows"]):
        loss = nn.functional.cross_entropy(network(images[rows]), labels[rows])
        with torch.no_grad():
            penalty = sum((p**2).sum() for p in network.parameters() if p.ndim > 1)
        found.append(float(loss + 0.5 * workload.l2 * penalty))
        update.zero_grad(set_to_none=True)
        loss.backward()
        update.step()
    return found


if __name__ == "__main__":
    name, rate, path = sys.argv[1:]
    chosen = replace(workload_named(name), dropout=None, learning_rate=float(rate))
    with np.load(path) as stored:
        sys.stdout.write(json.dumps(losses(chosen, dict(stored))))
