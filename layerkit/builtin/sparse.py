"""Sparse initialisation."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Gt

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class SparseConfig(InitializerConfig):
    """Normal with mean 0, but for a few values a unit all are 0.

    A unit is a column: what the last axis counts. A vector is one unit.

    Attributes
    ----------
    connections
        Values of a unit that are not 0, at least 1; all of them where it has fewer.
    deviation
        Standard deviation of these, above 0.

    References
    ----------
    Martens (2010), Deep learning via Hessian-free optimization, section 5: 15 connections.
    """

    type: Literal["sparse"] = "sparse"
    connections: Annotated[int, Ge(1)] = 15
    deviation: Annotated[float, Gt(0)] = 1.0


@final
class Sparse(Initializer[SparseConfig]):
    """See `SparseConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Choose the connections of every unit, and draw their values."""
        units = out.shape[-1] if out.ndim > 1 else 1
        inputs = out.size // units
        chosen = min(self.config.connections, inputs)
        values = np.zeros((inputs, units))
        rows = np.argsort(rng.random((inputs, units)), axis=0)[:chosen]
        drawn = rng.normal(0, self.config.deviation, (chosen, units))
        np.put_along_axis(values, rows, drawn, axis=0)
        out[...] = values.reshape(out.shape)
