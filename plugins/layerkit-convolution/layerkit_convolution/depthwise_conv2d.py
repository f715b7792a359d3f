"""Depthwise convolution of images."""

from __future__ import annotations

from typing import Annotated, Literal, Self, final

from pydantic import Field, model_validator

from layerkit.plugin import Array, Fan, Layer, LayerContext, LayerPlan, Shape
from layerkit_convolution.convolution import convolution
from layerkit_convolution.convolution_config import ConvolutionConfig
from layerkit_convolution.padding import Padding, check_padding, image_slides
from layerkit_convolution.windows import Length, Size, Slide, check_fits, check_image


class DepthwiseConv2dConfig(ConvolutionConfig):
    """Every channel of an image has filters of its own, ``multiplier`` of them.

    ``(height, width, channels) -> (rows, columns, channels * multiplier)``, where
    ``y[i, j, c * multiplier + m] = bias[c * multiplier + m] + sum over a, b of x[i * stride + a *
    dilation, j * stride + b * dilation, c] * weight[a, b, c, m]``, and rows are counted as by
    ``conv2d``: it is ``conv2d`` with as many groups as channels. With ``"ntk"``, the weight is
    divided by ``sqrt(kernel height * kernel width)``.

    Attributes
    ----------
    kernel_size
        Height and width of the windows, or one number for both.
    multiplier
        Filters for each channel, at least 1.
    stride, padding, dilation
        As those of ``conv2d``.
    weight_initializer, bias_initializer
        What fills ``weight`` ``(kernel height, kernel width, channels, multiplier)`` and ``bias``
        ``(channels * multiplier,)``; by default ``by_activation`` and ``zeros``; of a weight with
        ``"ntk"`` a ``normal`` of deviation 1.

    Notes
    -----
    As Keras's ``DepthwiseConv2D``, whose ``depth_multiplier`` is ``multiplier``. PyTorch has it as
    ``Conv2d`` with ``groups`` of one channel.

    References
    ----------
    Sifre (2014), Rigid-motion scattering for image classification, section 6.2.
    Howard et al. (2017), MobileNets: efficient convolutional neural networks for mobile vision
    applications.
    """

    type: Literal["depthwise_conv2d"] = "depthwise_conv2d"
    kernel_size: Annotated[Size, Field(examples=[3])]
    multiplier: Length = 1
    stride: Size = 1
    padding: Padding = "valid"
    dilation: Size = 1

    @model_validator(mode="after")
    def _padding_is_less_than_the_windows(self) -> Self:
        check_padding(self.padding, self.kernel_size, self.dilation)
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``weight`` and ``bias``; a filter is connected to one channel of its window."""
        check_image("depthwise_conv2d", x)
        rows, columns = self.slides(x)
        check_fits("depthwise_conv2d", rows, columns)
        area, filters = rows.window * columns.window, x[2] * self.multiplier
        weight = (rows.window, columns.window, x[2], self.multiplier)
        params = self.parameters(weight, filters, Fan(area, area * self.multiplier))
        return LayerPlan((rows.count, columns.count, filters), params)

    def slides(self, x: Shape) -> tuple[Slide, Slide]:
        """Return the windows down and across an image."""
        return image_slides(x, self.kernel_size, self.stride, self.padding, self.dilation)


@final
class DepthwiseConv2d(Layer[DepthwiseConv2dConfig]):
    """See `DepthwiseConv2dConfig`."""

    def __init__(self, config: DepthwiseConv2dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        slides = config.slides(context.input_shape)
        factor = config.factor(context.plan.params["weight"])
        groups = context.input_shape[-1]
        self._convolution = convolution(slides, context, groups, factor)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply every channel of every window by its weight and add the bias."""
        return self._convolution.forward(x)

    def backward(self, dy: Array) -> Array | None:
        """Find the gradients of weight, bias and input; see `Convolution`."""
        return self._convolution.backward(dy)
