"""Average pooling of images."""

from __future__ import annotations

from typing import Literal, Self, final

from pydantic import model_validator

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape
from layerkit_convolution.padding import Padding, check_padding, image_slides
from layerkit_convolution.pooling import AveragePooling
from layerkit_convolution.windows import Size, Slide, check_fits, check_image


class AveragePool2dConfig(LayerConfig):
    """The mean of every window, channel by channel.

    ``(height, width, channels) -> (rows, columns, channels)``, where
    ``rows = (height + padding - size) // stride + 1``; rows and columns that fill no window are
    left out.

    Attributes
    ----------
    size
        Height and width of the windows, or one number for both.
    stride
        Steps down and across from one window to the next, or one number for both; by default
        ``size``, so that windows do not overlap.
    padding
        Zeros around the image: ``"valid"`` for none; ``"same"`` for as many as make
        ``rows = ceil(height / stride)``, an odd one at the bottom or right; or how many above and
        below, and how many left and right, or one number for both. Less than ``size``.
    count_padding
        Whether the zeros of the padding are values of which the mean is taken.

    Notes
    -----
    ``size`` is Keras's ``pool_size`` and PyTorch's ``kernel_size``. Zeros of the padding are not
    counted, as in Keras; PyTorch's ``count_include_pad``, which is ``count_padding``, is on by
    default. ``padding = "same"`` is TensorFlow's; PyTorch has numbers alone, up to half of
    ``size``, and ``ceil_mode``, which is not here.

    References
    ----------
    LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to document recognition.
    """

    type: Literal["average_pool2d"] = "average_pool2d"
    size: Size = 2
    stride: Size | None = None
    padding: Padding = "valid"
    count_padding: bool = False

    @model_validator(mode="after")
    def _padding_is_less_than_the_windows(self) -> Self:
        check_padding(self.padding, self.size)
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan one value per window and channel."""
        check_image("average_pool2d", x)
        rows, columns = self.slides(x)
        check_fits("average_pool2d", rows, columns)
        return LayerPlan((rows.count, columns.count, x[2]))

    def slides(self, x: Shape) -> tuple[Slide, Slide]:
        """Return the windows down and across an image."""
        stride = self.size if self.stride is None else self.stride
        return image_slides(x, self.size, stride, self.padding)


@final
class AveragePool2d(Layer[AveragePool2dConfig]):
    """See `AveragePool2dConfig`."""

    def __init__(self, config: AveragePool2dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        slides = config.slides(context.input_shape)
        self._pooling = AveragePooling(slides, context, count_padding=config.count_padding)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Find the mean of every window."""
        return self._pooling.forward(x)

    def backward(self, dy: Array) -> Array | None:
        """Pass an equal share of each gradient to every value of its window."""
        return self._pooling.backward(dy)
