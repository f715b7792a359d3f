"""Logarithm of the hyperbolic cosine."""

from __future__ import annotations

import math
from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, DifferenceLoss, DifferenceLossConfig


class LogCoshConfig(DifferenceLossConfig):
    """A smooth absolute difference: ``log(cosh(d))``, with ``d = output - target``.

    Outputs and targets are numbers, ``shape`` against ``shape``; single numbers go with outputs of
    shape ``(1,)``. The loss of an example, or of a step where targets have several axes, is the
    mean over its values.

    Near 0 it is ``d ** 2 / 2``, far from it ``|d| - log(2)``: a smooth Huber loss. The slope is
    ``tanh(d)``. This is Keras' ``LogCosh``; PyTorch has none.

    Attributes
    ----------
    target_mean, target_deviation
        As of ``mean_squared_error``: the network learns ``(target - target_mean) /
        target_deviation``, and predicts in the targets' own units.

    References
    ----------
    Green (1990), Bayesian reconstructions from emission tomography data using a modified EM
    algorithm.
    """

    type: Literal["log_cosh"] = "log_cosh"


@final
class LogCosh(DifferenceLoss[LogCoshConfig]):
    """See `LogCoshConfig`."""

    def of_differences(self, differences: Array, out: Array, scratch: Array) -> None:
        """``|d| + log(1 + exp(-2 * |d|)) - log(2)``, which does not overflow."""
        magnitudes = np.abs(differences, out=scratch)
        np.multiply(magnitudes, -2, out=out)
        np.exp(out, out=out)
        np.log1p(out, out=out)
        np.add(out, magnitudes, out=out)
        np.subtract(out, math.log(2), out=out)

    def slopes_of_differences(self, differences: Array, out: Array) -> None:
        """``tanh(d)``."""
        np.tanh(differences, out=out)
