"""L1 and L2 penalties together."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge

from layerkit.plugin import Array, Regularizer, RegularizerConfig


class ElasticNetConfig(RegularizerConfig):
    """Penalty on absolute values and on squares, ``l1`` and ``l2`` together.

    ``l1 * sum(|w|) + l2 / 2 * sum(w²)``, whose gradient is ``l1 * sign(w) + l2 * w``.

    The sum of the regularizers ``l1`` and ``l2`` with those strengths. Keras' ``L1L2`` has no half.
    scikit-learn's ``alpha`` and ``l1_ratio`` are ``l1 = alpha * l1_ratio`` and
    ``l2 = alpha * (1 - l1_ratio)``. PyTorch has none.

    Attributes
    ----------
    l1, l2
        From 0.

    References
    ----------
    Zou, Hastie (2005), Regularization and variable selection via the elastic net.
    """

    type: Literal["elastic_net"] = "elastic_net"
    l1: Annotated[float, Ge(0)]
    l2: Annotated[float, Ge(0)]


@final
class ElasticNet(Regularizer[ElasticNetConfig]):
    """See `ElasticNetConfig`."""

    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        """Add ``l1 * sign(w) + l2 * w``."""
        np.sign(value, out=scratch)
        np.multiply(scratch, self.config.l1, out=scratch)
        np.add(grad, scratch, out=grad)
        penalty = float(np.dot(scratch, value))
        np.multiply(value, self.config.l2, out=scratch)
        np.add(grad, scratch, out=grad)
        return penalty + 0.5 * float(np.dot(scratch, value))
