"""A limit on every element of the gradient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Array, GradientTransform, GradientTransformConfig


class PlaceholderConfig(GradientTransformConfig):
    """Bounds every element of the gradient: ``g = min(max(g, -limit), limit)``.

    Attributes
    ----------
    limit
        Above 0.
    """

    type: Literal["placeholder"] = "placeholder"
    limit: Annotated[float, Gt(0)] = 1.0


@final
class Placeholder(GradientTransform[PlaceholderConfig]):
    """See `PlaceholderConfig`."""

    def apply(self, gradients: Sequence[Array], step: int) -> None:
        """Change the gradient of every parameter in place, in every step alike."""
        limit = self.config.limit
        for gradient in gradients:
            np.clip(gradient, -limit, limit, out=gradient)
