"""L1 penalty."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge
from pydantic import Field

from layerkit.plugin import Array, Regularizer, RegularizerConfig


class L1Config(RegularizerConfig):
    """Penalty on absolute values, which makes weights 0: ``strength * sum(|w|)``.

    The gradient is ``strength * sign(w)``, 0 where ``w`` is 0.

    Attributes
    ----------
    strength
        From 0.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 7.1.2.
    """

    type: Literal["l1"] = "l1"
    strength: Annotated[float, Ge(0), Field(examples=[1e-4])]


@final
class L1(Regularizer[L1Config]):
    """See `L1Config`."""

    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        """Add ``strength * sign(w)``."""
        np.sign(value, out=scratch)
        np.multiply(scratch, self.config.strength, out=scratch)
        np.add(grad, scratch, out=grad)
        return float(np.dot(scratch, value))
