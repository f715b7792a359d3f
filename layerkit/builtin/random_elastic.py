"""Random elastic distortions of images."""

from __future__ import annotations

import math
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
    Warp,
    smoothing_matrix,
)


class RandomElasticConfig(LayerConfig):
    """Images distorted as if on rubber in training, ``y = x`` otherwise; shapes unchanged.

    For every pixel of every image ``(height, width, channels)``, two numbers are drawn at every
    step, evenly from -1 to 1. Smoothed with a Gaussian and multiplied by ``alpha``, they say how
    many pixels down and across the pixel's value comes from. Between pixels, values are
    interpolated bilinearly; outside the image everything is 0.

    Attributes
    ----------
    alpha
        Strength of the distortion, above 0.
    sigma
        Standard deviation of the Gaussian in pixels, above 0: small ones crumple, large ones
        stretch. The smoothed numbers have a standard deviation of about ``0.16 / sigma``.

    Notes
    -----
    The paper takes ``alpha = 34`` and ``sigma = 4`` for digits of 29 by 29 pixels. torchvision's
    ``ElasticTransform`` moves pixels half as far for the same ``alpha``, all images of a batch
    alike.

    References
    ----------
    Simard, Steinkraus, Platt (2003), Best practices for convolutional neural networks applied to
    visual document analysis, section 2.
    """

    type: Literal["random_elastic"] = "random_elastic"
    alpha: Annotated[float, Gt(0), Field(examples=[8.0])]
    sigma: Annotated[float, Gt(0), Field(examples=[4.0])]

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        if len(x) != 3:
            raise ShapeError(
                f"random_elastic expects images, shape (height, width, channels); found {x}"
            )
        # In float64, of two values each: where every pixel comes from (see Warp), and the moves.
        return LayerPlan(x, workspace=2 * math.prod(x) + 21 * math.prod(x[:2]))

    def traits(self) -> LayerTraits:
        """Return that training changes the inputs at random."""
        return LayerTraits(adds_noise=True)


@final
class RandomElastic(Layer[RandomElasticConfig]):
    """See `RandomElasticConfig`."""

    def __init__(self, config: RandomElasticConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        images = context.capacity if context.trains else 0
        height, width, _ = context.input_shape
        self._warp = Warp(images, context.input_shape, context.dtype)
        self._moves = np.zeros((images, 2, height, width))
        self._part = np.zeros((images, 2, height, width))
        self._smooth_rows = smoothing_matrix(height, config.sigma)
        self._smooth_columns = smoothing_matrix(width, config.sigma)
        self._places = np.indices((height, width)).astype(np.float64)
        self._y = context.training_buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Draw a distortion for every image, and distort it; nothing otherwise."""
        if not training:
            return x
        n = len(x)
        moves, part, y = self._moves[:n], self._part[:n], self._y[:n]
        self.context.rng.random(out=moves)
        np.multiply(moves, 2, out=moves)
        np.subtract(moves, 1, out=moves)
        np.matmul(self._smooth_rows, moves, out=part)
        np.matmul(part, self._smooth_columns, out=moves)
        np.multiply(moves, self.config.alpha, out=moves)
        np.add(moves[:, 0], self._places[0], out=self._warp.rows[:n])
        np.add(moves[:, 1], self._places[1], out=self._warp.columns[:n])
        self._warp.apply(x, y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Give every gradient back to the pixels that it came from."""
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        self._warp.apply_gradient(dy, dx)
        return dx
