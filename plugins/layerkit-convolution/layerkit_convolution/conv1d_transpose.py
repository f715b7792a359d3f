"""Transposed convolution of sequences."""

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
from layerkit_convolution.padding import Count, StepPadding, check_padding
from layerkit_convolution.step_mask import StepMask
from layerkit_convolution.transposed import (
    check_output,
    check_output_padding,
    overlap,
    transposed_slide,
)
from layerkit_convolution.windows import ONE_ROW, Length, Slide, check_sequence


class Conv1dTransposeConfig(ConvolutionConfig):
    """Spreads every step over a window: ``(time, channels) -> (steps, filters)``.

    Adds ``weight[a] @ x[i]`` to ``y[i * stride + a * dilation]``, for all ``i, a``, and the bias;
    then takes ``padding`` off the ends. So
    ``steps = (time - 1) * stride + reach - 2 * padding + output_padding`` with
    ``reach = (kernel - 1) * dilation + 1``. It is what ``conv1d`` with these options computes as
    the gradient with respect to its input. With ``"ntk"``, the weight is divided by
    ``sqrt(channels / groups * ceil(kernel / stride))``.

    Attributes
    ----------
    filters
        Number of output channels, at least 1; a multiple of ``groups``.
    kernel_size
        Steps in a window.
    stride
        Steps from one window to the next.
    padding
        How much of the output's ends is left out: ``"valid"`` for nothing; ``"same"`` for what
        makes ``steps = time * stride``; or how many steps at either end. Less than ``reach``.
    output_padding
        How many more steps the output has at its end, less than ``stride``; none with ``"same"``.
    dilation
        Steps from one element of a window to its next.
    groups
        Into how many equal parts channels and filters are divided; a filter sees only the channels
        of its own part.
    weight_initializer, bias_initializer
        What fills ``weight`` ``(kernel, filters / groups, channels)`` and
        ``bias`` ``(filters,)``; by default ``by_activation`` and ``zeros``; of a weight with
        ``"ntk"`` a ``normal`` of deviation 1.

    Notes
    -----
    ``weight`` is laid out as in Keras; PyTorch's ``ConvTranspose1d`` has ``(channels,
    filters / groups, kernel)``. ``padding`` and ``output_padding`` in numbers mean what PyTorch's
    do. With a kernel shorter than the stride, Keras's ``"valid"`` adds empty steps at the end;
    PyTorch's 0 does not, and neither does this. PyTorch has no ``"same"``. Initializers count
    ``ceil(kernel / stride)`` steps as the inputs of an output, the most that reach it; both
    libraries leave the stride out of it.

    Of sequences with a mask, steps that do not count are zeros, and step ``i`` of the output counts
    where step ``i // stride`` of the input does.

    References
    ----------
    Dumoulin, Visin (2016), A guide to convolution arithmetic for deep learning, chapter 4.
    Zeiler, Krishnan, Taylor, Fergus (2010), Deconvolutional networks.
    """

    type: Literal["conv1d_transpose"] = "conv1d_transpose"
    filters: Annotated[int, Gt(0), Field(examples=[16])]
    kernel_size: Annotated[Length, Field(examples=[3])]
    stride: Length = 1
    padding: StepPadding = "valid"
    output_padding: Count = 0
    dilation: Length = 1
    groups: Annotated[int, Gt(0)] = 1

    @model_validator(mode="after")
    def _both_paddings_fit_and_filters_make_equal_groups(self) -> Self:
        check_padding(self.padding, self.kernel_size, self.dilation)
        check_output_padding(self.output_padding, self.stride, self.padding)
        check_filters(self.filters, self.groups)
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``weight`` and ``bias``."""
        check_sequence("conv1d_transpose", x)
        check_channels("conv1d_transpose", x, self.groups)
        rows, columns = self.slides(x)
        check_output("conv1d_transpose", x, rows, columns)
        fan = Fan(
            overlap(rows) * overlap(columns) * x[-1] // self.groups,
            rows.window * columns.window * self.filters // self.groups,
        )
        weight = (columns.window, self.filters // self.groups, x[-1])
        params = self.parameters(weight, self.filters, fan)
        return LayerPlan((columns.length, self.filters), params)

    def slides(self, x: Shape) -> tuple[Slide, Slide]:
        """Return the windows of the convolution that this transposes: over the output."""
        return ONE_ROW, transposed_slide(
            x[0],
            self.kernel_size,
            self.stride,
            self.padding,
            self.output_padding,
            self.dilation,
        )


@final
class Conv1dTranspose(Layer[Conv1dTransposeConfig]):
    """See `Conv1dTransposeConfig`."""

    def __init__(self, config: Conv1dTransposeConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        slides = config.slides(context.input_shape)
        factor = config.factor(context.plan.params["weight"])
        self._convolution = transposed_convolution(slides, context, config.groups, factor)
        self._steps = StepMask(context, repeats=config.stride)

    @property
    def mask(self) -> Array | None:
        """Which steps of the output count."""
        return self._steps.mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Spread every step, and add the bias."""
        return self._convolution.forward(self._steps.only_counted(x))

    def backward(self, dy: Array) -> Array | None:
        """Find the gradients of weight, bias and input; see `Convolution`."""
        return self._steps.clear_others(self._convolution.backward(dy))
