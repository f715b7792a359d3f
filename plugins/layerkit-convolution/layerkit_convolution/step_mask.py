"""Masks of sequences, in layers whose outputs have another number of steps."""

from __future__ import annotations

import numpy as np

from layerkit.plugin import Array, LayerContext


class StepMask:
    """Puts zeros where steps do not count, and says which steps of the output do.

    Does nothing where the context has no mask.

    Parameters
    ----------
    context
        Of the layer, whose inputs are sequences ``(time, channels)``, and outputs as well.
    stride
        Step ``i`` of the output counts where step ``i * stride`` of the input does.
    repeats
        Instead, where step ``i // repeats`` does.

    Attributes
    ----------
    mask
        Which steps of the output count, ``(capacity, steps)``; None if the context has no mask.
    """

    def __init__(self, context: LayerContext, stride: int = 1, repeats: int = 1) -> None:
        self._input_mask = context.mask
        self.mask: Array | None = None
        if context.mask is not None:
            places = np.arange(context.output_shape[0]) * stride // repeats
            self._places = np.minimum(places, context.input_shape[0] - 1)
            self._counted = context.buffer(context.input_shape)
            self.mask = context.buffer(context.output_shape[:1])

    def only_counted(self, x: Array, other: float = 0.0) -> Array:
        """Return the inputs with ``other`` in steps that do not count, and set `mask`."""
        if self._input_mask is None or self.mask is None:
            return x
        n = len(x)
        self.follow(n)
        counted = self._counted[:n]
        counted.fill(other)
        np.copyto(counted, x, where=self._input_mask[:n, :, np.newaxis] > 0)
        return counted

    def follow(self, n: int) -> None:
        """Set the first ``n`` rows of `mask`."""
        if self._input_mask is not None and self.mask is not None:
            np.take(self._input_mask[:n], self._places, axis=1, out=self.mask[:n], mode="clip")

    def clear_others(self, dx: Array | None) -> Array | None:
        """Return the gradient with respect to the input, with zeros in steps that do not count."""
        if self._input_mask is not None and dx is not None:
            np.multiply(dx, self._input_mask[: len(dx), :, np.newaxis], out=dx)
        return dx

    def clear_outputs(self, y: Array) -> None:
        """Put zeros in steps of the output, or of its gradient, that do not count."""
        if self.mask is not None:
            np.copyto(y, 0, where=self.mask[: len(y), :, np.newaxis] == 0)


def mask_of_values(mask: Array, x: Array) -> Array:
    """Return a mask ``(capacity, time)`` as ``(n, time, 1, ...)``, with as many axes as ``x``."""
    return mask[: len(x)].reshape(*x.shape[:2], *(1 for _ in x.shape[2:]))
