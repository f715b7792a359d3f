"""Smooth clipping of large values."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Activation, ActivationConfig, Array


class SmoothClipConfig(ActivationConfig):
    """Keeps values within ``bound``, and small ones nearly as they are, elementwise.

    ``y = x / sqrt(1 + (x / bound)^2)``.

    After ``robust`` or ``standardize``, it keeps values that are far off from dominating.

    Attributes
    ----------
    bound
        What the size of y stays below, above 0.

    References
    ----------
    Holzmüller, Grinsztajn, Steinwart (2024), Better by default: strong pre-tuned MLPs and boosted
    trees on tabular data; with a bound of 3.
    """

    type: Literal["smooth_clip"] = "smooth_clip"
    bound: Annotated[float, Gt(0)] = 3.0


@final
class SmoothClip(Activation[SmoothClipConfig]):
    """See `SmoothClipConfig`."""

    def value(self, x: Array, out: Array) -> None:
        """Write ``x / sqrt(1 + (x / bound)^2)``; ``hypot`` squares nothing that overflows."""
        np.divide(x, self.config.bound, out=out)
        np.hypot(1, out, out=out)
        np.divide(x, out, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """Write ``(1 + (x / bound)^2)^(-3/2)``."""
        np.divide(x, self.config.bound, out=out)
        np.hypot(1, out, out=out)
        np.reciprocal(out, out=out)
        np.power(out, 3, out=out)
