"""Quantile loss."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt, Lt

from layerkit.plugin import Array, DifferenceLoss, DifferenceLossConfig


class QuantileLossConfig(DifferenceLossConfig):
    """Pinball loss: least at a quantile of the targets.

    ``max(quantile * (target - output), (quantile - 1) * (target - output))``.

    Outputs and targets are numbers, ``shape`` against ``shape``; single numbers go with outputs of
    shape ``(1,)``. The loss of an example, or of a step where targets have several axes, is the
    mean over its values.

    Least where a share ``quantile`` of the targets lies below the output, so the network learns a
    quantile: 0.5 the median, 0.9 what nine of ten targets stay below. At ``output = target`` the
    slope is ``0.5 - quantile``, the middle of those on both sides. This is scikit-learn's
    ``mean_pinball_loss``; PyTorch and Keras have none.

    Attributes
    ----------
    quantile
        Above 0 and below 1.
    target_mean, target_deviation
        As of ``mean_squared_error``: the network learns ``(target - target_mean) /
        target_deviation``, and predicts in the targets' own units.

    References
    ----------
    Koenker, Bassett (1978), Regression quantiles.
    """

    type: Literal["quantile"] = "quantile"
    quantile: Annotated[float, Gt(0), Lt(1)] = 0.5


@final
class QuantileLoss(DifferenceLoss[QuantileLossConfig]):
    """See `QuantileLossConfig`."""

    def of_differences(self, differences: Array, out: Array, scratch: Array) -> None:
        """``max((1 - quantile) * d, -quantile * d)``."""
        np.multiply(differences, 1 - self.config.quantile, out=out)
        np.multiply(differences, -self.config.quantile, out=scratch)
        np.maximum(out, scratch, out=out)

    def slopes_of_differences(self, differences: Array, out: Array) -> None:
        """``1 - quantile`` above the target, ``-quantile`` below."""
        np.heaviside(differences, 0.5, out=out)
        np.subtract(out, self.config.quantile, out=out)
