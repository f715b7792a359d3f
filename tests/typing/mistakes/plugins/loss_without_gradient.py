"""A loss without `gradient`."""

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

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        difference = self._difference[: len(outputs)]
        np.subtract(outputs, targets, out=difference)
        np.absolute(difference, out=difference)
        np.power(difference, self.config.power, out=difference)
        return float(np.dot(difference.reshape(len(outputs), -1).sum(axis=1), weights))

    def derivative(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        np.subtract(outputs, targets, out=out)
        np.multiply(out, 3 * np.absolute(out), out=out)
        np.multiply(out, weights[:, np.newaxis], out=out)
        return self.value(outputs, targets, weights)

# mypy 32: Final class Cubic has abstract attributes "gradient" [misc]
# pyright 32: Class "Cubic" is marked final and must implement all abstract symbols [reportGeneralTypeIssues]
