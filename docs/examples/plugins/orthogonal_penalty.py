"""A penalty on a whole matrix."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge

from layerkit.plugin import Array, Regularizer, RegularizerConfig


class OrthogonalPenaltyConfig(RegularizerConfig):
    """``strength / 4 * |WᵀW - I|²``: draws the columns of a matrix towards right angles."""

    type: Literal["orthogonal_penalty"] = "orthogonal_penalty"
    strength: Annotated[float, Ge(0)] = 1e-3


@final
class OrthogonalPenalty(Regularizer[OrthogonalPenaltyConfig]):
    """See `OrthogonalPenaltyConfig`."""

    elementwise: ClassVar[bool] = False

    def __init__(self, config: OrthogonalPenaltyConfig) -> None:
        super().__init__(config)
        self._gaps: dict[int, Array] = {}

    def penalize(self, value: Array, grad: Array, scratch: Array) -> float:
        """Add ``strength * W (WᵀW - I)``; other parameters than matrices have no penalty."""
        if value.ndim != 2:
            return 0.0
        columns = value.shape[1]
        if columns not in self._gaps:  # in the first step: later ones allocate nothing
            self._gaps[columns] = np.zeros((columns, columns), value.dtype)
        gap = self._gaps[columns]
        np.matmul(value.T, value, out=gap)
        diagonal = gap.reshape(-1)[:: columns + 1]
        np.subtract(diagonal, 1, out=diagonal)
        np.matmul(value, gap, out=scratch)
        np.multiply(scratch, self.config.strength, out=scratch)
        np.add(grad, scratch, out=grad)
        return self.config.strength / 4 * float(np.vdot(gap, gap))
