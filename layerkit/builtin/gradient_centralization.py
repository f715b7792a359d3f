"""Gradients with a mean of 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    GradientTransform,
    GradientTransformConfig,
    GradientTransformContext,
)


class GradientCentralizationConfig(GradientTransformConfig):
    """Takes its mean from the gradient of every unit: ``g -= mean(g)`` over incoming weights.

    Units are along the last axis: the columns of a dense weight ``(inputs, units)``, the filters of
    a convolution's ``(height, width, channels, filters)``. Parameters with one axis, such as
    biases, keep their gradients. So the sum of the weights of a unit stays as it starts, unless
    something else, such as weight decay, changes it. PyTorch and Keras have none.

    References
    ----------
    Yong, Huang, Hua, Zhang (2020), Gradient centralization: a new optimization technique for deep
    neural networks, equation 1.
    """

    type: Literal["gradient_centralization"] = "gradient_centralization"


@final
class GradientCentralization(GradientTransform[GradientCentralizationConfig]):
    """See `GradientCentralizationConfig`."""

    def __init__(
        self, config: GradientCentralizationConfig, context: GradientTransformContext
    ) -> None:
        super().__init__(config, context)
        self._means: dict[tuple[int, str], Array] = {}

    def apply(self, gradients: Sequence[Array], step: int) -> None:
        """Subtract every unit's mean."""
        for grad in gradients:
            if grad.ndim > 1:
                by_unit = grad.reshape(-1, grad.shape[-1])
                means = self._means_of(by_unit)
                np.mean(by_unit, axis=0, out=means)
                np.subtract(by_unit, means, out=by_unit)

    def _means_of(self, by_unit: Array) -> Array:
        """Return memory for a mean of every unit, allocated once for every number of units."""
        key = (by_unit.shape[1], by_unit.dtype.name)
        if key not in self._means:
            self._means[key] = np.zeros_like(by_unit[0])
        return self._means[key]
