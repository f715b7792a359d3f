"""A soft limit."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Activation, ActivationConfig, Array


class PlaceholderConfig(ActivationConfig):
    """Soft limit: ``y = limit * tanh(x / limit)``, elementwise.

    Small values stay about as they are; large ones stay within ``limit``.

    Attributes
    ----------
    limit
        Above 0; the outputs are from ``-limit`` to ``limit``.
    """

    type: Literal["placeholder"] = "placeholder"
    limit: Annotated[float, Gt(0)] = 3.0


@final
class Placeholder(Activation[PlaceholderConfig]):
    """See `PlaceholderConfig`."""

    def value(self, x: Array, out: Array) -> None:
        """``limit * tanh(x / limit)``."""
        np.divide(x, self.config.limit, out=out)
        np.tanh(out, out=out)
        np.multiply(out, self.config.limit, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """``1 - (y / limit) ** 2``."""
        np.divide(y, self.config.limit, out=out)
        np.multiply(out, out, out=out)
        np.subtract(1.0, out, out=out)
