"""Whole networks trained beside PyTorch's, with the same weights, batches and masks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import pytest
import torch
from torch import nn

from layerkit.arrays import Array, Labels, Shape
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_context import LayerMemory
from layerkit.contracts.layer_plan import PlannedLayer
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.batches import Batch
from layerkit.engine.network import Network
from layerkit.engine.step import TrainingStep
from layerkit.plan.network import plan_network
from layerkit.randomness import StepRandom, generator
from tests.helpers.specs import small_spec

BATCH, CLASSES = 16, 3
STEPS = 1000
TOLERANCES = {"float64": 1e-10, "float32": 1e-4}
"""How far parameters may be apart at the end."""
DTYPES = pytest.mark.parametrize("dtype", TOLERANCES)

Names: TypeAlias = Mapping[str, str]
"""Ours by PyTorch's."""
LossOf: TypeAlias = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def network(dtype: str, shape: Shape, layers: str, *overrides: str) -> Network:
    """Return a network that ends in a dense layer for the classes, after ``layers``.

    Parameters
    ----------
    dtype
        ``"float64"`` or ``"float32"``.
    shape
        Of an example; the layers get it in this shape.
    layers
        In TOML, without the list's brackets.
    overrides
        Further changes of the spec, the optimizer first of all.
    """
    given = "" if len(shape) == 1 else f'{{type="reshape", shape={list(shape)}}}, '
    spec = small_spec(
        "regularizers=[]",
        f"data.features={int(np.prod(shape))}",
        f"dtype={dtype}",
        f'layers=[{given}{layers}, {{type="dense", units={CLASSES}}}]',
        *overrides,
    )
    return Network(plan_network(spec))


def batches(dtype: str, shape: Shape, steps: int = STEPS) -> tuple[Array, Labels]:
    """Return inputs, and labels that depend on the signs of two numbers of each."""
    x: Array = generator(0, "batches").normal(size=(steps, BATCH, *shape)).astype(dtype)
    first, second = x.reshape(steps, BATCH, -1)[..., :2].transpose(2, 0, 1)
    return x, (first > 0).astype(np.int64) + (second > 0)


def in_dtype(module: nn.Module, dtype: str) -> nn.Module:
    return module.double() if dtype == "float64" else module.float()


def axes_of_torch(value: Array) -> Array:
    """Return a parameter with the axes in PyTorch's order: outputs, inputs, the window."""
    moved = value if value.ndim < 2 else np.moveaxis(value, (-1, -2), (0, 1))
    return np.ascontiguousarray(moved)


def share(ours: Network, module: nn.Module, names: Names) -> None:
    """Give PyTorch's module our parameters; those it has beside are 0, and stay it."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if name in names:
                parameter.copy_(torch.from_numpy(axes_of_torch(ours.parameters[names[name]])))
            else:
                parameter.zero_()
                parameter.requires_grad_(False)


def train(
    ours: Network,
    module: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Array,
    labels: Labels,
    loss_of: LossOf = nn.functional.cross_entropy,
    before_step: Callable[[int], None] | None = None,
) -> None:
    """Take the same steps with both.

    Parameters
    ----------
    ours, module, optimizer
        Changed in place.
    x, labels
        The batches, one for every step.
    loss_of
        PyTorch's loss, by logits and labels.
    before_step
        Called with the number of every step, from 1, before PyTorch takes it.
    """
    rate = ours.spec.optimizer.learning_rate
    step = TrainingStep(ours, BATCH, ScheduleContext(rate, len(x), 1))
    module.train()
    for number, (inputs, targets) in enumerate(zip(x, labels, strict=True), 1):
        step(Batch(inputs.reshape(BATCH, -1), targets, None), rate, number)
        if before_step is not None:
            before_step(number)
        optimizer.zero_grad()
        loss_of(module(torch.from_numpy(inputs)), torch.from_numpy(targets)).backward()
        optimizer.step()


def compare(ours: Network, module: nn.Module, names: Names, tolerance: float) -> None:
    """Check every parameter and state that has one of our names."""
    found = {**ours.parameters, **ours.arrays}
    theirs = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    for name, expected in theirs.items():
        if name in names:
            np.testing.assert_allclose(
                axes_of_torch(found[names[name]]),
                expected.detach().numpy(),
                rtol=0,
                atol=tolerance,
                err_msg=name,
            )


class Draws:
    """What a layer drew in a step: it depends on seed, path and step alone.

    A layer of the same config, at the same path, draws it again, on inputs of our choice.

    Parameters
    ----------
    config, path, shape
        Of the layer, and its input.
    dtype, seed
        Of the network.
    """

    def __init__(self, config: LayerConfig, path: str, shape: Shape, dtype: str, seed: int) -> None:
        self._random = StepRandom(seed)
        floats = np.dtype(np.float64) if dtype == "float64" else np.dtype(np.float32)
        memory = LayerMemory(
            params={},
            state={},
            trainable=frozenset(),
            capacity=BATCH,
            dtype=floats,
            trains=True,
            random=self._random,
        )
        planned = PlannedLayer(path, config, shape, config.plan(shape))
        self._layer = config.build(memory.context(path, planned, None, None))
        self._ones: Array = np.ones((BATCH, *shape), floats)

    def factors(self, step: int) -> Array:
        """Return what the layer makes of ones: the mask of a dropout, scaled."""
        self._random.start(step)
        return self._layer.forward(self._ones, training=True).copy()
