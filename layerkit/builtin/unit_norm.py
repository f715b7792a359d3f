"""A norm of 1 for the weights of every unit."""

from __future__ import annotations

import math
from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Constraint, ConstraintConfig


class UnitNormConfig(ConstraintConfig):
    """Norm 1 for the incoming weights of every unit: ``w /= |w|``; those that are 0 stay 0.

    Units are along the last axis: the columns of a dense weight ``(inputs, units)``, the filters of
    a convolution's ``(height, width, channels, filters)``. In a parameter with one axis every
    element is a unit of its own, and becomes 1 or -1. Keras' ``UnitNorm`` takes the first axis
    alone by default, and adds a small number to the norm. In PyTorch the nearest is
    ``parametrizations.weight_norm``, which keeps a factor beside.

    References
    ----------
    Salimans, Kingma (2016), Weight normalization: a simple reparameterization to accelerate
    training of deep neural networks, section 2, where the direction has this norm.
    """

    type: Literal["unit_norm"] = "unit_norm"


@final
class UnitNorm(Constraint[UnitNormConfig]):
    """See `UnitNormConfig`."""

    def __init__(self, config: UnitNormConfig, value: Array) -> None:
        super().__init__(config, value)
        self._by_unit = value.reshape(-1, value.shape[-1])
        self._squares = np.zeros_like(self._by_unit)
        self._norms = np.zeros_like(self._by_unit[0])
        self._least = math.sqrt(float(np.finfo(value.dtype).tiny))

    def apply(self) -> None:
        """Divide every unit by its norm."""
        norms = self._norms
        np.multiply(self._by_unit, self._by_unit, out=self._squares)
        np.sum(self._squares, axis=0, out=norms)
        np.sqrt(norms, out=norms)
        np.maximum(norms, self._least, out=norms)  # so that 0 is not divided by 0
        np.divide(self._by_unit, norms, out=self._by_unit)
