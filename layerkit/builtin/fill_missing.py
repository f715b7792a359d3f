"""Numbers in place of missing values."""

from __future__ import annotations

from typing import Literal, Self, final

import numpy as np
from pydantic import model_validator

from layerkit.plugin import (
    Array,
    Batches,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    Missing,
    PassedInputs,
    Shape,
    ShapeError,
    StatePlan,
    counted_rows,
    problem,
    sorted_values,
)


class FillMissingConfig(LayerConfig):
    """Fills missing values (nan) with a number of the feature; ``(..., features)`` unchanged.

    The number is the mean or the median of the feature's values that are there, measured once,
    before training, over the training examples and every axis but the last (steps of sequences
    that are padding count for nothing), and saved with the network; or a constant. The layer
    stands first, or behind ``columns``: other layers refuse missing values.

    A feature of which no training example has a value is filled with 0.

    Attributes
    ----------
    strategy
        ``"mean"``, ``"median"`` or ``"constant"``.
    value
        For ``"constant"``: the number.
    indicator
        Whether to add as many features again, 1 where a value is missing and 0 elsewhere:
        ``(..., 2 * features)``, those of the data first.

    Notes
    -----
    scikit-learn's ``SimpleImputer`` fills with the same numbers; with ``add_indicator`` it adds
    features only for those that miss values in the training examples. Before it has measured, the
    layer fills with 0. While it measures medians, it holds all values of the training examples at
    once: examples times features (and times the positions of sequences and images), 4 bytes each
    in float32; for means, nothing.

    References
    ----------
    Little, Rubin (2002), Statistical analysis with missing data, section 4.2.
    """

    type: Literal["fill_missing"] = "fill_missing"
    strategy: Literal["mean", "median", "constant"] = "mean"
    value: float | None = None
    indicator: bool = False

    @model_validator(mode="after")
    def _a_constant_has_a_value(self) -> Self:
        if self.strategy == "constant" and self.value is None:
            raise problem("missing-key", "expected a value for the strategy 'constant'")
        if self.strategy != "constant" and self.value is not None:
            raise problem(
                "wrong-value",
                f"expected no value for the strategy '{self.strategy}', found {self.value:g}",
                "strategy = 'constant' fills with a value",
            )
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``fill``, a number for each feature, unless it is a constant."""
        if not x:
            raise ShapeError(f"fill_missing expects an axis of features, shape (..., n); found {x}")
        output = (*x[:-1], 2 * x[-1]) if self.indicator else x
        state = {} if self.strategy == "constant" else {"fill": StatePlan((x[-1],))}
        return LayerPlan(output, state=state)

    def missing_values(self) -> Missing:
        """Return that it fills them."""
        return "fills"

    def passed_inputs(self, x: Shape) -> PassedInputs | None:
        """Return all inputs where a constant fills them: ids stay ids."""
        if self.value is None or self.indicator:
            return None
        return PassedInputs(tuple(range(int(np.prod(x)))), self.value)


@final
class FillMissing(Layer[FillMissingConfig]):
    """See `FillMissingConfig`."""

    def __init__(self, config: FillMissingConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        features = context.input_shape[-1]
        self._fill = context.state.get("fill")
        self._fills: Array = np.zeros(context.input_shape, context.dtype)
        self._missing = np.zeros((context.capacity, *context.input_shape), np.bool_)
        self._y = context.buffer(context.output_shape)
        self._values = self._y[..., :features]
        self._indicators = self._y[..., features:]

    def forward(self, x: Array, *, training: bool) -> Array:
        """Copy what is there, and fill the rest."""
        n = len(x)
        missing, values = self._missing[:n], self._values[:n]
        np.isnan(x, out=missing)
        np.copyto(self._fills, self.config.value or 0 if self._fill is None else self._fill)
        np.copyto(values, x)
        np.copyto(values, self._fills, where=missing)
        if self.config.indicator:
            np.copyto(self._indicators[:n], missing)
        return self._y[:n]

    def backward(self, dy: Array) -> Array | None:
        """Return the gradient of what is there, 0 for the rest."""
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[: len(dy)]
        np.copyto(dx, dy[..., : dx.shape[-1]])
        np.copyto(dx, 0, where=self._missing[: len(dy)])
        return dx

    def adapt(self, batches: Batches) -> None:
        """Measure mean or median of every feature."""
        fill, context = self._fill, self.context
        if fill is None:
            return
        features = context.input_shape[-1]
        if self.config.strategy == "median":
            for feature, values in enumerate(sorted_values(batches, features, context.mask)):
                fill[feature] = np.median(values) if len(values) else 0
            return
        total, count = np.zeros((2, features))
        for x in batches():
            rows = counted_rows(x, context.mask)
            is_there = np.logical_not(np.isnan(rows))
            total += np.sum(rows, axis=0, where=is_there, dtype=np.float64)
            count += np.count_nonzero(is_there, axis=0)
        np.copyto(fill, total / np.maximum(count, 1), casting="same_kind")
