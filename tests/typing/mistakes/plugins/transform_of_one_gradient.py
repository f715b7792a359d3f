"""A gradient transform of one gradient."""

from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    Constraint,
    ConstraintConfig,
    GradientTransform,
    GradientTransformConfig,
)


class SignConfig(GradientTransformConfig):
    """The sign of every gradient."""

    type: Literal["sign"] = "sign"


@final
class Sign(GradientTransform[SignConfig]):
    def apply(self, grad: Array) -> None:
        np.sign(grad, out=grad)


class BoxConfig(ConstraintConfig):
    """Values from -limit to limit."""

    type: Literal["box"] = "box"
    limit: float


@final
class Box(Constraint[BoxConfig]):
    def __init__(self, config: BoxConfig, value: Array) -> None:
        super().__init__(config, value)
        self._limit = config.limit

    def apply(self) -> None:
        np.clip(self.value, -self._limit, self._limit, out=self.value)

# mypy 24: Signature of "apply" incompatible with supertype "layerkit.contracts.gradient_transform.GradientTransform" [override]
# pyright 24: Method "apply" overrides class "GradientTransform" in an incompatible manner [reportIncompatibleMethodOverride]
