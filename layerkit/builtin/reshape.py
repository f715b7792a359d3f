"""Reshape layer."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

from annotated_types import Len
from pydantic import Field, Strict, field_validator

from layerkit.plugin import Array, Layer, LayerConfig, LayerPlan, Shape, ShapeError, problem


class ReshapeConfig(LayerConfig):
    """The values of an example in another shape, in the same order: ``(a, b, ...) -> shape``.

    The last axis varies fastest. ``flatten`` is ``reshape`` to ``[-1]``.

    Attributes
    ----------
    shape
        Lengths of the axes, from 1 each, without that of the batch. One may be -1: as long as the
        values make it.

    References
    ----------
    Harris et al. (2020), Array programming with NumPy; the order is that of ``numpy.reshape``, by
    default.
    """

    type: Literal["reshape"] = "reshape"
    shape: Annotated[tuple[int, ...], Strict(strict=False), Len(1), Field(examples=[[-1]])]

    @field_validator("shape")
    @classmethod
    def _has_lengths(cls, shape: Shape) -> Shape:
        if any(length < 1 and length != -1 for length in shape):
            raise problem("wrong-value", f"expected lengths from 1, or -1; found {list(shape)}")
        if shape.count(-1) > 1:
            raise problem("wrong-value", f"expected -1 at most once, found {list(shape)}")
        return shape

    def plan(self, x: Shape) -> LayerPlan:
        """Plan the shape, which must hold as many values as there are."""
        size, known = math.prod(x), math.prod(length for length in self.shape if length != -1)
        if size % known or (size != known and -1 not in self.shape):
            raise ShapeError(
                f"reshape expects as many values as go into {list(self.shape)}; found {x}, "
                f"which has {size}",
                ("shape",),
            )
        return LayerPlan(tuple(size // known if length == -1 else length for length in self.shape))


@final
class Reshape(Layer[ReshapeConfig]):
    """See `ReshapeConfig`; nothing is copied."""

    def forward(self, x: Array, *, training: bool) -> Array:
        """Return the same memory in the new shape."""
        return x.reshape(len(x), *self.context.output_shape)

    def backward(self, dy: Array) -> Array | None:
        """Return the same memory in the shape of the input."""
        if self.context.input_grad is None:
            return None
        return dy.reshape(len(dy), *self.context.input_shape)
