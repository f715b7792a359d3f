"""Checks of layers: what they return, what they must not write, and where their buffers are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.engine.inspection.arrays import (
    Untouched,
    check_array,
    check_finite,
    is_tame,
    origin_of,
)
from layerkit.engine.inspection.watch import Check
from layerkit.guard import fault


def layer_checks(layers: Sequence[Layer[LayerConfig]]) -> Iterator[Check]:
    """Yield the checks of layers, inner ones too, that work on one batch.

    Parameters
    ----------
    layers
        All that have memory in common, or work at the same time: those of every shard.
    """
    owners = _Owners()
    for layer in layers:
        checked = _CheckedLayer(layer, owners)
        yield Check(layer, "forward", checked.forward)
        if layer.context.trains:
            yield Check(layer, "backward", checked.backward)


class _Owners:
    """Which layer has the memory that outputs lie in."""

    def __init__(self) -> None:
        self._owners: dict[int, tuple[Array, Layer[LayerConfig]]] = {}

    def claim(self, layer: Layer[LayerConfig], x: Array, y: Array) -> None:
        """Check that an output lies in the layer's own memory, or in that of its input."""
        origin = origin_of(y)
        if origin is origin_of(x):
            return
        _, owner = self._owners.setdefault(id(origin), (origin, layer))
        if owner is not layer and not _is_inside(owner, layer):
            raise fault(
                layer,
                f"expected the output of {layer.context.path} in memory of its own, found it in "
                f"that of {owner.context.path}: make buffers in '__init__', with context.buffer",
            )


def _is_inside(one: Layer[LayerConfig], other: Layer[LayerConfig]) -> bool:
    """Tell whether one of two layers is inside the other."""
    if one.context.memory is not other.context.memory:
        return False
    paths = sorted((f"{one.context.path}.", f"{other.context.path}."), key=len)
    return paths[1].startswith(paths[0])


class _CheckedLayer:
    """What stands in for the methods of one layer."""

    def __init__(self, layer: Layer[LayerConfig], owners: _Owners) -> None:
        self._layer = layer
        self._owners = owners
        self._forward = layer.forward
        self._backward = layer.backward
        context = layer.context
        self._values = {f"parameter '{name}'": each.value for name, each in context.params.items()}
        self._x: Array | None = None
        self._untouched: Untouched | None = None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Call ``forward``; check its output, and that it writes nothing else."""
        layer, context = self._layer, self._layer.context
        kept: dict[str, Array | None] = {"its input": x, **self._values}
        if not training:
            kept |= {f"state '{name}'": each for name, each in context.state.items()}
        untouched = Untouched(layer, "forward", kept)
        y = self._forward(x, training=training)
        check_array(layer, "forward", y, (len(x), *context.output_shape), context.dtype)
        untouched.check()
        check_finite(layer, "the output", y, x, *self._values.values(), *context.state.values())
        self._owners.claim(layer, x, y)
        self._x = x
        self._untouched = Untouched(layer, "backward", {"its input": x, **self._values})
        return y

    def backward(self, dy: Array) -> Array | None:
        """Call ``backward``; check the gradients that it returns and assigns."""
        layer, context, x = self._layer, self._layer.context, self._x
        if x is None or self._untouched is None:
            return self._backward(dy)
        tame = is_tame(dy, x, *self._values.values())
        trained = {
            name: each.grad
            for name, each in context.params.items()
            if f"{context.path}.{name}" in context.memory.trainable
        }
        for grad in trained.values():
            grad.fill(np.nan)
        count = len(dy)
        dx = self._backward(dy)
        self._untouched.check()
        if context.input_grad is not None:
            shape = (count, *context.input_shape)
            check_array(layer, "backward", dx, shape, context.dtype)
        for name, grad in trained.items():
            if tame and np.isnan(grad).any():
                reason = "a number for every value; it must assign all of them, never add"
                what = f"the gradient of parameter '{name}'"
                raise fault(layer, f"expected 'backward' to make {what} {reason}; found nan")
        if tame and dx is not None and context.input_grad is not None:
            check_finite(layer, "the gradient that 'backward' returns", dx)
        return dx
