"""A guard against numbers that are not finite."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import (
    Array,
    CallbackConfig,
    ConfiguredCallback,
    DivergedError,
    GradientReady,
    Run,
    StepEnded,
    TrainingStarted,
)


class NanGuardConfig(CallbackConfig):
    """End training, and say where, as soon as a number is not finite.

    Looks at the gradient of every parameter before the parameters change, and at the parameters
    afterwards. Without it training also ends once the loss is not finite, but the error cannot name
    the parameter where it began. Keras' ``TerminateOnNaN`` looks at the loss alone.

    Attributes
    ----------
    every
        Check every so many steps, at least 1. A step whose loss is not finite is always checked.

    Errors
    ------
    DivergedError
        Names the step and the first parameter, in the order of the network.

    References
    ----------
    IEEE 754 (2019), Standard for floating-point arithmetic, on infinities and NaN.
    """

    type: Literal["nan_guard"] = "nan_guard"
    every: Annotated[int, Gt(0)] = 1


@final
class NanGuard(ConfiguredCallback[NanGuardConfig]):
    """See `NanGuardConfig`."""

    def __init__(self, config: NanGuardConfig) -> None:
        super().__init__(config)
        self._parameters: Mapping[str, Array] = {}
        self._gradients: Mapping[str, Array] = {}

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Keep the arrays to check."""
        self._parameters, self._gradients = run.parameters, run.gradients

    def gradient_ready(self, event: GradientReady) -> None:
        """Look at the loss and the gradient."""
        is_finite = math.isfinite(event.loss)
        if is_finite and event.step % self.config.every:
            return
        wrong = _not_finite(self._gradients, "the gradient of ")
        if not is_finite:
            _fail(event, f"the loss is {event.loss}, {wrong or _largest(self._parameters)}")
        if wrong:
            _fail(event, wrong)

    def step_ended(self, event: StepEnded) -> None:
        """Look at the parameters."""
        if event.step % self.config.every == 0:
            wrong = _not_finite(self._parameters, "")
            if wrong:
                _fail(event, wrong)


def _fail(event: GradientReady | StepEnded, found: str) -> None:
    raise DivergedError(
        f"training diverged at step {event.step} (epoch {event.epoch}): {found}; "
        "lower optimizer.learning_rate"
    )


def _largest(arrays: Mapping[str, Array]) -> str:
    """Say where the largest number is, which is the best guess at where it began."""
    largest, path = max((float(np.abs(array).max()), path) for path, array in arrays.items())
    return f"and {path} reaches {largest:.3g}"


def _not_finite(arrays: Mapping[str, Array], noun: str) -> str:
    """Say which array is the first with numbers that are not finite; nothing if none is."""
    wrong = [path for path, array in arrays.items() if not _is_finite(array)]
    if not wrong:
        return ""
    array = arrays[wrong[0]]
    first = array[~np.isfinite(array)][0]
    count = int(np.count_nonzero(~np.isfinite(array)))
    others = f", and {len(wrong) - 1} more like it" if len(wrong) > 1 else ""
    return f"{noun}{wrong[0]} has {first} ({count} of {array.size} values{others})"


def _is_finite(array: Array) -> bool:
    # Both pass nan on, and neither needs memory for what isfinite would say of every value.
    return math.isfinite(array.min()) and math.isfinite(array.max())
