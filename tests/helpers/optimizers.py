"""Steps of an optimizer with gradients that a test gives."""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.optimizer import OptimizerConfig
from layerkit.testing.build import build_optimizer


def path(
    config: OptimizerConfig, start: Array, gradients: Array, *, decay: float = 1.0, rate: float = 1
) -> Array:
    """Return the parameters after every step, ``(steps, n)``.

    Parameters
    ----------
    config
        Of the optimizer.
    start
        Parameters before the first step, ``(n,)``.
    gradients
        Of every step, ``(steps, n)``.
    decay, rate
        Factors of the weight decay and of the learning rate.
    """
    optimizer, span = build_optimizer(config, start.astype(np.float64), decay=decay)
    found = np.zeros(gradients.shape)
    for step, gradient in enumerate(gradients, start=1):
        span.grad[...] = gradient
        optimizer.update(span, config.learning_rate * rate, step)
        found[step - 1] = span.value
    return found


def scalar_path(config: OptimizerConfig, *gradients: float, start: float = 0.0) -> list[float]:
    """Return the value of a single parameter after every step."""
    found = path(config, np.array([start]), np.array(gradients)[:, None])
    return [float(value) for value in found[:, 0]]
