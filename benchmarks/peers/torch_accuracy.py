"""PyTorch's worker for time to accuracy: a turn is an epoch of a Layerkit spec, eagerly."""

from __future__ import annotations

import sys
import tomllib

import torch
from torch import nn

from benchmarks.mnist import test_part, train_part
from benchmarks.peers.torch_networks import ByteMaskDropout
from benchmarks.turns import Turns
from layerkit import load_spec, to_toml

EVALUATED_AT_ONCE = 1000


def build(spec: dict, dropout: type[nn.Module]) -> nn.Sequential:
    """Return the network of a resolved spec; knows dense, tanh and dropout."""
    layers, inputs = [], 784
    for layer in spec["layers"]:
        if layer["type"] == "dense":
            dense = nn.Linear(inputs, layer["units"])
            nn.init.xavier_uniform_(dense.weight)
            nn.init.zeros_(dense.bias)
            layers.append(dense)
            inputs = layer["units"]
        else:
            layers.append({"tanh": nn.Tanh, "dropout": dropout}[layer["type"]](*_options(layer)))
    return nn.Sequential(*layers)


def optimizer(spec: dict, network: nn.Sequential) -> torch.optim.Optimizer:
    """Return fused SGD with the spec's L2 penalty on the weights."""
    penalty = sum(each["strength"] for each in spec.get("regularizers", []) if each["type"] == "l2")
    weights = [parameter for parameter in network.parameters() if parameter.ndim > 1]
    biases = [parameter for parameter in network.parameters() if parameter.ndim == 1]
    groups = [
        {"params": weights, "weight_decay": penalty},
        {"params": biases, "weight_decay": 0.0},
    ]
    options = spec["optimizer"]
    if options["type"] != "sgd":
        sys.exit(f"expected the optimizer sgd, found {options['type']}")
    return torch.optim.SGD(
        groups,
        lr=options["learning_rate"],
        momentum=options["momentum"],
        nesterov=options["nesterov"],
        fused=True,
    )


def learning_rate(spec: dict, epoch: int) -> float:
    """Return the rate of an epoch, counted from 0."""
    schedule = spec["optimizer"]["schedule"]
    decay = {"constant": 0.0, "inverse_time": schedule.get("decay", 0.0)}[schedule["type"]]
    return spec["optimizer"]["learning_rate"] / (1 + decay * epoch)


def accuracy(network: nn.Sequential, images: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the share of images that the network gets right."""
    network.eval()
    right = 0
    with torch.inference_mode():
        for start in range(0, len(labels), EVALUATED_AT_ONCE):
            some = slice(start, start + EVALUATED_AT_ONCE)
            right += int((network(images[some]).argmax(1) == labels[some]).sum())
    network.train()
    return right / len(labels)


def _options(layer: dict) -> tuple:
    return (layer["rate"],) if layer["type"] == "dropout" else ()


def main() -> None:
    """Train the spec that the command line names, from the seed that it names."""
    turns = Turns()
    path, seed, *variants = sys.argv[1:]
    spec = tomllib.loads(to_toml(load_spec(path)))
    torch.manual_seed(int(seed))
    train, test = train_part(), test_part()
    images, labels = torch.from_numpy(train.scaled()), torch.from_numpy(train.labels)
    test_images, test_labels = torch.from_numpy(test.scaled()), torch.from_numpy(test.labels)
    order = torch.randperm(len(labels))
    aside, rows = order[: spec["data"]["validation"]], order[spec["data"]["validation"] :]
    network = build(spec, ByteMaskDropout if "byte-masks" in variants else nn.Dropout)
    update = optimizer(spec, network)
    size = spec["training"]["batch_size"]
    turns.ready(str(torch.get_num_threads()))
    for epoch in range(10**9):
        turns.wait()
        for group in update.param_groups:
            group["lr"] = learning_rate(spec, epoch)
        shuffled = rows[torch.randperm(len(rows))]
        total = 0.0
        for start in range(0, len(shuffled), size):
            index = shuffled[start : start + size]
            loss = nn.functional.cross_entropy(network(images[index]), labels[index])
            update.zero_grad(set_to_none=True)
            loss.backward()
            update.step()
            total += loss.item()
        if len(aside):
            accuracy(network, images[aside], labels[aside])
        seconds = turns.stop()
        turns.done(seconds, accuracy=accuracy(network, test_images, test_labels))


if __name__ == "__main__":
    main()
