"""The workloads: each network and its training written down once, for every contender."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from benchmarks.products import (
    Product,
    convolution_product,
    dense_product,
    step_operations,
)

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

PIXELS, SIDE, CLASSES = 784, 28, 10
EXAMPLES = 60_000
KERNEL = 3
MOMENTUM = 0.9


@dataclass(frozen=True, slots=True)
class Goals:
    """Layerkit's time at most: a share of torch eager's, a multiple of the GEMM floor's."""

    torch: float
    floor: float | None = None


@dataclass(frozen=True, slots=True)
class Workload:
    """A network on MNIST, how it is trained or asked, and what Layerkit is to reach.

    Attributes
    ----------
    name, title
        What tables and prose call it.
    hidden
        Units of the hidden dense layers.
    activation
        After every hidden layer and every convolution.
    optimizer, learning_rate
        SGD has a momentum of 0.9.
    batch
        Examples a step, or a prediction.
    steps
        Steps, or predictions, that one timed turn does.
    goals
        What Layerkit is to reach.
    dropout
        Rates on the input and on each hidden layer; None for none.
    l2
        ``l2 / 2 * sum(weight²)`` joins the loss; biases are left alone.
    filters
        Of 3 by 3 convolutions, each with padding and a 2 by 2 max-pooling, before the dense layers.
    task
        Whether a step trains, or a trained network is asked.
    """

    name: str
    title: str
    hidden: tuple[int, ...]
    activation: Literal["tanh", "relu"]
    optimizer: Literal["sgd", "adam"]
    learning_rate: float
    batch: int
    steps: int
    goals: Goals
    dropout: tuple[float, float] | None = None
    l2: float = 0.0
    filters: tuple[int, ...] = ()
    task: Literal["train", "predict"] = "train"

    @property
    def features(self) -> int:
        """Number of values that reach the first dense layer."""
        side = SIDE >> len(self.filters)
        return side * side * self.filters[-1] if self.filters else PIXELS

    @property
    def widths(self) -> tuple[int, ...]:
        """Width before, between and after the dense layers."""
        return (self.features, *self.hidden, CLASSES)

    @property
    def products(self) -> tuple[Product, ...]:
        """The matrix products of a forward pass, first layer first."""
        products: list[Product] = []
        channels, side = 1, SIDE
        for filters in self.filters:
            products.append(convolution_product(self.batch, side, KERNEL, channels, filters))
            channels, side = filters, side // 2
        for inputs, outputs in zip(self.widths, self.widths[1:], strict=False):
            products.append(dense_product(self.batch, inputs, outputs))
        return tuple(products)


def spec_text(workload: Workload) -> str:
    """Return the workload's Layerkit spec, as JSON."""
    return json.dumps(spec_table(workload), indent=2)


def spec_table(workload: Workload) -> dict[str, Json]:
    """Return the workload's Layerkit spec; training goes on until somebody ends it."""
    optimizer: dict[str, Json] = {
        "type": workload.optimizer,
        "learning_rate": workload.learning_rate,
    }
    if workload.optimizer == "sgd":
        optimizer["momentum"] = MOMENTUM
    table: dict[str, Json] = {
        "seed": 7,
        "data": {"type": "mnist", "layout": "image" if workload.filters else "flat"},
        "layers": [*_layers(workload)],
        "loss": "softmax_cross_entropy",
        "optimizer": optimizer,
        "training": {"epochs": 1_000_000, "batch_size": workload.batch},
    }
    if workload.l2:
        table["regularizers"] = [{"type": "l2", "strength": workload.l2}]
    return table


def _layers(workload: Workload) -> list[dict[str, Json]]:
    initializer = "xavier_uniform" if workload.activation == "tanh" else "he_uniform"
    layers: list[dict[str, Json]] = []
    for filters in workload.filters:
        layers.append(
            {"type": "conv2d", "filters": filters, "kernel_size": KERNEL, "padding": "same"}
        )
        layers.append({"type": workload.activation})
        layers.append({"type": "max_pool2d"})
    if workload.filters:
        layers.append({"type": "flatten"})
    if workload.dropout is not None:
        layers.append({"type": "dropout", "rate": workload.dropout[0]})
    for units in workload.hidden:
        layers.append({"type": "dense", "units": units, "weight_initializer": initializer})
        layers.append({"type": workload.activation})
        if workload.dropout is not None:
            layers.append({"type": "dropout", "rate": workload.dropout[1]})
    layers.append({"type": "dense", "units": CLASSES})
    return layers


_W2N = Workload(
    "W2n",
    "784-512-512-10 tanh, L2, batch 128, SGD with momentum",
    hidden=(512, 512),
    activation="tanh",
    optimizer="sgd",
    learning_rate=0.1,
    batch=128,
    steps=60,
    goals=Goals(torch=1.0),
    l2=1e-4,
)

_ALL = (
    Workload(
        "W1",
        "784-30-10 tanh, batch 128, SGD with momentum",
        hidden=(30,),
        activation="tanh",
        optimizer="sgd",
        learning_rate=0.1,
        batch=128,
        steps=468,
        goals=Goals(torch=0.42, floor=1.8),
    ),
    replace(
        _W2N,
        name="W2",
        title="784-512-512-10 tanh, dropout 0.2/0.5, L2, batch 128, SGD with momentum",
        goals=Goals(torch=0.50, floor=1.4),
        dropout=(0.2, 0.5),
    ),
    _W2N,
    Workload(
        "W3",
        "784-1024-1024-1024-10 ReLU, dropout 0.2/0.5, batch 256, Adam",
        hidden=(1024, 1024, 1024),
        activation="relu",
        optimizer="adam",
        learning_rate=1e-3,
        batch=256,
        steps=16,
        goals=Goals(torch=0.75, floor=1.3),
        dropout=(0.2, 0.5),
    ),
    Workload(
        "W4",
        "784-256-10 ReLU, batch 32, Adam",
        hidden=(256,),
        activation="relu",
        optimizer="adam",
        learning_rate=1e-3,
        batch=32,
        steps=400,
        goals=Goals(torch=0.80, floor=3.5),
    ),
    Workload(
        "W5",
        "conv 3x3x16, pool, conv 3x3x32, pool, dense 128, dense 10, ReLU, batch 64, Adam",
        hidden=(128,),
        activation="relu",
        optimizer="adam",
        learning_rate=1e-3,
        batch=64,
        steps=40,
        goals=Goals(torch=0.70, floor=1.6),
        filters=(16, 32),
    ),
    replace(
        _W2N,
        name="I1",
        title="one sample through W2's network",
        batch=1,
        steps=3000,
        goals=Goals(torch=1.0),
        task="predict",
    ),
    replace(
        _W2N,
        name="I1k",
        title="1,000 samples at once through W2's network",
        batch=1000,
        steps=50,
        goals=Goals(torch=1.1),
        task="predict",
    ),
)

WORKLOADS: Mapping[str, Workload] = {workload.name: workload for workload in _ALL}

_TURN_OPERATIONS = 5e9


def tanh_network(width: int, depth: int, batch: int) -> Workload:
    """Return a workload for looking at sizes: W2n's kind, so many units, layers and examples."""
    workload = replace(
        _W2N, name=f"net-{width}-{depth}-{batch}", hidden=(width,) * depth, batch=batch, l2=0.0
    )
    operations = step_operations(workload.products)
    return replace(workload, steps=min(max(3, round(_TURN_OPERATIONS / operations)), 1000))


def workload_named(name: str) -> Workload:
    """Return the workload of that name, one of `WORKLOADS` or of `tanh_network`."""
    if name in WORKLOADS:
        return WORKLOADS[name]
    _, width, depth, batch = name.split("-")
    return tanh_network(int(width), int(depth), int(batch))
