"""Padding of sequences of numbers."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape
from layerkit_sequence.steps import Bools, sequence


class MaskingConfig(LayerConfig):
    """Marks steps as padding whose features are all ``value``; ``(time, features)`` unchanged.

    For sequences of numbers of different lengths, which are filled up with one value;
    ``embedding`` has ``padding_id`` for ids. Layers further on leave such steps out, and a loss for
    every step does not count them. Padding is put out as 0, whatever ``value`` is, as in Keras.

    Put it first: a layer before, such as ``standardize``, changes the value.

    Attributes
    ----------
    value
        What padding is filled with. Keras calls it ``mask_value``.

    Notes
    -----
    PyTorch has no such layer; there, lengths are given to ``pack_padded_sequence``.

    References
    ----------
    Keras developer guides, "Understanding masking & padding".
    """

    type: Literal["masking"] = "masking"
    value: float = 0.0

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        sequence("masking", x)
        return LayerPlan(x)


@final
class Masking(Layer[MaskingConfig]):
    """See `MaskingConfig`."""

    def __init__(self, config: MaskingConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        time = context.input_shape[0]
        self._y = context.buffer(context.output_shape)
        self._mask = context.buffer((time,))
        self._differs: Bools = np.zeros((context.capacity, *context.input_shape), np.bool_)
        self._counts: Bools = np.zeros((context.capacity, time), np.bool_)

    @property
    def mask(self) -> Array | None:
        """1 where a feature differs from the value, and the input's own mask does not say 0."""
        return self._mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Find the padding, and put out 0 there."""
        n = len(x)
        y, mask, differs, counts = self._y[:n], self._mask[:n], self._differs[:n], self._counts[:n]
        np.not_equal(x, self.config.value, out=differs)
        np.any(differs, axis=-1, out=counts)
        np.copyto(mask, counts)
        if self.context.mask is not None:
            np.multiply(mask, self.context.mask[:n], out=mask)
        np.multiply(x, mask[..., np.newaxis], out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Return ``dy``, and 0 for padding."""
        if self.context.input_grad is None:
            return None
        return np.multiply(dy, self._mask[: len(dy), :, np.newaxis], out=dy)
