"""Convolution of images in groups of channels, forward and backward."""

from __future__ import annotations

import numpy as np

from layerkit.plugin import Array, LayerContext, Parameter
from layerkit_convolution.channel_products import ChannelProducts
from layerkit_convolution.window_products import WindowProducts
from layerkit_convolution.windows import Slide


class Convolution:
    """A convolution, or a transposed one, with a weight and the ``bias`` of a context.

    The gradient with respect to its input is a convolution too: of ``dy``, with ``stride - 1``
    zeros between its elements, with the weight turned round.

    Parameters
    ----------
    slides
        The windows down and across the input; sequences are images of one row.
    back
        Those down and across the output, which show which outputs depend on each pixel of the
        input.
    weight
        ``(groups, height, width, channels / groups, filters / groups)``.
    context
        Of the layer.
    factor
        What the weight is multiplied by.

    References
    ----------
    Dumoulin, Visin (2016), A guide to convolution arithmetic for deep learning, chapter 4.
    """

    def __init__(
        self,
        slides: tuple[Slide, Slide],
        back: tuple[Slide, Slide],
        weight: Parameter,
        context: LayerContext,
        factor: float,
    ) -> None:
        groups, channels = len(weight.value), context.input_shape[-1]
        filters = context.output_shape[-1]
        self._context = context
        self._weight = weight
        self._bias = context.params.get("bias")
        self._factor = factor
        self._image = (slides[0].length, slides[1].length, channels)
        self._products = _products(slides, channels, filters, groups, context)
        self._y = context.buffer((slides[0].count, slides[1].count, filters))
        self._x = self._y
        self._back = (
            _products(back, filters, channels, groups, context)
            if context.input_grad is not None
            else None
        )

    def forward(self, x: Array) -> Array:
        """Multiply every window by the weight and add the bias."""
        self._x = x.reshape(len(x), *self._image)
        products, y = self._products, self._y[: len(x)]
        np.multiply(self._weight.value, self._factor, out=products.kernel)
        if self._bias is not None:
            np.copyto(products.bias, self._bias.value.reshape(products.bias.shape))
        products.of(self._x, y)
        return y.reshape(len(x), *self._context.output_shape)

    def backward(self, dy: Array) -> Array | None:
        """Find the gradients of weight, bias and input."""
        products, images = self._products, dy.reshape(len(dy), *self._y.shape[1:])
        products.find_gradient(self._x, images)
        np.multiply(products.kernel_grad, self._factor, out=self._weight.grad)
        if self._bias is not None:
            np.copyto(self._bias.grad.reshape(products.bias.shape), products.bias_grad)
        if self._back is None or self._context.input_grad is None:
            return None
        dx = self._context.input_grad[: len(dy)]
        np.copyto(self._back.kernel, turned(products.kernel))
        self._back.of(images, dx.reshape(len(dx), *self._image, copy=False))
        return dx


def convolution(
    slides: tuple[Slide, Slide], context: LayerContext, groups: int, factor: float
) -> Convolution:
    """Return a convolution with the parameter ``weight`` of its context.

    Parameters
    ----------
    slides
        The windows down and across the input.
    context
        Of the layer. Its weight holds the numbers of ``(height, width, channels / groups,
        filters)``, in that order.
    groups
        Equal parts of the channels, each of which makes an equal part of the filters.
    factor
        What the weight is multiplied by.
    """
    rows, columns = slides
    weight = _by_group(context, slides, groups, context.output_shape[-1])
    return Convolution(slides, (rows.reversed(), columns.reversed()), weight, context, factor)


def transposed_convolution(
    slides: tuple[Slide, Slide], context: LayerContext, groups: int, factor: float
) -> Convolution:
    """Return what finds the input gradient of a convolution, as a layer that goes forward.

    Parameters
    ----------
    slides
        The windows of that convolution: down and across the output.
    context
        Of the layer. Its weight holds the numbers of ``(height, width, filters / groups,
        channels)``, in that order.
    groups
        Equal parts of the channels, each of which makes an equal part of the filters.
    factor
        What the weight is multiplied by.
    """
    rows, columns = slides
    weight = _by_group(context, slides, groups, context.input_shape[-1])
    weight = Parameter(turned(weight.value), turned(weight.grad))
    return Convolution((rows.reversed(), columns.reversed()), slides, weight, context, factor)


def turned(weight: Array) -> Array:
    """Return a view of a weight turned round, with channels and filters exchanged."""
    return weight[:, ::-1, ::-1].transpose(0, 1, 2, 4, 3)


def _products(
    slides: tuple[Slide, Slide], channels: int, filters: int, groups: int, context: LayerContext
) -> WindowProducts | ChannelProducts:
    """Return what multiplies windows, the faster of two."""
    if 1 < groups == channels == filters:
        return ChannelProducts(slides, channels, context)
    return WindowProducts(slides, channels, filters, groups, context)


def _by_group(
    context: LayerContext, slides: tuple[Slide, Slide], groups: int, last: int
) -> Parameter:
    """Return the weight with an axis of groups at the front, which are parts of its last axis."""
    weight = context.params["weight"]
    shape = (slides[0].window, slides[1].window, -1, groups, last // groups)
    return Parameter(
        weight.value.reshape(shape, copy=False).transpose(3, 0, 1, 2, 4),
        weight.grad.reshape(shape, copy=False).transpose(3, 0, 1, 2, 4),
    )
