"""The regularizers of a spec, each with the parameters that it penalizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.regularizer import Regularizer, RegularizerConfig
from layerkit.engine.network import Network
from layerkit.guard import number


@dataclass(frozen=True, slots=True)
class Penalty:
    """An elementwise regularizer, and where one of its parameters lies in the flat vectors."""

    regularizer: Regularizer[RegularizerConfig]
    extent: slice

    def within(self, cut: slice) -> slice | None:
        """Return where in a block the parameter lies, if it does."""
        start, stop = max(self.extent.start, cut.start), min(self.extent.stop, cut.stop)
        return slice(start - cut.start, stop - cut.start) if start < stop else None


@dataclass(frozen=True, slots=True)
class WholePenalty:
    """A regularizer with one of its parameters, in its shape."""

    regularizer: Regularizer[RegularizerConfig]
    value: Array
    grad: Array
    scratch: Array

    def penalize(self) -> float:
        """Add the penalty's gradient; return the penalty."""
        found = self.regularizer.penalize(self.value, self.grad, self.scratch)
        return number(self.regularizer, "'penalize' to return", found)


def penalties_of(network: Network) -> tuple[list[Penalty], list[WholePenalty]]:
    """Return the penalties that work on any stretch, and those on whole parameters."""
    storage = network.storage
    elementwise: list[Penalty] = []
    whole: list[WholePenalty] = []
    for config, paths in zip(network.spec.regularizers, network.plan.regularized, strict=True):
        regularizer = config.build()
        for path in paths:
            if storage.extents[path].stop > storage.trained.stop:
                continue  # frozen: its penalty would be a constant
            if regularizer.elementwise:
                elementwise.append(Penalty(regularizer, storage.extents[path]))
            else:
                param = storage.params[path]
                scratch = np.zeros_like(param.value)
                whole.append(WholePenalty(regularizer, param.value, param.grad, scratch))
    return elementwise, whole
