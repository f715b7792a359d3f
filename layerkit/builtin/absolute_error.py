"""Mean absolute error, as a loss."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, DifferenceLoss, DifferenceLossConfig


class AbsoluteErrorConfig(DifferenceLossConfig):
    """``mean(|output - target|)`` over the values of an example: least at the median.

    Outputs and targets are numbers, ``shape`` against ``shape``; single numbers go with outputs of
    shape ``(1,)``. The loss of an example, or of a step where targets have several axes, is the
    mean over its values.

    The slope is the sign of the difference, 0 where there is none. This is PyTorch's ``L1Loss`` and
    Keras' ``MeanAbsoluteError``.

    Attributes
    ----------
    target_mean, target_deviation
        As of ``mean_squared_error``: the network learns ``(target - target_mean) /
        target_deviation``, and predicts in the targets' own units.

    References
    ----------
    Hastie, Tibshirani, Friedman (2009), The Elements of Statistical Learning, section 10.6.
    """

    type: Literal["mean_absolute_error"] = "mean_absolute_error"


@final
class AbsoluteError(DifferenceLoss[AbsoluteErrorConfig]):
    """See `AbsoluteErrorConfig`."""

    def of_differences(self, differences: Array, out: Array, scratch: Array) -> None:
        """``|d|``."""
        np.abs(differences, out=out)

    def slopes_of_differences(self, differences: Array, out: Array) -> None:
        """``sign(d)``."""
        np.sign(differences, out=out)
