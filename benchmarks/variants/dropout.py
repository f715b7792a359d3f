"""Dropout whose masks come from elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Literal, TypeAlias, TypeVar, final

import numpy as np

from layerkit.builtin.dropout import DropoutConfig
from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape, byte_share

Kept: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class MaskedConfig(LayerConfig):
    """Base of dropout with other masks."""

    dropout: DropoutConfig

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        return LayerPlan(x)


MaskedT_co = TypeVar("MaskedT_co", bound=MaskedConfig, covariant=True)


class Masked(Layer[MaskedT_co], ABC):
    """Dropout; a subclass says what is kept."""

    def __init__(self, config: MaskedT_co, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.buffer(context.output_shape)
        self._mask = context.buffer(context.output_shape)
        self._kept = np.zeros(self._mask.shape, np.bool_)

    @abstractmethod
    def keep(self, out: Kept) -> None:
        """Write which elements are kept."""

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply by a new mask."""
        if not training:
            return x
        kept, mask, y = self._kept[: len(x)], self._mask[: len(x)], self._y[: len(x)]
        self.keep(kept)
        np.copyto(mask, kept)
        np.multiply(mask, 1 / (1 - self.config.dropout.rate), out=mask)
        np.multiply(x, mask, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Multiply by the same mask."""
        if self.context.input_grad is None:
            return None
        np.multiply(dy, self._mask[: len(dy)], out=dy)
        return dy


class FloatMasksConfig(MaskedConfig):
    """Masks from random floats."""

    type: Literal["float_masks"] = "float_masks"


@final
class FloatMasks(Masked[FloatMasksConfig]):
    """See `FloatMasksConfig`."""

    def __init__(self, config: FloatMasksConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._random = np.zeros(self._mask.shape, np.float32)

    def keep(self, out: Kept) -> None:
        """Compare random floats with the rate."""
        random = self._random[: len(out)]
        self.context.rng.random(dtype=np.float32, out=random)
        np.greater_equal(random, self.config.dropout.rate, out=out)


class GeneratorBytesConfig(MaskedConfig):
    """Masks from the bytes of NumPy's own generator, allocated anew."""

    type: Literal["generator_bytes"] = "generator_bytes"


@final
class GeneratorBytes(Masked[GeneratorBytesConfig]):
    """See `GeneratorBytesConfig`."""

    def keep(self, out: Kept) -> None:
        """Compare random bytes with the rate."""
        words = self.context.rng.integers(0, 2**64, -(-out.size // 8), np.uint64)
        random = words.view(np.uint8)[: out.size].reshape(out.shape)
        np.greater_equal(random, byte_share(self.config.dropout.rate), out=out)
