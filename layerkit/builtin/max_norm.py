"""Max-norm constraint."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt
from pydantic import Field

from layerkit.plugin import Array, Constraint, ConstraintConfig


class MaxNormConfig(ConstraintConfig):
    """Scale the incoming weights of a unit down to ``limit`` where their norm is above it.

    A unit is an index of the last axis; its norm is the Euclidean one over all other axes: a column
    of a dense layer's weight, a filter of a convolution. Of a parameter with one axis, every
    element is a unit of its own. Keras's ``MaxNorm`` takes the first axis alone by default, and
    adds a small number to the norm.

    Attributes
    ----------
    limit
        Above 0; 3 to 4 in the paper.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), Dropout: a simple way to
    prevent neural networks from overfitting, section 5.1.
    """

    type: Literal["max_norm"] = "max_norm"
    limit: Annotated[float, Gt(0), Field(examples=[3.0])]


@final
class MaxNorm(Constraint[MaxNormConfig]):
    """See `MaxNormConfig`."""

    def __init__(self, config: MaxNormConfig, value: Array) -> None:
        super().__init__(config, value)
        self._by_unit = value.reshape(-1, value.shape[-1])
        self._squares = np.zeros_like(self._by_unit)
        self._norms = np.zeros_like(self._by_unit[0])

    def apply(self) -> None:
        """Multiply by ``limit / max(norm, limit)``, which is exactly 1 for short units."""
        limit, norms = self.config.limit, self._norms
        np.multiply(self._by_unit, self._by_unit, out=self._squares)
        np.sum(self._squares, axis=0, out=norms)
        np.sqrt(norms, out=norms)
        np.maximum(norms, limit, out=norms)
        np.divide(limit, norms, out=norms)
        np.multiply(self._by_unit, norms, out=self._by_unit)
