"""Max pooling of images."""

from __future__ import annotations

from typing import Literal, Self, final

from pydantic import model_validator

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape
from layerkit_convolution.padding import Padding, check_padding, image_slides
from layerkit_convolution.pooling import MaxPooling
from layerkit_convolution.windows import Size, Slide, check_fits, check_image


class MaxPool2dConfig(LayerConfig):
    """The largest value in every window, channel by channel.

    ``(height, width, channels) -> (rows, columns, channels)``, where
    ``rows = (height + padding - size) // stride + 1``; rows and columns that fill no window are
    left out. Of several largest values, the first, row by row, gets the gradient. Padding is never
    the largest.

    Attributes
    ----------
    size
        Height and width of the windows, or one number for both.
    stride
        Steps down and across from one window to the next, or one number for both; by default
        ``size``, so that windows do not overlap.
    padding
        Around the image: ``"valid"`` for none; ``"same"`` for what makes
        ``rows = ceil(height / stride)``, an odd row or column at the bottom or right; or how much
        above and below, and how much left and right, or one number for both. Less than ``size``.

    Notes
    -----
    ``size`` is Keras's ``pool_size`` and PyTorch's ``kernel_size``. ``padding = "same"`` is
    TensorFlow's; PyTorch has numbers alone, up to half of ``size``, and ``ceil_mode``, which is not
    here.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 9.3.
    """

    type: Literal["max_pool2d"] = "max_pool2d"
    size: Size = 2
    stride: Size | None = None
    padding: Padding = "valid"

    @model_validator(mode="after")
    def _padding_is_less_than_the_windows(self) -> Self:
        check_padding(self.padding, self.size)
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan one value per window and channel."""
        check_image("max_pool2d", x)
        rows, columns = self.slides(x)
        check_fits("max_pool2d", rows, columns)
        return LayerPlan((rows.count, columns.count, x[2]))

    def slides(self, x: Shape) -> tuple[Slide, Slide]:
        """Return the windows down and across an image."""
        stride = self.size if self.stride is None else self.stride
        return image_slides(x, self.size, stride, self.padding)


@final
class MaxPool2d(Layer[MaxPool2dConfig]):
    """See `MaxPool2dConfig`."""

    def __init__(self, config: MaxPool2dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._pooling = MaxPooling(config.slides(context.input_shape), context)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Find the largest value of every window."""
        return self._pooling.forward(x, training=training)

    def backward(self, dy: Array) -> Array | None:
        """Pass each gradient to the element that was the largest."""
        return self._pooling.backward(dy)
