"""L2 penalty."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge
from pydantic import Field

from layerkit.plugin import Array, Regularizer, RegularizerConfig


class L2Config(RegularizerConfig):
    """Penalty on squares, which keeps weights small: ``strength / 2 * sum(w²)``.

    The gradient is ``strength * w``.

    The gradient is that of ``weight_decay`` in PyTorch's ``SGD`` and ``Adam``. Keras' ``L2`` has no
    half, and its ``weight_decay`` is decoupled, as that of ``adamw`` is.

    Attributes
    ----------
    strength
        From 0.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 7.1.1.
    """

    is_decay: ClassVar[bool] = True

    type: Literal["l2"] = "l2"
    strength: Annotated[float, Ge(0), Field(examples=[1e-4])]


@final
class L2(Regularizer[L2Config]):
    """See `L2Config`."""

    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        """Add ``strength * w``."""
        np.multiply(value, self.config.strength, out=scratch)
        np.add(grad, scratch, out=grad)
        return 0.5 * float(np.dot(scratch, value))
