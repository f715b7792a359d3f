"""A penalty on weights that are not orthogonal."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge

from layerkit.plugin import Array, Regularizer, RegularizerConfig, Shape


class OrthogonalConfig(RegularizerConfig):
    """Penalty on how far the weights of units are from orthogonal ones of norm 1.

    ``strength * |W^T W - I|²``, with the sum of squares of all elements.

    The gradient is ``4 * strength * W (W^T W - I)``. ``W`` is ``(inputs, units)``; all axes but the
    last one of a convolution's filters are its inputs. Where there are more units than inputs,
    which cannot be orthogonal to one another, ``W W^T`` stands for ``W^T W``, and the rows are made
    orthogonal. A parameter with one axis is one row, which is drawn to a norm of 1.

    Keras' ``OrthogonalRegularizer`` looks at the angles of rows or columns alone, not at their
    lengths. PyTorch has none.

    Attributes
    ----------
    strength
        From 0.

    References
    ----------
    Bansal, Chen, Wang (2018), Can we gain more from orthogonality regularizations in training deep
    CNNs?, equation 1.
    """

    type: Literal["orthogonal"] = "orthogonal"
    strength: Annotated[float, Ge(0)]


@final
class Orthogonal(Regularizer[OrthogonalConfig]):
    """See `OrthogonalConfig`."""

    elementwise: ClassVar[bool] = False

    def __init__(self, config: OrthogonalConfig) -> None:
        super().__init__(config)
        self._products: dict[tuple[Shape, str], Array] = {}

    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        """Add ``4 * strength * W (W^T W - I)``."""
        weight = value.reshape(-1, value.shape[-1])
        change = scratch.reshape(weight.shape)
        product = self._product_of(weight)
        by_rows = weight.shape[0] < weight.shape[1]
        if by_rows:
            np.matmul(weight, weight.T, out=product)
        else:
            np.matmul(weight.T, weight, out=product)
        diagonal = product.reshape(-1)[:: product.shape[0] + 1]
        np.subtract(diagonal, 1, out=diagonal)
        if by_rows:
            np.matmul(product, weight, out=change)
        else:
            np.matmul(weight, product, out=change)
        np.multiply(scratch, 4 * self.config.strength, out=scratch)
        np.add(grad, scratch, out=grad)
        return self.config.strength * float(np.vdot(product, product))

    def _product_of(self, weight: Array) -> Array:
        """Return memory for the product of a weight with itself, allocated once for every shape."""
        key = (weight.shape, weight.dtype.name)
        if key not in self._products:
            side = min(weight.shape)
            self._products[key] = np.zeros((side, side), weight.dtype)
        return self._products[key]
