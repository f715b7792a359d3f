"""Parameters from 0 on."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Constraint, ConstraintConfig


class NonNegativeConfig(ConstraintConfig):
    """Keeps weights from being negative: ``w = max(w, 0)``.

    The same as Keras' ``NonNeg``; PyTorch has ``clamp_``.

    References
    ----------
    Chorowski, Zurada (2015), Learning understandable neural networks with nonnegative weight
    constraints.
    """

    type: Literal["non_negative"] = "non_negative"


@final
class NonNegative(Constraint[NonNegativeConfig]):
    """See `NonNegativeConfig`."""

    def apply(self) -> None:
        """Set what is below 0 to 0."""
        np.maximum(self.value, 0, out=self.value)
