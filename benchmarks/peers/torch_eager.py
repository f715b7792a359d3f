"""PyTorch's worker: a plain eager loop, or the variant that an argument names."""

from __future__ import annotations

import sys
from collections.abc import Callable

import torch
from torch import nn

from benchmarks.mnist import test_part, train_part
from benchmarks.order import Order
from benchmarks.peers.torch_networks import ByteMaskDropout, build, optimizer
from benchmarks.turns import serve
from benchmarks.workloads import SIDE, Workload


def prepare(workload: Workload, steps: int) -> tuple[Callable[[], object], str]:
    """Return what does a turn of training, or of inference."""
    torch.manual_seed(7)
    variants = sys.argv[2:]
    network = build(workload, ByteMaskDropout if "byte-masks" in variants else nn.Dropout)
    channels_last = "channels-last" in variants
    if channels_last:
        network = network.to(memory_format=torch.channels_last)
    if workload.task == "train":
        turn = _training(workload, network, steps, channels_last, "compile" in variants)
    else:
        turn = _predicting(workload, network, steps, "compile" in variants)
    return turn, str(torch.get_num_threads())


def _training(
    workload: Workload, network: nn.Sequential, steps: int, channels_last: bool, compiled: bool
) -> Callable[[], object]:
    part = train_part()
    images = torch.from_numpy(part.scaled())
    if workload.filters:
        images = images.view(-1, 1, SIDE, SIDE)
    if channels_last:
        images = images.to(memory_format=torch.channels_last)
    labels = torch.from_numpy(part.labels)
    update = optimizer(workload, network)
    order = Order(len(labels), workload.batch)
    criterion = nn.CrossEntropyLoss()

    def loss_of(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return criterion(network(x), y)

    if compiled:
        loss_of = torch.compile(loss_of)

    def turn() -> float:
        total = 0.0
        for rows in order.batches(steps):
            index = torch.from_numpy(rows)
            loss = loss_of(images[index], labels[index])
            update.zero_grad(set_to_none=True)
            loss.backward()
            update.step()
            total += loss.item()
        return total

    return turn


def _predicting(
    workload: Workload, network: nn.Sequential, steps: int, compiled: bool
) -> Callable[[], object]:
    network.eval()
    inputs = torch.from_numpy(test_part().scaled())
    batch = workload.batch
    starts = [step * batch % len(inputs) for step in range(steps)]
    model = torch.compile(network) if compiled else network

    def turn() -> None:
        with torch.inference_mode():
            for start in starts:
                torch.softmax(model(inputs[start : start + batch]), dim=1)

    return turn


if __name__ == "__main__":
    serve(prepare)
