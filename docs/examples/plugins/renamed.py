"""A layer that was renamed, and so was its option: former names keep working."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Activation, ActivationConfig, Array


class ScaledTanhConfig(ActivationConfig):
    """``y = scale * tanh(x)``, elementwise; called ``stretched_tanh`` up to version 1.

    Attributes
    ----------
    scale
        Above 0; called ``factor`` up to version 1.
    """

    former_keys: ClassVar[Mapping[str, str]] = {"factor": "scale"}

    type: Literal["scaled_tanh"] = "scaled_tanh"
    scale: Annotated[float, Gt(0)] = 1.7


@final
class ScaledTanh(Activation[ScaledTanhConfig]):
    """See `ScaledTanhConfig`."""

    def value(self, x: Array, out: Array) -> None:
        """``scale * tanh(x)``."""
        np.tanh(x, out=out)
        np.multiply(out, self.config.scale, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """``scale - y² / scale``."""
        np.multiply(y, y, out=out)
        np.divide(out, -self.config.scale, out=out)
        np.add(out, self.config.scale, out=out)
