"""Convolution of images."""

from __future__ import annotations

from typing import Annotated, Literal, Self, final

from annotated_types import Gt
from pydantic import Field, model_validator

from layerkit.plugin import Array, Fan, Layer, LayerContext, LayerPlan, Shape
from layerkit_convolution.convolution import convolution
from layerkit_convolution.convolution_config import (
    ConvolutionConfig,
    check_channels,
    check_filters,
)
from layerkit_convolution.padding import Padding, check_padding, image_slides
from layerkit_convolution.windows import Size, Slide, check_fits, check_image


class Conv2dConfig(ConvolutionConfig):
    """Filters that slide over images: ``(height, width, channels) -> (rows, columns, filters)``.

    ``y[i, j] = bias + sum over a, b of x[i * stride + a * dilation, j * stride + b * dilation] @
    weight[a, b]``, where ``x`` has its padding around it, and ``rows = (height + padding - reach)
    // stride + 1`` with ``reach = (kernel - 1) * dilation + 1``. (Strictly a cross-correlation: the
    kernel is not turned round.) With ``"ntk"``, the weight is divided by ``sqrt(kernel height *
    kernel width * channels / groups)``.

    Attributes
    ----------
    filters
        Number of output channels, at least 1; a multiple of ``groups``.
    kernel_size
        Height and width of the windows, or one number for both.
    stride
        Steps down and across from one window to the next, or one number for both.
    padding
        Zeros around the image: ``"valid"`` for none; ``"same"`` for as many as make
        ``rows = ceil(height / stride)``, an odd one at the bottom or right; or how many above and
        below, and how many left and right, or one number for both. Less than ``reach``.
    dilation
        Steps down and across from one pixel of a window to its next, or one number for both.
    groups
        Into how many equal parts channels and filters are divided; a filter sees only the channels
        of its own part.
    weight_initializer, bias_initializer
        What fills ``weight`` ``(kernel height, kernel width, channels / groups, filters)`` and
        ``bias`` ``(filters,)``; by default ``by_activation`` and ``zeros``; of a weight with
        ``"ntk"`` a ``normal`` of deviation 1.

    Notes
    -----
    Images and ``weight`` are laid out as in Keras; PyTorch has ``(channels, height, width)`` and
    ``(filters, channels / groups, kernel height, kernel width)``. ``padding = "same"`` with a
    stride pads as TensorFlow does, which PyTorch refuses; its number 1 pads evenly at both ends.

    References
    ----------
    LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to document recognition.
    Goodfellow, Bengio, Courville (2016), Deep Learning, sections 9.1 and 9.5.
    Yu, Koltun (2016), Multi-scale context aggregation by dilated convolutions.
    Xie, Girshick, Dollár, Tu, He (2017), Aggregated residual transformations for deep neural
    networks, on groups.
    """

    type: Literal["conv2d"] = "conv2d"
    filters: Annotated[int, Gt(0), Field(examples=[16])]
    kernel_size: Annotated[Size, Field(examples=[3])]
    stride: Size = 1
    padding: Padding = "valid"
    dilation: Size = 1
    groups: Annotated[int, Gt(0)] = 1

    @model_validator(mode="after")
    def _padding_is_less_than_reach_and_filters_make_equal_groups(self) -> Self:
        check_padding(self.padding, self.kernel_size, self.dilation)
        check_filters(self.filters, self.groups)
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``weight`` and ``bias``; a filter is connected to what its window covers."""
        check_image("conv2d", x)
        check_channels("conv2d", x, self.groups)
        rows, columns = self.slides(x)
        check_fits("conv2d", rows, columns)
        area, channels = rows.window * columns.window, x[2] // self.groups
        fan = Fan(area * channels, area * self.filters // self.groups)
        weight = (rows.window, columns.window, channels, self.filters)
        params = self.parameters(weight, self.filters, fan)
        return LayerPlan((rows.count, columns.count, self.filters), params)

    def slides(self, x: Shape) -> tuple[Slide, Slide]:
        """Return the windows down and across an image."""
        return image_slides(x, self.kernel_size, self.stride, self.padding, self.dilation)


@final
class Conv2d(Layer[Conv2dConfig]):
    """See `Conv2dConfig`."""

    def __init__(self, config: Conv2dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        slides = config.slides(context.input_shape)
        factor = config.factor(context.plan.params["weight"])
        self._convolution = convolution(slides, context, config.groups, factor)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply every window by the weight and add the bias."""
        return self._convolution.forward(x)

    def backward(self, dy: Array) -> Array | None:
        """Find the gradients of weight, bias and input; see `Convolution`."""
        return self._convolution.backward(dy)
