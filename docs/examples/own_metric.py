"""A metric of your own: the mean absolute error of a regression."""

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


class MeanAbsoluteErrorConfig(ScalarMetricConfig):
    """The mean of ``|prediction - target|`` over examples and values."""

    higher_is_better: ClassVar[bool] = False

    type: Literal["mean_absolute_error"] = "mean_absolute_error"

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is a number for every value of the target."""
        check_one_output_per_value("mean_absolute_error", prediction, target)


@final
class MeanAbsoluteError(ScalarMetric[MeanAbsoluteErrorConfig]):
    """See `MeanAbsoluteErrorConfig`."""

    def __init__(self, config: MeanAbsoluteErrorConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self.reset()

    def reset(self) -> None:
        """Start again from 0."""
        self._sum = self._weight = 0.0

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        """Add up the errors of a batch, times the weights of its examples."""
        errors = np.abs(predictions - targets).mean(axis=1)
        self._sum += float(np.dot(errors, weights))
        self._weight += float(weights.sum())

    def result(self) -> float:
        """Return the mean so far."""
        return self._sum / self._weight if self._weight else 0.0


x = np.linspace(-2, 2, 200)[:, np.newaxis]
y = np.sin(2 * x[:, 0])
spec = lk.ModelSpec(
    layers=[layers.Dense(units=32), layers.Tanh(), layers.Dense(units=1)],
    loss=losses.MeanSquaredError(),
    optimizer=optimizers.Adam(learning_rate=0.02),
    metrics=[MeanAbsoluteErrorConfig()],
    training={"epochs": 100},
)
result = lk.train(spec, data=(x, y), test=(x, y))
print("mean absolute error below 0.1:", result.test["mean_absolute_error"] < 0.1)
