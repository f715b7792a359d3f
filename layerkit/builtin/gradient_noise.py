"""Noise in gradients."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt
from pydantic import Field

from layerkit.plugin import (
    Array,
    GradientTransform,
    GradientTransformConfig,
    GradientTransformContext,
    fill_normal,
)


class GradientNoiseConfig(GradientTransformConfig):
    """Adds noise to the gradient that fades over the steps.

    ``g += noise``, normal with mean 0 and variance ``variance / step**decay``.

    The step counts from 1. Every value of every step has noise of its own, which depends on the
    seed and the step alone. The same as optax's ``add_noise``, whose ``eta`` is the variance and
    whose ``gamma`` the decay; PyTorch and Keras have none.

    Attributes
    ----------
    variance
        Of the first step's noise, in the units of the gradient squared, above 0. The paper tries
        0.01, 0.3 and 1.
    decay
        Power of the step that the variance falls with, from 0.

    References
    ----------
    Neelakantan, Vilnis, Le, Sutskever, Kaiser, Kurach, Martens (2015), Adding gradient noise
    improves learning for very deep networks, equation 1.
    """

    draws: ClassVar[bool] = True

    type: Literal["gradient_noise"] = "gradient_noise"
    variance: Annotated[float, Gt(0), Field(examples=[0.01])]
    decay: Annotated[float, Ge(0)] = 0.55


@final
class GradientNoise(GradientTransform[GradientNoiseConfig]):
    """See `GradientNoiseConfig`."""

    def __init__(self, config: GradientNoiseConfig, context: GradientTransformContext) -> None:
        super().__init__(config, context)
        self._noise: Array | None = None

    def apply(self, gradients: Sequence[Array], step: int) -> None:
        """Add new noise to every gradient."""
        if not gradients:
            return
        deviation = math.sqrt(self.config.variance / step**self.config.decay)
        memory = self._memory(gradients)
        for grad in gradients:
            noise = memory[: grad.size].reshape(grad.shape)
            fill_normal(self.context.rng, noise)
            np.multiply(noise, deviation, out=noise)
            np.add(grad, noise, out=grad)

    def _memory(self, gradients: Sequence[Array]) -> Array:
        """Return memory for the noise of the largest gradient, allocated once."""
        if self._noise is None:
            self._noise = np.zeros(max(grad.size for grad in gradients), gradients[0].dtype)
        return self._noise
