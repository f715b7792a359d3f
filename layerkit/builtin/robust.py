"""Scaling of inputs by median and quartiles."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

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
    sorted_values,
)


class RobustConfig(LayerConfig):
    """Median 0 for every feature, and its quartiles 1 apart, over the training examples.

    ``y = (x - median) / (third quartile - first quartile)``, ``(..., features)`` unchanged.

    Few values that are far off change neither median nor quartiles. These are measured once,
    before training, over the training examples and every axis but the last; steps of sequences that
    are padding count for nothing. They are saved with the network and are not trained, so the
    layer belongs before the first layer that is.

    Where the quartiles of a feature are the same, half the distance of its largest from its
    smallest value takes the place of their distance. A feature that is the same in all training
    examples gives 0, even for other values later.

    Notes
    -----
    While it measures, the layer holds all values of the training examples at once: examples times
    features (and times the positions of sequences and images), 4 bytes each in float32.

    scikit-learn's ``RobustScaler`` is the same where quartiles differ; where they are the same it
    only subtracts the median. To bound what is far off, put ``smooth_clip`` after this layer.

    References
    ----------
    Holzmüller, Grinsztajn, Steinwart (2024), Better by default: strong pre-tuned MLPs and boosted
    trees on tabular data.
    """

    type: Literal["robust"] = "robust"

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``median`` and ``spread``, which do nothing until they are measured."""
        if not x:
            raise ShapeError(f"robust expects an axis of features, shape (..., n); found {x}")
        shape = (x[-1],)
        return LayerPlan(x, state={"median": StatePlan(shape), "spread": StatePlan(shape, 1.0)})

    def traits(self) -> LayerTraits:
        """Return that outputs are of about one size."""
        return LayerTraits(rescales=True)


@final
class Robust(Layer[RobustConfig]):
    """See `RobustConfig`."""

    def __init__(self, config: RobustConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._median = context.state["median"]
        self._spread = context.state["spread"]
        self._scaling = FeatureScaling(self._median, self._spread, context.input_shape)
        self._y = context.buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Subtract the median and divide by the spread."""
        y = self._y[: len(x)]
        self._scaling.apply(x, y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Divide by the spread."""
        return None if self.context.input_grad is None else self._scaling.apply_gradient(dy)

    def adapt(self, batches: Batches) -> None:
        """Measure median and spread of every feature."""
        context = self.context
        for feature, values in enumerate(
            sorted_values(batches, context.input_shape[-1], context.mask)
        ):
            if not len(values):
                continue
            first, median, third = np.quantile(values, (0.25, 0.5, 0.75))
            self._median[feature] = median
            self._spread[feature] = third - first if third > first else (values[-1] - values[0]) / 2
