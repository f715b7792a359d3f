"""Depthwise convolution of sequences."""

from __future__ import annotations

from typing import Annotated, Literal, Self, final

from pydantic import Field, model_validator

from layerkit.plugin import Array, Fan, Layer, LayerContext, LayerPlan, Shape
from layerkit_convolution.convolution import convolution
from layerkit_convolution.convolution_config import ConvolutionConfig
from layerkit_convolution.padding import CausalPadding, check_padding, step_slides
from layerkit_convolution.step_mask import StepMask
from layerkit_convolution.windows import Length, Slide, check_fits, check_sequence


class DepthwiseConv1dConfig(ConvolutionConfig):
    """Every channel of a sequence has filters of its own, ``multiplier`` of them.

    ``(time, channels) -> (steps, channels * multiplier)``, where
    ``y[i, c * multiplier + m] = bias[c * multiplier + m] + sum over a of x[i * stride + a *
    dilation, c] * weight[a, c, m]``, and steps are counted as by ``conv1d``: it is ``conv1d`` with
    as many groups as channels. With ``"ntk"``, the weight is divided by ``sqrt(kernel)``. Masks
    are treated as by ``conv1d``.

    Attributes
    ----------
    kernel_size
        Steps in a window.
    multiplier
        Filters for each channel, at least 1.
    stride, padding, dilation
        As those of ``conv1d``.
    weight_initializer, bias_initializer
        What fills ``weight`` ``(kernel, channels, multiplier)`` and ``bias``
        ``(channels * multiplier,)``; by default ``by_activation`` and ``zeros``; of a weight with
        ``"ntk"`` a ``normal`` of deviation 1.

    Notes
    -----
    As Keras's ``DepthwiseConv1D``, whose ``depth_multiplier`` is ``multiplier``. PyTorch has it as
    ``Conv1d`` with ``groups`` of one channel.

    References
    ----------
    Sifre (2014), Rigid-motion scattering for image classification, section 6.2.
    """

    type: Literal["depthwise_conv1d"] = "depthwise_conv1d"
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
        """Plan ``weight`` and ``bias``; a filter is connected to one channel of its window."""
        check_sequence("depthwise_conv1d", x)
        row, steps = self.slides(x)
        check_fits("depthwise_conv1d", row, steps)
        filters = x[1] * self.multiplier
        fan = Fan(steps.window, steps.window * self.multiplier)
        params = self.parameters((steps.window, x[1], self.multiplier), filters, fan)
        return LayerPlan((steps.count, filters), params)

    def slides(self, x: Shape) -> tuple[Slide, Slide]:
        """Return the windows along a sequence, taken for an image of one row."""
        return step_slides(x, self.kernel_size, self.stride, self.padding, self.dilation)


@final
class DepthwiseConv1d(Layer[DepthwiseConv1dConfig]):
    """See `DepthwiseConv1dConfig`."""

    def __init__(self, config: DepthwiseConv1dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        slides = config.slides(context.input_shape)
        factor = config.factor(context.plan.params["weight"])
        groups = context.input_shape[-1]
        self._convolution = convolution(slides, context, groups, factor)
        self._steps = StepMask(context, config.stride)

    @property
    def mask(self) -> Array | None:
        """Which steps of the output count."""
        return self._steps.mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply every channel of every window by its weight and add the bias."""
        return self._convolution.forward(self._steps.only_counted(x))

    def backward(self, dy: Array) -> Array | None:
        """Find the gradients of weight, bias and input; see `Convolution`."""
        return self._steps.clear_others(self._convolution.backward(dy))
