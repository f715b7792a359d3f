"""Average pooling of sequences."""

from __future__ import annotations

from typing import Literal, Self, final

from pydantic import model_validator

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape
from layerkit_convolution.padding import StepPadding, check_padding, step_slides
from layerkit_convolution.pooling import AveragePooling
from layerkit_convolution.step_mask import StepMask
from layerkit_convolution.windows import Length, Slide, check_fits, check_sequence


class AveragePool1dConfig(LayerConfig):
    """The mean of every window, channel by channel.

    ``(time, channels) -> (steps, channels)``, where
    ``steps = (time + padding - size) // stride + 1``; steps that fill no window are left out.

    Of sequences with a mask, the mean of the steps that count; step ``i`` of the output counts
    where step ``i * stride`` of the input does.

    Attributes
    ----------
    size
        Steps in a window.
    stride
        Steps from one window to the next; by default ``size``, so that windows do not overlap.
    padding
        Zeros at the ends: ``"valid"`` for none; ``"same"`` for as many as make
        ``steps = ceil(time / stride)``, an odd one at the end; or how many at either end, less
        than ``size``.
    count_padding
        Whether the zeros of the padding are values of which the mean is taken.

    Notes
    -----
    ``size`` is Keras's ``pool_size`` and PyTorch's ``kernel_size``. Zeros of the padding are not
    counted, as in Keras; PyTorch's ``count_include_pad``, which is ``count_padding``, is on by
    default. ``padding = "same"`` is TensorFlow's; PyTorch has numbers alone, up to half of
    ``size``. Neither takes masks.

    References
    ----------
    LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to document recognition,
    of images.
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 9.3.
    """

    type: Literal["average_pool1d"] = "average_pool1d"
    size: Length = 2
    stride: Length | None = None
    padding: StepPadding = "valid"
    count_padding: bool = False

    @model_validator(mode="after")
    def _padding_is_less_than_the_windows(self) -> Self:
        check_padding(self.padding, self.size)
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan one value per window and channel."""
        check_sequence("average_pool1d", x)
        row, steps = self.slides(x)
        check_fits("average_pool1d", row, steps)
        return LayerPlan((steps.count, x[1]))

    def slides(self, x: Shape) -> tuple[Slide, Slide]:
        """Return the windows along a sequence, taken for an image of one row."""
        return step_slides(x, self.size, self.stride or self.size, self.padding)


@final
class AveragePool1d(Layer[AveragePool1dConfig]):
    """See `AveragePool1dConfig`."""

    def __init__(self, config: AveragePool1dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        slides = config.slides(context.input_shape)
        self._pooling = AveragePooling(slides, context, count_padding=config.count_padding)
        self._steps = StepMask(context, config.stride or config.size)

    @property
    def mask(self) -> Array | None:
        """Which steps of the output count."""
        return self._steps.mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Find the mean of every window."""
        return self._pooling.forward(self._steps.only_counted(x))

    def backward(self, dy: Array) -> Array | None:
        """Pass an equal share of each gradient to every value of its window."""
        return self._steps.clear_others(self._pooling.backward(dy))
