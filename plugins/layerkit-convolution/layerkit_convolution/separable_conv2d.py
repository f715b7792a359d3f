"""Separable convolution of images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self, final

from annotated_types import Gt
from pydantic import Field, model_validator

from layerkit.plugin import Array, Chain, Composite, LayerContext, LayerPlan, Shape, plan_chain
from layerkit_convolution.conv2d import Conv2dConfig
from layerkit_convolution.convolution_config import ConvolutionConfig
from layerkit_convolution.depthwise_conv2d import DepthwiseConv2dConfig
from layerkit_convolution.padding import Padding, check_padding, image_slides
from layerkit_convolution.windows import Length, Size, check_fits, check_image


class SeparableConv2dConfig(ConvolutionConfig):
    """A convolution of each channel for itself, then one of every pixel for itself.

    ``(height, width, channels) -> (rows, columns, filters)``: ``depthwise_conv2d`` without a bias,
    then ``conv2d`` with a kernel of size 1, under the names ``depthwise`` and ``pointwise``. It
    has far fewer weights than ``conv2d``, and takes less work.

    Attributes
    ----------
    filters
        Number of output channels, at least 1.
    kernel_size
        Height and width of the windows of the first, or one number for both.
    multiplier
        How many numbers the first makes of each channel, at least 1.
    stride, padding, dilation
        Of the first, as those of ``conv2d``.
    bias
        Whether the second adds a bias.
    parametrization, weight_initializer
        Of both, as those of ``conv2d``.
    bias_initializer
        What fills ``pointwise.bias`` ``(filters,)``; by default ``zeros``.

    Notes
    -----
    As Keras's ``SeparableConv2D``, whose ``depth_multiplier`` is ``multiplier``.

    References
    ----------
    Chollet (2017), Xception: deep learning with depthwise separable convolutions.
    """

    type: Literal["separable_conv2d"] = "separable_conv2d"
    filters: Annotated[int, Gt(0), Field(examples=[16])]
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
        """Plan both convolutions."""
        check_image("separable_conv2d", x)
        check_fits(
            "separable_conv2d",
            *image_slides(x, self.kernel_size, self.stride, self.padding, self.dilation),
        )
        depthwise = DepthwiseConv2dConfig(
            name="depthwise",
            kernel_size=self.kernel_size,
            multiplier=self.multiplier,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            bias=False,
            parametrization=self.parametrization,
            weight_initializer=self.weight_initializer,
        )
        pointwise = Conv2dConfig(
            name="pointwise",
            filters=self.filters,
            kernel_size=1,
            bias=self.bias,
            parametrization=self.parametrization,
            weight_initializer=self.weight_initializer,
            bias_initializer=self.bias_initializer,
        )
        return plan_chain([depthwise, pointwise], x)


@final
class SeparableConv2d(Composite[SeparableConv2dConfig]):
    """See `SeparableConv2dConfig`."""

    def __init__(self, config: SeparableConv2dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._chain = Chain(context, context.plan.layers, context.input_grad, context.mask)
        self.chains: Sequence[Chain] = (self._chain,)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Run one convolution after the other."""
        return self._chain.forward(x, training=training)

    def backward(self, dy: Array) -> Array | None:
        """Run them backward."""
        return self._chain.backward(dy)
