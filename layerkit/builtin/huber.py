"""Huber loss."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Array, DifferenceLoss, DifferenceLossConfig


class HuberConfig(DifferenceLossConfig):
    """Squared differences near the target, absolute ones far from it: outliers pull less.

    ``d ** 2 / 2`` where ``|d| <= delta``, else ``delta * (|d| - delta / 2)``, with
    ``d = output - target``.

    Outputs and targets are numbers, ``shape`` against ``shape``; single numbers go with outputs of
    shape ``(1,)``. The loss of an example, or of a step where targets have several axes, is the
    mean over its values.

    The slope is ``d``, clipped at ``delta`` on both sides. This is PyTorch's ``HuberLoss`` and
    Keras' ``Huber``; PyTorch's ``SmoothL1Loss`` is this divided by ``delta``.

    Attributes
    ----------
    delta
        Above 0; where squares end.
    target_mean, target_deviation
        As of ``mean_squared_error``: the network learns ``(target - target_mean) /
        target_deviation``, and predicts in the targets' own units.

    References
    ----------
    Huber (1964), Robust estimation of a location parameter.
    """

    type: Literal["huber"] = "huber"
    delta: Annotated[float, Gt(0)] = 1.0


@final
class Huber(DifferenceLoss[HuberConfig]):
    """See `HuberConfig`."""

    def of_differences(self, differences: Array, out: Array, scratch: Array) -> None:
        """``c * (d - c / 2)``, with ``c`` the difference clipped."""
        clipped = np.clip(differences, -self.config.delta, self.config.delta, out=scratch)
        np.multiply(clipped, -0.5, out=out)
        np.add(out, differences, out=out)
        np.multiply(out, clipped, out=out)

    def slopes_of_differences(self, differences: Array, out: Array) -> None:
        """``d``, clipped."""
        np.clip(differences, -self.config.delta, self.config.delta, out=out)
