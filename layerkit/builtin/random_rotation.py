"""Random rotations of images."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt, Le
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
    Warp,
)


class RandomRotationConfig(LayerConfig):
    """Images turned about their middle in training, ``y = x`` otherwise; shapes unchanged.

    Every image ``(height, width, channels)`` turns by an angle of its own, drawn at every step,
    evenly from ``-degrees`` to ``degrees``. Between pixels, values are interpolated bilinearly;
    what turns out of sight is lost, what comes in is 0.

    Attributes
    ----------
    degrees
        The largest angle either way, above 0, at most 180.

    Notes
    -----
    torchvision's ``RandomRotation`` takes degrees as well, and by default the nearest pixel.
    Keras's takes a fraction of a whole turn, and mirrors the image outside unless
    ``fill_mode="constant"``.

    References
    ----------
    Simard, Steinkraus, Platt (2003), Best practices for convolutional neural networks applied to
    visual document analysis, section 2.
    """

    type: Literal["random_rotation"] = "random_rotation"
    degrees: Annotated[float, Gt(0), Le(180), Field(examples=[10.0])]

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        if len(x) != 3:
            raise ShapeError(
                f"random_rotation expects images, shape (height, width, channels); found {x}"
            )
        # In float64, of two values each: where every pixel comes from (see Warp), and a part of it.
        return LayerPlan(x, workspace=2 * math.prod(x) + 15 * math.prod(x[:2]))

    def traits(self) -> LayerTraits:
        """Return that training changes the inputs at random."""
        return LayerTraits(adds_noise=True)


@final
class RandomRotation(Layer[RandomRotationConfig]):
    """See `RandomRotationConfig`."""

    def __init__(self, config: RandomRotationConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        images = context.capacity if context.trains else 0
        height, width, _ = context.input_shape
        self._most = math.radians(config.degrees)
        self._warp = Warp(images, context.input_shape, context.dtype)
        self._angle, self._cosine, self._sine = np.zeros((3, images, 1, 1))
        self._part = np.zeros((images, height, width))
        self._middle = (height - 1) / 2, (width - 1) / 2
        self._down, self._across = np.indices((height, width)) - np.reshape(self._middle, (2, 1, 1))
        self._y = context.training_buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Draw an angle for every image, and turn it; nothing otherwise."""
        if not training:
            return x
        n = len(x)
        angle, cosine, sine = self._angle[:n], self._cosine[:n], self._sine[:n]
        self.context.rng.random(out=angle)
        np.multiply(angle, 2 * self._most, out=angle)
        np.subtract(angle, self._most, out=angle)
        np.cos(angle, out=cosine)
        np.sin(angle, out=sine)
        rows, columns, part = self._warp.rows[:n], self._warp.columns[:n], self._part[:n]
        middle_row, middle_column = self._middle
        np.multiply(cosine, self._down, out=rows)
        np.multiply(sine, self._across, out=part)
        np.add(rows, part, out=rows)
        np.add(rows, middle_row, out=rows)
        np.multiply(cosine, self._across, out=columns)
        np.multiply(sine, self._down, out=part)
        np.subtract(columns, part, out=columns)
        np.add(columns, middle_column, out=columns)
        y = self._y[:n]
        self._warp.apply(x, y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Give every gradient back to the pixels that it came from."""
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        self._warp.apply_gradient(dy, dx)
        return dx
