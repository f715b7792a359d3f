"""Normal initialisation of a fixed width."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class NormalConfig(InitializerConfig):
    """Normal with a mean and standard deviation, whatever the layer's size.

    Attributes
    ----------
    mean
        Mean of the values.
    deviation
        Their standard deviation, above 0.

    References
    ----------
    Krizhevsky, Sutskever, Hinton (2012), ImageNet classification with deep convolutional neural
    networks, section 5, with a deviation of 0.01.
    """

    type: Literal["normal"] = "normal"
    mean: float = 0.0
    deviation: Annotated[float, Gt(0)] = 0.05


@final
class Normal(Initializer[NormalConfig]):
    """See `NormalConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Draw from the distribution."""
        out[...] = rng.normal(self.config.mean, self.config.deviation, out.shape)
