"""Convolution of images."""

from __future__ import annotations

from typing import Annotated, Literal, Self, final

import numpy as np
from annotated_types import Gt
from pydantic import Field, model_validator

from layerkit.plugin import (
    INITIALIZERS,
    AnyInitializer,
    Array,
    Fan,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    ParameterPlan,
    Shape,
    default,
    problem,
)
from layerkit_convolution.input_gradient import InputGradient
from layerkit_convolution.padding import Padding, both, pad
from layerkit_convolution.patches import Patches
from layerkit_convolution.windows import Size, Slide, check_fits, check_image, height_and_width

SMALL = 10**6
"""Multiplications up to which OpenBLAS is faster, so that images are multiplied one by one."""


class Conv2dConfig(LayerConfig):
    """Filters that slide over images: ``(height, width, channels) -> (rows, columns, filters)``.

    ``y[i, j] = bias + sum over a, b of x[i * stride + a, j * stride + b] @ weight[a, b]``, where
    ``x`` has its padding around it, and ``rows = (height + padding - kernel) // stride + 1``.
    (Strictly a cross-correlation: the kernel is not turned round.)

    Attributes
    ----------
    filters
        Number of output channels, at least 1.
    kernel_size
        Height and width of the windows, or one number for both.
    stride
        Steps down and across from one window to the next, or one number for both.
    padding
        Zeros around the image: ``"valid"`` for none; ``"same"`` for as many as make
        ``rows = ceil(height / stride)``, an odd one at the bottom or right; or how many above and
        below, and how many left and right, or one number for both. Less than the kernel's size.
    bias
        Whether to add a bias.
    weight_initializer, bias_initializer
        What fills ``weight`` ``(kernel height, kernel width, channels, filters)`` and ``bias``
        ``(filters,)``; by default ``xavier_uniform`` and ``zeros``.

    References
    ----------
    LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to document recognition.
    Goodfellow, Bengio, Courville (2016), Deep Learning, sections 9.1 and 9.5.
    """

    type: Literal["conv2d"] = "conv2d"
    filters: Annotated[int, Gt(0), Field(examples=[16])]
    kernel_size: Annotated[Size, Field(examples=[3])]
    stride: Size = 1
    padding: Padding = "valid"
    bias: bool = True
    weight_initializer: AnyInitializer = default(INITIALIZERS, "xavier_uniform")
    bias_initializer: AnyInitializer = default(INITIALIZERS, "zeros")

    @model_validator(mode="after")
    def _padding_is_less_than_the_kernel(self) -> Self:
        if not isinstance(self.padding, str):
            kernel, zeros = height_and_width(self.kernel_size), both(self.padding)
            if zeros[0] >= kernel[0] or zeros[1] >= kernel[1]:
                raise problem(
                    "wrong-value",
                    f"expected less padding than the kernel's size {kernel}, found {zeros}",
                    "windows further out would see nothing but zeros",
                )
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``weight`` and ``bias``; a filter is connected to what its window covers."""
        check_image("conv2d", x)
        rows, columns = self.slides(x)
        check_fits("conv2d", rows, columns)
        area = rows.window * columns.window
        fan = Fan(area * x[2], area * self.filters)
        shape = (rows.window, columns.window, x[2], self.filters)
        params = {"weight": ParameterPlan(shape, self.weight_initializer, fan)}
        if self.bias:
            params["bias"] = ParameterPlan((self.filters,), self.bias_initializer, fan, decay=False)
        return LayerPlan((rows.count, columns.count, self.filters), params)

    def slides(self, x: Shape) -> tuple[Slide, Slide]:
        """Return the windows down and across an image."""
        kernel, stride = height_and_width(self.kernel_size), height_and_width(self.stride)
        down, across = (
            (self.padding, self.padding) if isinstance(self.padding, str) else both(self.padding)
        )
        return (
            pad(Slide(x[0], kernel[0], stride[0]), down),
            pad(Slide(x[1], kernel[1], stride[1]), across),
        )


@final
class Conv2d(Layer[Conv2dConfig]):
    """See `Conv2dConfig`.

    Patches are multiplied by one matrix: the weight, and the bias as its last row.
    """

    def __init__(self, config: Conv2dConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._weight = context.params["weight"]
        self._bias = context.params.get("bias")
        rows, columns = config.slides(context.input_shape)
        channels, filters = context.input_shape[-1], config.filters
        self._patches = Patches(rows, columns, channels, context)
        positions, values = self._patches.positions, self._patches.values
        self._matrix: Array = np.zeros((values, filters), context.dtype)
        self._matrix_grad = np.zeros_like(self._matrix)
        self._one_by_one = positions * values * filters <= SMALL
        images = self._patches.chunk if self._one_by_one else 1
        self._products: Array = np.zeros((images, values, filters), context.dtype)
        self._product = np.zeros_like(self._matrix)
        self._y = context.buffer((positions, filters))
        self._x = self._y
        self._input_gradient = (
            InputGradient(rows, columns, self._weight.value, context, context.input_grad)
            if context.input_grad is not None
            else None
        )

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply every patch by the weight and add the bias."""
        self._x = x
        self._matrix[:-1] = self._weight.value.reshape(-1, self.config.filters)
        if self._bias is not None:
            self._matrix[-1] = self._bias.value
        for rows, patches in self._patches.of(x):
            np.matmul(patches, self._matrix, out=self._y[rows])
        return self._y[: len(x)].reshape(len(x), *self.context.output_shape)

    def backward(self, dy: Array) -> Array | None:
        """``dW = sum over patches of patch.T @ dy``, ``db = sum of dy``; `InputGradient`."""
        self._matrix_grad.fill(0)
        flat = dy.reshape(len(dy), -1, self.config.filters)
        for rows, patches in self._patches.again(self._x):
            self._add_product(patches, flat[rows])
        self._weight.grad[...] = self._matrix_grad[:-1].reshape(self._weight.grad.shape)
        if self._bias is not None:
            self._bias.grad[...] = self._matrix_grad[-1]
        return None if self._input_gradient is None else self._input_gradient.of(dy)

    def _add_product(self, patches: Array, dy: Array) -> None:
        """Add ``patches.T @ dy``, over all images, to the gradient of the matrix."""
        if not self._one_by_one:
            patches = patches.reshape(1, -1, patches.shape[-1])
            dy = dy.reshape(1, -1, dy.shape[-1])
        products = self._products[: len(dy)]
        np.matmul(patches.transpose(0, 2, 1), dy, out=products)
        np.sum(products, axis=0, out=self._product)
        np.add(self._matrix_grad, self._product, out=self._matrix_grad)
