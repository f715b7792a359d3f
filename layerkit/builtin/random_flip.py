"""Random flips of images."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

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


class RandomFlipConfig(LayerConfig):
    """Images mirrored at random in training, ``y = x`` otherwise; shapes unchanged.

    Every image ``(height, width, channels)`` is mirrored with probability 1/2, drawn at every step:
    left to right, upside down, or each of the two by itself.

    Attributes
    ----------
    mode
        ``"horizontal"`` for left to right, ``"vertical"`` for upside down, or
        ``"horizontal_and_vertical"``. As in Keras, whose default is the last one.

    References
    ----------
    Krizhevsky, Sutskever, Hinton (2012), ImageNet classification with deep convolutional neural
    networks, section 4.1.
    """

    type: Literal["random_flip"] = "random_flip"
    mode: Literal["horizontal", "vertical", "horizontal_and_vertical"]

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        if len(x) != 3:
            raise ShapeError(
                f"random_flip expects images, shape (height, width, channels); found {x}"
            )
        return LayerPlan(x)

    def traits(self) -> LayerTraits:
        """Return that training changes the inputs at random."""
        return LayerTraits(adds_noise=True)


@final
class RandomFlip(Layer[RandomFlipConfig]):
    """See `RandomFlipConfig`."""

    def __init__(self, config: RandomFlipConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        rows = context.capacity if context.trains else 0
        self._drawn = np.zeros((rows, 2))
        self._flips = np.zeros((rows, 2), np.bool_)
        self._chosen = np.zeros((rows, 1, 1, 1), np.bool_)
        self._axes = np.array([config.mode != "vertical", config.mode != "horizontal"])
        self._y = context.training_buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Draw for every image whether to mirror it, and do so; nothing otherwise."""
        if not training:
            return x
        drawn, flips = self._drawn[: len(x)], self._flips[: len(x)]
        self.context.rng.random(out=drawn)
        np.less(drawn, 0.5, out=flips)
        np.logical_and(flips, self._axes, out=flips)
        y = self._y[: len(x)]
        self._flip(x, y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Mirror the gradient likewise."""
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        self._flip(dy, dx)
        return dx

    def _flip(self, old: Array, new: Array) -> None:
        """Copy images, each mirrored as it was drawn."""
        across, down = self._flips[: len(old), 0], self._flips[: len(old), 1]
        chosen = self._chosen[: len(old)]
        np.copyto(new, old)
        for mirrored, choose in (
            (old[:, :, ::-1], np.greater),  # across, and not down
            (old[:, ::-1], np.less),
            (old[:, ::-1, ::-1], np.logical_and),
        ):
            choose(across, down, out=chosen[:, 0, 0, 0])
            np.copyto(new, mirrored, where=chosen)
