"""Enlarging images and sequences."""

from __future__ import annotations

from typing import Literal, final

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape
from layerkit_convolution.enlarging import Interpolation, Repetition
from layerkit_convolution.step_mask import StepMask
from layerkit_convolution.windows import Size, both, numbers_for


class UpsampleConfig(LayerConfig):
    """Images enlarged by whole numbers.

    ``(height, width, channels) -> (height * down, width * across, channels)``, or
    ``(time, channels) -> (time * factor, channels)``. With ``"nearest"``, every pixel becomes a
    rectangle of ``down`` by ``across`` equal ones. With ``"bilinear"``, pixel ``i`` of an axis of
    the output lies at ``(i + 0.5) / factor - 0.5`` between those of the input, and is their mean
    with weights that fall linearly with the distance; at the ends, where it lies outside, it is the
    last one. Of a sequence with a mask, step ``i`` counts where step ``i // factor`` does.

    Attributes
    ----------
    factor
        How many times as many rows and columns, or one number for both; of sequences one number.
    mode
        ``"nearest"`` or ``"bilinear"`` (for sequences: linear).

    Notes
    -----
    As Keras's ``UpSampling1D`` and ``UpSampling2D``, whose ``size`` is ``factor`` and whose
    ``interpolation`` is ``mode``; and as PyTorch's ``Upsample`` with ``align_corners=False``, whose
    ``scale_factor`` may be a fraction as well. Keras's takes sequences by ``"nearest"`` alone.

    References
    ----------
    Long, Shelhamer, Darrell (2015), Fully convolutional networks for semantic segmentation, section
    3.3, on bilinear interpolation.
    Odena, Dumoulin, Olah (2016), Deconvolution and checkerboard artifacts, on resizing before a
    convolution.
    """

    type: Literal["upsample"] = "upsample"
    factor: Size = 2
    mode: Literal["nearest", "bilinear"] = "nearest"

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape of the larger images."""
        factors = numbers_for("upsample", "factor", self.factor, x)
        larger = (length * factor for length, factor in zip(x[:-1], factors, strict=True))
        return LayerPlan((*larger, x[-1]))


@final
class Upsample(Layer[UpsampleConfig]):
    """See `UpsampleConfig`."""

    def __init__(self, config: UpsampleConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        down, across = both(config.factor)
        is_sequence = len(context.input_shape) == 2
        factors = (1 if is_sequence else down, across)
        enlarging = Repetition if config.mode == "nearest" else Interpolation
        self._enlarging: Repetition | Interpolation = enlarging(factors, context)
        self._steps = StepMask(context, repeats=across) if is_sequence else None

    @property
    def mask(self) -> Array | None:
        """Which steps of the output count."""
        return None if self._steps is None else self._steps.mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Enlarge the images."""
        if self._steps is not None:
            self._steps.follow(len(x))
        return self._enlarging.forward(x)

    def backward(self, dy: Array) -> Array | None:
        """Add up the gradients of all pixels that one was part of."""
        return self._enlarging.backward(dy)
