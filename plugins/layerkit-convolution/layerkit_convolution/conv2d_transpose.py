"""Transposed convolution of images."""

from __future__ import annotations

from typing import Annotated, Literal, Self, final

from annotated_types import Gt
from pydantic import Field, model_validator

from layerkit.plugin import Array, Fan, Layer, LayerContext, LayerPlan, Shape
from layerkit_convolution.convolution import transposed_convolution
from layerkit_convolution.convolution_config import (
    ConvolutionConfig,
    check_channels,
    check_filters,
)
from layerkit_convolution.padding import Counts, Padding, by_axis, check_padding
from layerkit_convolution.transposed import (
    check_output,
    check_output_padding,
    overlap,
    transposed_slide,
)
from layerkit_convolution.windows import Size, Slide, both, check_image


class Conv2dTransposeConfig(ConvolutionConfig):
    """Spreads every pixel over a window: ``(height, width, channels) -> (rows, columns, filters)``.

    Adds ``weight[a, b] @ x[i, j]`` to ``y[i * stride + a * dilation, j * stride + b * dilation]``,
    for all ``i, j, a, b``, and the bias; then takes ``padding`` off the ends. So
    ``rows = (height - 1) * stride + reach - 2 * padding + output_padding`` with
    ``reach = (kernel - 1) * dilation + 1``. It is what ``conv2d`` with these options computes as
    the gradient with respect to its input. With ``"ntk"``, the weight is divided by the square root
    of ``channels / groups * ceil(kernel / stride)`` of both axes.

    Attributes
    ----------
    filters
        Number of output channels, at least 1; a multiple of ``groups``.
    kernel_size
        Height and width of the windows, or one number for both.
    stride
        Steps down and across from one window to the next, or one number for both.
    padding
        How much of the output's ends is left out: ``"valid"`` for nothing; ``"same"`` for what
        makes ``rows = height * stride``; or how many rows above and
        below, and how many columns left and right, or one number for both. Less than ``reach``.
    output_padding
        How many more rows the output has at the bottom, and how many more columns at the right, or
        one number for both; less than ``stride``, and none with ``"same"``.
    dilation
        Steps down and across from one pixel of a window to its next, or one number for both.
    groups
        Into how many equal parts channels and filters are divided; a filter sees only the channels
        of its own part.
    weight_initializer, bias_initializer
        What fills ``weight`` ``(kernel height, kernel width, filters / groups, channels)`` and
        ``bias`` ``(filters,)``; by default ``by_activation`` and ``zeros``; of a weight with
        ``"ntk"`` a ``normal`` of deviation 1.

    Notes
    -----
    ``weight`` is laid out as in Keras; PyTorch's ``ConvTranspose2d`` has ``(channels,
    filters / groups, kernel height, kernel width)``. ``padding`` and ``output_padding`` in numbers
    mean what PyTorch's do. With a kernel shorter than the stride, Keras's ``"valid"`` adds empty
    rows and columns at the end; PyTorch's 0 does not, and neither does this. PyTorch has no
    ``"same"``. Initializers count ``ceil(kernel / stride)`` pixels of every axis as the inputs of
    an output, the most that reach it; both libraries leave the stride out of it.

    References
    ----------
    Dumoulin, Visin (2016), A guide to convolution arithmetic for deep learning, chapter 4.
    Zeiler, Krishnan, Taylor, Fergus (2010), Deconvolutional networks.
    """

    type: Literal["conv2d_transpose"] = "conv2d_transpose"
    filters: Annotated[int, Gt(0), Field(examples=[16])]
    kernel_size: Annotated[Size, Field(examples=[3])]
    stride: Size = 1
    padding: Padding = "valid"
    output_padding: Counts = 0
    dilation: Size = 1
    groups: Annotated[int, Gt(0)] = 1

    @model_validator(mode="after")
    def _both_paddings_fit_and_filters_make_equal_groups(self) -> Self:
        check_padding(self.padding, self.kernel_size, self.dilation)
        check_output_padding(self.output_padding, self.stride, self.padding)
        check_filters(self.filters, self.groups)
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``weight`` and ``bias``."""
        check_image("conv2d_transpose", x)
        check_channels("conv2d_transpose", x, self.groups)
        rows, columns = self.slides(x)
        check_output("conv2d_transpose", x, rows, columns)
        fan = Fan(
            overlap(rows) * overlap(columns) * x[-1] // self.groups,
            rows.window * columns.window * self.filters // self.groups,
        )
        weight = (rows.window, columns.window, self.filters // self.groups, x[-1])
        params = self.parameters(weight, self.filters, fan)
        return LayerPlan((rows.length, columns.length, self.filters), params)

    def slides(self, x: Shape) -> tuple[Slide, Slide]:
        """Return the windows of the convolution that this transposes: over the output."""
        sizes, strides, dilations, more = map(
            both, (self.kernel_size, self.stride, self.dilation, self.output_padding)
        )
        down, across = by_axis(self.padding)
        return (
            transposed_slide(x[0], sizes[0], strides[0], down, more[0], dilations[0]),
            transposed_slide(x[1], sizes[1], strides[1], across, more[1], dilations[1]),
        )


@final
class Conv2dTranspose(Layer[Conv2dTransposeConfig]):
    """See `Conv2dTransposeConfig`."""

    def __init__(self, config: Conv2dTransposeConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        slides = config.slides(context.input_shape)
        factor = config.factor(context.plan.params["weight"])
        self._convolution = transposed_convolution(slides, context, config.groups, factor)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Spread every pixel, and add the bias."""
        return self._convolution.forward(x)

    def backward(self, dy: Array) -> Array | None:
        """Find the gradients of weight, bias and input; see `Convolution`."""
        return self._convolution.backward(dy)
