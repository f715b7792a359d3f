"""A penalty on absolute values."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge

from layerkit.plugin import Array, Regularizer, RegularizerConfig


class PlaceholderConfig(RegularizerConfig):
    """Penalty on absolute values: ``strength * sum(|w|)``.

    The gradient is ``strength * sign(w)``.

    Attributes
    ----------
    strength
        From 0.
    """

    type: Literal["placeholder"] = "placeholder"
    strength: Annotated[float, Ge(0)] = 1e-3


@final
class Placeholder(Regularizer[PlaceholderConfig]):
    """See `PlaceholderConfig`."""

    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        """Add ``strength * sign(w)``."""
        np.sign(value, out=scratch)
        np.multiply(scratch, self.config.strength, out=scratch)
        np.add(grad, scratch, out=grad)
        return float(np.dot(scratch, value))
