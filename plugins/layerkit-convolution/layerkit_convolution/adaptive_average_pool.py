"""Adaptive average pooling."""

from __future__ import annotations

from typing import Annotated, Literal, final

from pydantic import Field

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape
from layerkit_convolution.cells import CellAverages, as_image, cells
from layerkit_convolution.windows import Size, numbers_for


class AdaptiveAveragePoolConfig(LayerConfig):
    """The mean of every part of an image or a sequence, for an output of a given size.

    ``(height, width, channels) -> (rows, columns, channels)``, or
    ``(time, channels) -> (steps, channels)``. Part ``i`` of ``n`` goes from element
    ``floor(i * length / n)`` to before element ``ceil((i + 1) * length / n)``; where ``n`` does not
    divide the length, neighbours overlap by an element. Steps that do not count by the mask of a
    sequence are values as the others.

    Attributes
    ----------
    output_size
        Rows and columns of the output, or one number for both; of sequences one number, the steps.

    Notes
    -----
    As PyTorch's ``AdaptiveAvgPool1d`` and ``AdaptiveAvgPool2d``; Keras has none.

    References
    ----------
    He, Zhang, Ren, Sun (2014), Spatial pyramid pooling in deep convolutional networks for visual
    recognition, whose bins are such parts.
    """

    type: Literal["adaptive_average_pool"] = "adaptive_average_pool"
    output_size: Annotated[Size, Field(examples=[1])]

    def plan(self, x: Shape) -> LayerPlan:
        """Plan one value for each part and channel."""
        size = numbers_for("adaptive_average_pool", "output_size", self.output_size, x)
        return LayerPlan((*size, x[-1]))


@final
class AdaptiveAveragePool(Layer[AdaptiveAveragePoolConfig]):
    """See `AdaptiveAveragePoolConfig`."""

    def __init__(self, config: AdaptiveAveragePoolConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        image, output = as_image(context.input_shape), as_image(context.output_shape)
        rows, columns = cells(image[0], output[0]), cells(image[1], output[1])
        self._pooling = CellAverages(image, rows, columns, context)

    @property
    def mask(self) -> Array | None:
        """None: parts of a sequence are no steps."""
        return None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Find the mean of every part."""
        return self._pooling.forward(x)

    def backward(self, dy: Array) -> Array | None:
        """Pass an equal share of each gradient to every value of its part."""
        return self._pooling.backward(dy)
