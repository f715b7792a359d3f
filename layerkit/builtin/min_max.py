"""Scaling of inputs to a range."""

from __future__ import annotations

from typing import Literal, Self, final

import numpy as np
from pydantic import model_validator

from layerkit.plugin import (
    Array,
    Batches,
    FeatureScaling,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    LayerTraits,
    Shape,
    ShapeError,
    StatePlan,
    counted_rows,
    problem,
)


class MinMaxConfig(LayerConfig):
    """The range of every feature in the training examples, mapped to another one.

    ``y = lower + (x - minimum) * (upper - lower) / (maximum - minimum)``, shapes unchanged.

    ``(..., features)``; smallest and largest value of every feature are measured once, before
    training, over the training examples and every axis but the last. Steps of sequences that are
    padding count for nothing. They are saved with the network and are not trained, so the layer
    belongs before the first layer that is. Later values beyond them go beyond ``lower`` and
    ``upper``.

    A feature that is the same in all training examples gives ``lower``, even for other values
    later.

    Attributes
    ----------
    lower, upper
        What the smallest and the largest value become; ``lower`` is the smaller one.

    Notes
    -----
    The same as scikit-learn's ``MinMaxScaler``, but for a constant feature that changes after all,
    which gives ``lower + (x - minimum) * (upper - lower)`` there.

    References
    ----------
    Han, Kamber, Pei (2011), Data mining: concepts and techniques, section 3.5.2.
    """

    type: Literal["min_max"] = "min_max"
    lower: float = 0.0
    upper: float = 1.0

    @model_validator(mode="after")
    def _lower_is_below_upper(self) -> Self:
        if not self.lower < self.upper:
            raise problem(
                "wrong-value",
                f"expected lower below upper, found {self.lower:g} and {self.upper:g}",
            )
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``minimum`` and ``maximum``, 0 and 1 until they are measured."""
        if not x:
            raise ShapeError(f"min_max expects an axis of features, shape (..., n); found {x}")
        shape = (x[-1],)
        return LayerPlan(x, state={"minimum": StatePlan(shape), "maximum": StatePlan(shape, 1.0)})

    def traits(self) -> LayerTraits:
        """Return that outputs are of about one size."""
        return LayerTraits(rescales=True)


@final
class MinMax(Layer[MinMaxConfig]):
    """See `MinMaxConfig`."""

    def __init__(self, config: MinMaxConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._minimum = context.state["minimum"]
        self._maximum = context.state["maximum"]
        self._spread: Array = np.zeros_like(self._minimum)
        self._scaling = FeatureScaling(
            self._minimum,
            self._spread,
            context.input_shape,
            lower=config.lower,
            width=config.upper - config.lower,
        )
        self._y = context.buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Scale every feature."""
        y = self._y[: len(x)]
        np.subtract(self._maximum, self._minimum, out=self._spread)
        self._scaling.apply(x, y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Multiply by ``(upper - lower) / (maximum - minimum)``."""
        return None if self.context.input_grad is None else self._scaling.apply_gradient(dy)

    def adapt(self, batches: Batches) -> None:
        """Measure the smallest and the largest value of every feature."""
        minimum: Array = np.full_like(self._minimum, np.inf)
        maximum: Array = np.full_like(self._maximum, -np.inf)
        for x in batches():
            rows = counted_rows(x, self.context.mask)
            if len(rows):
                np.minimum(minimum, rows.min(axis=0), out=minimum)
                np.maximum(maximum, rows.max(axis=0), out=maximum)
        if np.all(minimum <= maximum):
            np.copyto(self._minimum, minimum)
            np.copyto(self._maximum, maximum)
