"""Separable convolution of sequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self, final

from annotated_types import Gt
from pydantic import Field, model_validator

from layerkit.plugin import Array, Chain, Composite, LayerContext, LayerPlan, Shape, plan_chain
from layerkit_convolution.conv1d import Conv1dConfig
from layerkit_convolution.convolution_config import ConvolutionConfig
from layerkit_convolution.depthwise_conv1d import DepthwiseConv1dConfig
from layerkit_convolution.padding import CausalPadding, check_padding, step_slides
from layerkit_convolution.windows import Length, check_fits, check_sequence


class SeparableConv1dConfig(ConvolutionConfig):
    """A convolution of each channel for itself, then one of every step for itself.

    ``(time, channels) -> (steps, filters)``: ``depthwise_conv1d`` without a bias,
    then ``conv1d`` with a kernel of size 1, under the names ``depthwise`` and ``pointwise``. It
    has far fewer weights than ``conv1d``, and takes less work.

    Attributes
    ----------
    filters
        Number of output channels, at least 1.
    kernel_size
        Steps in a window of the first.
    multiplier
        How many numbers the first makes of each channel, at least 1.
    stride, padding, dilation
        Of the first, as those of ``conv1d``.
    bias
        Whether the second adds a bias.
    parametrization, weight_initializer
        Of both, as those of ``conv1d``.
    bias_initializer
        What fills ``pointwise.bias`` ``(filters,)``; by default ``zeros``.

    Notes
    -----
    As Keras's ``SeparableConv1D``, whose ``depth_multiplier`` is ``multiplier``. Masks are
    treated as by ``conv1d``.

    References
    ----------
    Chollet (2017), Xception: deep learning with depthwise separable convolutions.
    """

    type: Literal["separable_conv1d"] = "separable_conv1d"
    filters: Annotated[int, Gt(0), Field(examples=[16])]
    kernel_size: Annotated[Length, Field(examples=[3])]
    multiplier: Length = 1
    stride: Length = 1
    padding: CausalPadding = "valid"
    dilation: Length = 1

    @model_validator(mode="after")
    def _padding_is_less_than_the_windows(self) -> Self:
        check_padding(self.padding, self.kernel_size, self.dilation)
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan both convolutions."""
        check_sequence("separable_conv1d", x)
        check_fits(
            "separable_conv1d",
            *step_slides(x, self.kernel_size, self.stride, self.padding, self.dilation),
        )
        depthwise = DepthwiseConv1dConfig(
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
        pointwise = Conv1dConfig(
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
class SeparableConv1d(Composite[SeparableConv1dConfig]):
    """See `SeparableConv1dConfig`."""

    def __init__(self, config: SeparableConv1dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._chain = Chain(context, context.plan.layers, context.input_grad, context.mask)
        self.chains: Sequence[Chain] = (self._chain,)

    @property
    def mask(self) -> Array | None:
        """Which steps of the output count."""
        return self._chain.mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Run one convolution after the other."""
        return self._chain.forward(x, training=training)

    def backward(self, dy: Array) -> Array | None:
        """Run them backward."""
        return self._chain.backward(dy)
