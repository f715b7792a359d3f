"""Group lasso: a penalty that sets whole inputs or units to 0."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge

from layerkit.plugin import Array, Regularizer, RegularizerConfig, Shape


class GroupLassoConfig(RegularizerConfig):
    """Penalty on the norms of groups of weights, which makes whole groups 0.

    ``strength * sum(sqrt(p) * |w_g|)`` over groups ``g`` of ``p`` values, with Euclidean norms.

    The gradient is ``strength * sqrt(p) * w_g / |w_g|``, 0 where the group is 0. A group is all
    that leaves one input, or all that enters one unit: a row or a column of a dense weight
    ``(inputs, units)``; of a convolution's ``(height, width, channels, filters)`` all that leaves
    a channel or enters a filter. In a parameter with one axis every element is a group of its own.
    PyTorch and Keras have none.

    Attributes
    ----------
    strength
        From 0.
    groups
        ``"inputs"`` or ``"units"``.

    References
    ----------
    Yuan, Lin (2006), Model selection and estimation in regression with grouped variables.
    Scardapane, Comminiello, Hussain, Uncini (2017), Group sparse regularization for deep neural
    networks.
    """

    type: Literal["group_lasso"] = "group_lasso"
    strength: Annotated[float, Ge(0)]
    groups: Literal["inputs", "units"] = "inputs"


@final
class GroupLasso(Regularizer[GroupLassoConfig]):
    """See `GroupLassoConfig`."""

    elementwise: ClassVar[bool] = False

    def __init__(self, config: GroupLassoConfig) -> None:
        super().__init__(config)
        self._norms: dict[tuple[Shape, str], Array] = {}

    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        """Add the direction of every group, times the root of its size."""
        kept = value.ndim - (2 if self.config.groups == "inputs" and value.ndim > 1 else 1)
        axes = tuple(axis for axis in range(value.ndim) if axis != kept)
        norms = self._norms_of(value, axes)
        np.multiply(value, value, out=scratch)
        np.sum(scratch, axis=axes, out=norms, keepdims=True)
        np.sqrt(norms, out=norms)
        strength = self.config.strength * math.sqrt(value.size / norms.size)
        penalty = strength * float(norms.sum())
        # Squares of what is smaller may be 0; a group of 0 divided by this stays 0.
        np.maximum(norms, math.sqrt(float(np.finfo(norms.dtype).tiny)), out=norms)
        np.divide(value, norms, out=scratch)
        np.multiply(scratch, strength, out=scratch)
        np.add(grad, scratch, out=grad)
        return penalty

    def _norms_of(self, value: Array, axes: tuple[int, ...]) -> Array:
        """Return memory for a norm of every group, allocated once for every shape."""
        key = (value.shape, value.dtype.name)
        if key not in self._norms:
            shape = [1 if axis in axes else size for axis, size in enumerate(value.shape)]
            self._norms[key] = np.zeros(shape, value.dtype)
        return self._norms[key]
