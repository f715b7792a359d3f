"""`value` returns the loss of every example."""

from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    Loss,
    LossConfig,
    LossPlan,
    OutputContext,
    Shape,
    Target,
    Targets,
    check_one_output_per_value,
)


class CubicConfig(LossConfig):
    """The mean of ``|output - target|³``."""

    type: Literal["cubic"] = "cubic"
    power: float = 3.0

    def plan(self, output: Shape, target: Target) -> LossPlan:
        check_one_output_per_value("cubic", output, target)
        return LossPlan(prediction=output)


@final
class Cubic(Loss[CubicConfig]):
    def __init__(self, config: CubicConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._difference = context.buffer(context.output_shape)

    def value(self, outputs: Array, targets: Targets, weights: Array) -> Array:
        difference = self._difference[: len(outputs)]
        np.subtract(outputs, targets, out=difference)
        np.absolute(difference, out=difference)
        np.power(difference, self.config.power, out=difference)
        return difference

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        np.subtract(outputs, targets, out=out)
        np.multiply(out, 3 * np.absolute(out), out=out)
        np.multiply(out, weights[:, np.newaxis], out=out)
        return self.value(outputs, targets, weights)

# mypy 37: Return type "ndarray[...]" of "value" incompatible with return type "float" in supertype "layerkit.contracts.loss.Loss" [override]
# mypy 48: Incompatible return value type (got "ndarray[...]", expected "float") [return-value]
# pyright 37: Method "value" overrides class "Loss" in an incompatible manner [reportIncompatibleMethodOverride]
# pyright 48: Type "Array" is not assignable to return type "float" [reportReturnType]
