"""Poisson loss on logarithms of rates."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, ValueLoss, ValueLossConfig

STEEPEST = 60.0
"""The largest log-rate taken as it is: ``exp(60)`` is about 1e26."""


class PoissonConfig(ValueLossConfig):
    """Negative log-likelihood of counts, for outputs that are logarithms of rates.

    ``exp(output) - target * output``, in nats.

    The negative log-likelihood of a Poisson distribution, without the term ``log(target!)`` that no
    output changes. The prediction is the rate, ``exp(output)``, in the units of the targets; so end
    in a dense layer without an activation. Targets are numbers from 0, ``shape`` against ``shape``;
    single numbers go with outputs of shape ``(1,)``. The loss of an example, or of a step where
    targets have several axes, is the mean over its values; the slope is ``exp(output) - target``.

    Above a log-rate of 60, about 1e26, ``exp`` goes on as its tangent, ``exp(60) * (output - 59)``,
    and the prediction stays ``exp(60)``: a network that is far off gets a finite loss and gradient,
    in float32 too. This is PyTorch's ``PoissonNLLLoss``, which overflows there; Keras' ``Poisson``
    takes rates.

    References
    ----------
    Nelder, Wedderburn (1972), Generalized linear models.
    """

    type: Literal["poisson"] = "poisson"


@final
class Poisson(ValueLoss[PoissonConfig]):
    """See `PoissonConfig`."""

    def losses(self, outputs: Array, targets: Array, out: Array, scratch: Array) -> None:
        """``exp(c) * (1 + z - c) - target * z``, with ``c`` the output ``z``, at most 60."""
        _rates(outputs, scratch)
        np.subtract(outputs, STEEPEST, out=out)
        np.maximum(out, 0, out=out)
        np.add(out, 1, out=out)
        np.multiply(scratch, out, out=out)
        np.multiply(targets, outputs, out=scratch)
        np.subtract(out, scratch, out=out)

    def slopes(self, outputs: Array, targets: Array, out: Array, scratch: Array) -> None:
        """``exp(c) - target``."""
        _rates(outputs, out)
        np.subtract(out, targets, out=out)

    def predict(self, outputs: Array, out: Array) -> None:
        """``exp(c)``."""
        _rates(outputs.reshape(out.shape), out)


def _rates(outputs: Array, out: Array) -> None:
    np.minimum(outputs, STEEPEST, out=out)
    np.exp(out, out=out)
