"""Normal initialisation without values far out."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class TruncatedNormalConfig(InitializerConfig):
    """Normal, with values further than ``cut`` deviations from the mean drawn again.

    What is left has a smaller deviation: 0.88 times as large for a cut of 2.

    Attributes
    ----------
    mean
        Mean of the values.
    deviation
        Standard deviation before values are drawn again, above 0.
    cut
        In deviations, above 0; 2 in Keras and PyTorch's usual call.

    References
    ----------
    Johnson, Kotz, Balakrishnan (1994), Continuous univariate distributions, volume 1, chapter 13.
    """

    type: Literal["truncated_normal"] = "truncated_normal"
    mean: float = 0.0
    deviation: Annotated[float, Gt(0)] = 0.05
    cut: Annotated[float, Gt(0.1)] = 2.0


@final
class TruncatedNormal(Initializer[TruncatedNormalConfig]):
    """See `TruncatedNormalConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Draw until no value is too far out."""
        config = self.config
        values = rng.standard_normal(out.size)
        while (far := np.flatnonzero(np.abs(values) > config.cut)).size:
            values[far] = rng.standard_normal(far.size)
        out[...] = (config.mean + config.deviation * values).reshape(out.shape)
