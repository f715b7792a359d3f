"""Random shifts of images."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt
from pydantic import Field

from layerkit.plugin import (
    Array,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    LayerTraits,
    Shape,
    ShapeError,
)


class RandomShiftConfig(LayerConfig):
    """Images moved by whole pixels in training, ``y = x`` otherwise; shapes unchanged.

    Every image ``(height, width, channels)`` moves down and across by two whole numbers, each drawn
    at every step, evenly from ``-pixels`` to ``pixels``. What moves out is lost; what comes in is
    0.

    Attributes
    ----------
    pixels
        The most pixels that an image moves along an axis, at least 1 and less than height and
        width.

    Notes
    -----
    torchvision's ``RandomCrop`` of padded images does the same. Keras's ``RandomTranslation`` takes
    fractions of height and width, and mirrors the image outside unless ``fill_mode="constant"``.

    References
    ----------
    Simard, Steinkraus, Platt (2003), Best practices for convolutional neural networks applied to
    visual document analysis.
    """

    type: Literal["random_shift"] = "random_shift"
    pixels: Annotated[int, Gt(0), Field(examples=[2])]

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        if len(x) != 3:
            raise ShapeError(
                f"random_shift expects images, shape (height, width, channels); found {x}"
            )
        if self.pixels >= min(x[:2]):
            raise ShapeError(
                f"random_shift by up to {self.pixels} pixels would move images of {x[0]} by {x[1]} "
                f"out of sight; found {x}",
                hint=f"set pixels to less than {min(x[:2])}",
            )
        return LayerPlan(x)

    def traits(self) -> LayerTraits:
        """Return that training changes the inputs at random."""
        return LayerTraits(adds_noise=True)


@final
class RandomShift(Layer[RandomShiftConfig]):
    """See `RandomShiftConfig`."""

    def __init__(self, config: RandomShiftConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        rows = context.capacity if context.trains else 0
        self._drawn = np.zeros((rows, 2))
        self._shifts = np.zeros((rows, 2), np.int64)
        self._y = context.training_buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Draw a shift for every image, and move it; nothing otherwise."""
        if not training:
            return x
        y, drawn, shifts = self._y[: len(x)], self._drawn[: len(x)], self._shifts[: len(x)]
        most = self.config.pixels
        self.context.rng.random(out=drawn)
        np.multiply(drawn, 2 * most + 1, out=drawn)
        np.copyto(shifts, drawn, casting="unsafe")  # rounds towards 0
        np.subtract(shifts, most, out=shifts)
        y.fill(0)
        for old, new, shift in zip(x, y, shifts, strict=True):
            _move(old, new, int(shift[0]), int(shift[1]))
        return y

    def backward(self, dy: Array) -> Array | None:
        """Move the gradient back; that of what was lost is 0."""
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        dx.fill(0)
        for old, new, shift in zip(dy, dx, self._shifts[: len(dy)], strict=True):
            _move(old, new, -int(shift[0]), -int(shift[1]))
        return dx


def _move(old: Array, new: Array, down: int, across: int) -> None:
    """Copy an image to where it moves in another."""
    height, width, _ = old.shape
    top, left = max(down, 0), max(across, 0)
    bottom, right = height + min(down, 0), width + min(across, 0)
    new[top:bottom, left:right] = old[top - down : bottom - down, left - across : right - across]
