"""Max pooling of sequences."""

from __future__ import annotations

from typing import Literal, Self, final

import numpy as np
from pydantic import model_validator

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape
from layerkit_convolution.padding import StepPadding, check_padding, step_slides
from layerkit_convolution.pooling import MaxPooling
from layerkit_convolution.step_mask import StepMask
from layerkit_convolution.windows import Length, Slide, check_fits, check_sequence


class MaxPool1dConfig(LayerConfig):
    """The largest value in every window, channel by channel.

    ``(time, channels) -> (steps, channels)``, where
    ``steps = (time + padding - size) // stride + 1``; steps that fill no window are left out. Of
    several largest values, the first gets the gradient. Padding is never the largest.

    Of sequences with a mask, the largest of the steps that count; step ``i`` of the output counts
    where step ``i * stride`` of the input does, and is 0 elsewhere.

    Attributes
    ----------
    size
        Steps in a window.
    stride
        Steps from one window to the next; by default ``size``, so that windows do not overlap.
    padding
        At the ends: ``"valid"`` for none; ``"same"`` for what makes
        ``steps = ceil(time / stride)``, an odd one at the end; or how many steps at either end,
        less than ``size``.

    Notes
    -----
    ``size`` is Keras's ``pool_size`` and PyTorch's ``kernel_size``. ``padding = "same"`` is
    TensorFlow's; PyTorch has numbers alone, up to half of ``size``. Neither takes masks.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 9.3.
    """

    type: Literal["max_pool1d"] = "max_pool1d"
    size: Length = 2
    stride: Length | None = None
    padding: StepPadding = "valid"

    @model_validator(mode="after")
    def _padding_is_less_than_the_windows(self) -> Self:
        check_padding(self.padding, self.size)
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan one value per window and channel."""
        check_sequence("max_pool1d", x)
        row, steps = self.slides(x)
        check_fits("max_pool1d", row, steps)
        return LayerPlan((steps.count, x[1]))

    def slides(self, x: Shape) -> tuple[Slide, Slide]:
        """Return the windows along a sequence, taken for an image of one row."""
        return step_slides(x, self.size, self.stride or self.size, self.padding)


@final
class MaxPool1d(Layer[MaxPool1dConfig]):
    """See `MaxPool1dConfig`."""

    def __init__(self, config: MaxPool1dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._pooling = MaxPooling(config.slides(context.input_shape), context)
        self._steps = StepMask(context, config.stride or config.size)

    @property
    def mask(self) -> Array | None:
        """Which steps of the output count."""
        return self._steps.mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Find the largest value of every window."""
        counted = self._steps.only_counted(x, other=-np.inf)
        y = self._pooling.forward(counted, training=training)
        self._steps.clear_outputs(y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Pass each gradient to the element that was the largest."""
        self._steps.clear_outputs(dy)
        return self._pooling.backward(dy)
