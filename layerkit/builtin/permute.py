"""Permutation of axes."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Len
from pydantic import Field, Strict, field_validator

from layerkit.plugin import (
    Array,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    Shape,
    ShapeError,
    problem,
)


class PermuteConfig(LayerConfig):
    """The axes of an example in another order: ``(a, b, c) -> (b, c, a)`` by ``[1, 2, 0]``.

    Attributes
    ----------
    axes
        For every axis of the output, which one of the input it is, from 0 and without that of the
        batch: each exactly once.

    Notes
    -----
    Axes are counted as in ``numpy.transpose`` of one example. Keras's ``Permute`` counts from 1;
    PyTorch's ``permute`` counts that of the batch as 0.

    References
    ----------
    Harris et al. (2020), Array programming with NumPy.
    """

    type: Literal["permute"] = "permute"
    axes: Annotated[tuple[int, ...], Strict(strict=False), Len(1), Field(examples=[[0]])]

    @field_validator("axes")
    @classmethod
    def _are_a_permutation(cls, axes: Shape) -> Shape:
        if sorted(axes) != list(range(len(axes))):
            raise problem(
                "wrong-value",
                f"expected every axis from 0 to {len(axes) - 1} once, found {list(axes)}",
            )
        return axes

    def plan(self, x: Shape) -> LayerPlan:
        """Plan the lengths in their new order."""
        if len(x) != len(self.axes):
            raise ShapeError(
                f"permute expects as many axes as it names, {len(self.axes)}; found {x}, "
                f"which has {len(x)}",
                ("axes",),
            )
        return LayerPlan(tuple(x[axis] for axis in self.axes))


@final
class Permute(Layer[PermuteConfig]):
    """See `PermuteConfig`; values are copied, so that the next layer reads them in order."""

    def __init__(self, config: PermuteConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._y = context.buffer(context.output_shape)
        self._order = (0, *(axis + 1 for axis in config.axes))

    @property
    def mask(self) -> Array | None:
        """That of the input if steps stay the first axis, else None."""
        return self.context.mask if self.config.axes[0] == 0 else None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Copy the values in their new order."""
        y = self._y[: len(x)]
        np.copyto(y, x.transpose(self._order))
        return y

    def backward(self, dy: Array) -> Array | None:
        """Copy the gradient back in the order of the input."""
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        np.copyto(dx.transpose(self._order), dy)
        return dx
