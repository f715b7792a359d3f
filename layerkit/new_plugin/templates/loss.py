"""Half of the squared error."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, ValueLoss, ValueLossConfig


class PlaceholderConfig(ValueLossConfig):
    """Half of the squared error: ``(output - target) ** 2 / 2``.

    Targets are numbers, and outputs have their shape; single numbers go with outputs of
    shape ``(1,)``. The loss of several values is their mean.
    """

    type: Literal["placeholder"] = "placeholder"


@final
class Placeholder(ValueLoss[PlaceholderConfig]):
    """See `PlaceholderConfig`."""

    def losses(
        self,
        outputs: Array,
        targets: Array,
        out: Array,
        scratch: Array,
    ) -> None:
        """``(output - target) ** 2 / 2``."""
        np.subtract(outputs, targets, out=scratch)
        np.multiply(scratch, scratch, out=out)
        np.multiply(out, 0.5, out=out)

    def slopes(
        self,
        outputs: Array,
        targets: Array,
        out: Array,
        scratch: Array,
    ) -> None:
        """``output - target``."""
        np.subtract(outputs, targets, out=out)
