"""Convolution of sequences."""

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
from layerkit_convolution.padding import CausalPadding, check_padding, step_slides
from layerkit_convolution.step_mask import StepMask
from layerkit_convolution.windows import Length, Slide, check_fits, check_sequence


class Conv1dConfig(ConvolutionConfig):
    """Filters that slide over sequences: ``(time, channels) -> (steps, filters)``.

    ``y[i] = bias + sum over a of x[i * stride + a * dilation] @ weight[a]``, where ``x`` has its
    padding around it, and ``steps = (time + padding - reach) // stride + 1`` with
    ``reach = (kernel - 1) * dilation + 1``. (Strictly a cross-correlation: the kernel is not turned
    round.) With ``"ntk"``, the weight is divided by ``sqrt(kernel * channels / groups)``.

    Of sequences with a mask, steps that do not count are zeros, and step ``i`` of the output counts
    where step ``i * stride`` of the input does.

    Attributes
    ----------
    filters
        Number of output channels, at least 1; a multiple of ``groups``.
    kernel_size
        Steps in a window.
    stride
        Steps from one window to the next.
    padding
        Zeros at the ends: ``"valid"`` for none; ``"same"`` for as many as make
        ``steps = ceil(time / stride)``, an odd one at the end; ``"causal"`` for as many, all of
        them at the start, so that no output sees steps after its own; or how many at either end,
        less than ``reach``.
    dilation
        Steps from one element of a window to its next.
    groups
        Into how many equal parts channels and filters are divided; a filter sees only the channels
        of its own part.
    weight_initializer, bias_initializer
        What fills ``weight`` ``(kernel, channels / groups, filters)`` and ``bias`` ``(filters,)``;
        by default ``by_activation`` and ``zeros``; of a weight with ``"ntk"`` a ``normal`` of
        deviation 1.

    Notes
    -----
    Sequences and ``weight`` are laid out as in Keras; PyTorch has ``(channels, time)`` and
    ``(filters, channels / groups, kernel)``. ``padding = "same"`` with a stride pads as TensorFlow
    does, which PyTorch refuses. PyTorch has no ``"causal"``, and neither takes masks.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, sections 9.1 and 9.5.
    van den Oord et al. (2016), WaveNet: a generative model for raw audio, on causal and dilated
    convolutions.
    """

    type: Literal["conv1d"] = "conv1d"
    filters: Annotated[int, Gt(0), Field(examples=[16])]
    kernel_size: Annotated[Length, Field(examples=[3])]
    stride: Length = 1
    padding: CausalPadding = "valid"
    dilation: Length = 1
    groups: Annotated[int, Gt(0)] = 1

    @model_validator(mode="after")
    def _padding_is_less_than_reach_and_filters_make_equal_groups(self) -> Self:
        check_padding(self.padding, self.kernel_size, self.dilation)
        check_filters(self.filters, self.groups)
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``weight`` and ``bias``; a filter is connected to what its window covers."""
        check_sequence("conv1d", x)
        check_channels("conv1d", x, self.groups)
        row, steps = self.slides(x)
        check_fits("conv1d", row, steps)
        channels = x[1] // self.groups
        fan = Fan(steps.window * channels, steps.window * self.filters // self.groups)
        weight = (steps.window, channels, self.filters)
        return LayerPlan((steps.count, self.filters), self.parameters(weight, self.filters, fan))

    def slides(self, x: Shape) -> tuple[Slide, Slide]:
        """Return the windows along a sequence, taken for an image of one row."""
        return step_slides(x, self.kernel_size, self.stride, self.padding, self.dilation)


@final
class Conv1d(Layer[Conv1dConfig]):
    """See `Conv1dConfig`."""

    def __init__(self, config: Conv1dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        slides = config.slides(context.input_shape)
        factor = config.factor(context.plan.params["weight"])
        self._convolution = convolution(slides, context, config.groups, factor)
        self._steps = StepMask(context, config.stride)

    @property
    def mask(self) -> Array | None:
        """Which steps of the output count."""
        return self._steps.mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply every window by the weight and add the bias."""
        return self._convolution.forward(self._steps.only_counted(x))

    def backward(self, dy: Array) -> Array | None:
        """Find the gradients of weight, bias and input; see `Convolution`."""
        return self._steps.clear_others(self._convolution.backward(dy))
