"""L-BFGS, for the gradient of all training examples at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Array, Optimizer, OptimizerConfig, OptimizerContext, Scope, Span, State

DECREASE = 1e-4
"""The share of the decrease that the slope promises which a step must bring."""
CURVATURE = 0.9
"""The share of the slope's magnitude that may be left after a step."""


class LBFGSConfig(OptimizerConfig):
    """Steps along an estimate of the Newton direction; a line search chooses their length.

    The estimate comes from the changes of parameters and gradient over the last steps. The step
    satisfies the strong Wolfe conditions, with 1e-4 and 0.9, if ``max_evaluations`` are enough;
    else it is the best one tried. The first length tried is the learning rate; at the first step,
    divided by the sum of the gradient's magnitudes if that is above 1, as in PyTorch.

    Meant for ``training.batch_size = "full"`` and no dropout: differences between the gradients of
    different batches say little of the curvature. Every step computes the gradient at least three
    times: before, for the loss to start from, and for each length tried. One step here is one
    iteration of PyTorch's ``LBFGS``, which does up to 20 in a step.

    Attributes
    ----------
    learning_rate
        Above 0, by default 1, which is right unless the first steps go wrong.
    history
        Steps remembered, at least 1; each takes the memory of two gradients.
    max_evaluations
        Lengths tried in a step, at least 1.

    References
    ----------
    Nocedal, Wright (2006), Numerical optimization, algorithms 3.5, 3.6 and 7.5.
    """

    type: Literal["lbfgs"] = "lbfgs"
    learning_rate: Annotated[float, Gt(0)] = 1.0
    history: Annotated[int, Gt(0)] = 10
    max_evaluations: Annotated[int, Gt(0)] = 25

    def vectors(self) -> int:
        """Return two for each step remembered; position, gradient and direction."""
        return 2 * self.history + 3


@dataclass
class _Memory(State):
    """The last steps.

    Attributes
    ----------
    position, gradient
        Where the last step started from.
    steps, changes
        Of parameters and gradient, ``(history, n)``; a new pair replaces the oldest.
    products
        The dot product of each pair.
    pairs
        How many have been stored since the memory was last empty.
    started
        Whether there has been a step.
    """

    position: Array
    gradient: Array
    steps: Array
    changes: Array
    products: Array
    pairs: int = 0
    started: bool = False


@final
class LBFGS(Optimizer[LBFGSConfig]):
    """See `LBFGSConfig`."""

    scope: ClassVar[Scope] = "network"

    def __init__(self, config: LBFGSConfig, context: OptimizerContext) -> None:
        super().__init__(config, context)
        value = context.parameter.value
        pairs = (config.history, value.size)
        self._memory = _Memory(
            position=np.zeros_like(value),
            gradient=np.zeros_like(value),
            steps=np.zeros(pairs, value.dtype),
            changes=np.zeros(pairs, value.dtype),
            products=np.zeros(config.history),
        )
        self._weights = np.zeros(config.history)
        self._direction = np.zeros_like(value)

    def state(self) -> State:
        """Return the last steps."""
        return self._memory

    def update(self, span: Span, learning_rate: float, step: int) -> None:
        """Choose a direction, then go along it."""
        memory, direction = self._memory, self._direction
        if learning_rate == 0:
            return
        self._remember(span)
        self._turn(span)
        slope = _dot(span.grad, direction)
        if not slope < 0:
            memory.pairs = 0
            self._turn(span)
            slope = _dot(span.grad, direction)
        np.copyto(memory.position, span.value)
        np.copyto(memory.gradient, span.grad)
        memory.started = True
        length = learning_rate
        if memory.pairs == 0:
            np.abs(span.grad, out=span.scratch)
            length /= max(1.0, float(span.scratch.sum()))
        loss = self.context.objective()
        if not (slope < 0 and math.isfinite(slope) and math.isfinite(loss)):
            return

        def attempt(length: float) -> _Trial:
            self._move(span, length)
            loss = self.context.objective()
            return _Trial(length, loss, _dot(span.grad, direction))

        found = _search(attempt, _Trial(0.0, loss, slope), length, self.config.max_evaluations)
        self._move(span, found.length)
        if found.length == 0:
            memory.pairs = 0  # no length was better than 0: restart from the gradient

    def _remember(self, span: Span) -> None:
        """Store what changed over the last step, if the curvature along it is above 0."""
        memory, step, change = self._memory, self._direction, span.scratch
        if not memory.started:
            return
        np.subtract(span.value, memory.position, out=step)
        np.subtract(span.grad, memory.gradient, out=change)
        product = _dot(step, change)
        if product > float(np.finfo(change.dtype).eps) * _dot(change, change) > 0:
            place = memory.pairs % self.config.history
            np.copyto(memory.steps[place], step)
            np.copyto(memory.changes[place], change)
            memory.products[place] = product
            memory.pairs += 1

    def _turn(self, span: Span) -> None:
        """Make the direction minus the gradient times the estimate of the inverse Hessian."""
        memory, direction, scratch = self._memory, self._direction, span.scratch
        newest = memory.pairs - 1
        oldest = max(memory.pairs - self.config.history, 0)
        np.negative(span.grad, out=direction)
        for pair in range(newest, oldest - 1, -1):
            place = pair % self.config.history
            weight = _dot(memory.steps[place], direction) / float(memory.products[place])
            self._weights[place] = weight
            np.multiply(memory.changes[place], weight, out=scratch)
            np.subtract(direction, scratch, out=direction)
        if memory.pairs > 0:
            place = newest % self.config.history
            change = memory.changes[place]
            scale = float(memory.products[place]) / _dot(change, change)
            np.multiply(direction, scale, out=direction)
        for pair in range(oldest, newest + 1):
            place = pair % self.config.history
            weight = _dot(memory.changes[place], direction) / float(memory.products[place])
            np.multiply(memory.steps[place], float(self._weights[place]) - weight, out=scratch)
            np.add(direction, scratch, out=direction)

    def _move(self, span: Span, length: float) -> None:
        """Set the parameters to that length along the direction."""
        np.multiply(self._direction, length, out=span.scratch)
        np.add(self._memory.position, span.scratch, out=span.value)


@dataclass(frozen=True, slots=True)
class _Trial:
    """A length along the direction, with loss and slope there."""

    length: float
    loss: float
    slope: float


def _search(
    attempt: Callable[[float], _Trial], start: _Trial, length: float, evaluations: int
) -> _Trial:
    """Return a trial that satisfies the strong Wolfe conditions, or else the best one.

    Goes further until good lengths are enclosed, then encloses them more and more closely.
    """
    low, high = start, None
    trial = attempt(length)
    for left in range(evaluations - 1, -1, -1):
        # Good lengths lie beyond ``low``, which is the best trial, or between it and ``high``.
        if not _decreases(trial, start) or (low is not start and trial.loss >= low.loss):
            high = trial
        elif abs(trial.slope) <= -CURVATURE * start.slope:
            return trial
        else:
            if high is None:
                turns = trial.slope >= 0
            else:
                turns = trial.slope * (high.length - low.length) >= 0
            before, low = low, trial
            if turns:
                high = before
            elif high is None and left:
                least = trial.length + 0.01 * (trial.length - before.length)
                trial = attempt(_lowest(before, trial, least, 10 * trial.length))
                continue
        if high is not None and left:
            near, far = sorted((low.length, high.length))
            margin = 0.1 * (far - near)
            if not near < near + margin < far:
                return low  # no number is left between them
            trial = attempt(_lowest(low, high, near + margin, far - margin))
    return low


def _decreases(trial: _Trial, start: _Trial) -> bool:
    """Tell whether a trial brings a share of what the slope at the start promises; nan does not."""
    return trial.loss <= start.loss + DECREASE * trial.length * start.slope


def _lowest(one: _Trial, other: _Trial, least: float, most: float) -> float:
    """Return where the cubic through two trials is lowest, within bounds; else their middle."""
    middle = (least + most) / 2
    if not all(map(math.isfinite, (one.loss, other.loss, one.slope, other.slope))):
        return middle
    apart = other.length - one.length
    mean = one.slope + other.slope - 3 * (other.loss - one.loss) / apart
    square = mean * mean - one.slope * other.slope
    if not square >= 0:
        return middle
    root = math.copysign(math.sqrt(square), apart)
    below = other.slope - one.slope + 2 * root
    if below == 0:
        return middle
    return min(max(other.length - apart * (other.slope + root - mean) / below, least), most)


def _dot(one: Array, other: Array) -> float:
    return float(np.dot(one, other))
