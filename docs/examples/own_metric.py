"""A metric of your own: the largest error of a regression."""

from typing import ClassVar, Literal, final

import numpy as np

import layerkit as lk
from layerkit import layers, losses, optimizers
from layerkit.plugin import (
    Array,
    OutputContext,
    ScalarMetric,
    ScalarMetricConfig,
    Shape,
    Target,
    Targets,
    check_one_output_per_value,
)


class MaxErrorConfig(ScalarMetricConfig):
    """The largest ``|prediction - target|`` of all examples that count."""

    higher_is_better: ClassVar[bool] = False

    type: Literal["max_error"] = "max_error"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is a number for every value of the target."""
        check_one_output_per_value("max_error", prediction, target)


@final
class MaxError(ScalarMetric[MaxErrorConfig]):
    """See `MaxErrorConfig`."""

    def __init__(self, config: MaxErrorConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self.reset()

    def reset(self) -> None:
        """Start again from 0."""
        self._largest = 0.0

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Look at the errors of a batch, but for examples of weight 0."""
        errors = np.abs(predictions - targets)[weights > 0]
        self._largest = max(self._largest, float(errors.max(initial=0)))

    def result(self) -> float:
        """Return the largest so far."""
        return self._largest


x = np.linspace(-2, 2, 200)[:, np.newaxis]
y = np.sin(2 * x[:, 0])
spec = lk.ModelSpec(
    layers=[layers.Dense(units=32), layers.Tanh(), layers.Dense(units=1)],
    loss=losses.MeanSquaredError(),
    optimizer=optimizers.Adam(learning_rate=0.02),
    metrics=[MaxErrorConfig()],
    training={"epochs": 100},
)
result = lk.train(spec, data=(x, y), test=(x, y))
print("largest error below 0.2:", result.test["max_error"] < 0.2)
