"""Standardization of inputs."""

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
    Moments,
    Shape,
    ShapeError,
    StatePlan,
)


class StandardizeConfig(LayerConfig):
    """Mean 0 and deviation 1 for every feature, over the training examples.

    ``y = (x - mean) / deviation``, ``(..., features)`` unchanged; 0 for a constant feature.

    Mean and standard deviation of every feature are measured once, before training, over the
    training examples and every axis but the last; the variance is biased: divided by the number of
    values. Steps of sequences that are padding count for nothing. They are saved with the network
    and are not trained, so the layer belongs before the first layer that is.

    A feature that is the same in all training examples has a deviation of 0; its output is always
    0, even for other values later, as nothing can have been learnt from it.

    Notes
    -----
    These are the mean and deviation of scikit-learn's ``StandardScaler`` and Keras's
    ``Normalization``. A constant feature that changes after all gives ``x - mean`` in scikit-learn,
    and ``(x - mean) / 1e-7`` in Keras.

    References
    ----------
    LeCun, Bottou, Orr, Müller (1998), Efficient BackProp, section 4.3.
    """

    type: Literal["standardize"] = "standardize"

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``mean`` and ``deviation``, which do nothing until they are measured."""
        if not x:
            raise ShapeError(f"standardize expects an axis of features, shape (..., n); found {x}")
        shape = (x[-1],)
        return LayerPlan(x, state={"mean": StatePlan(shape), "deviation": StatePlan(shape, 1.0)})

    def traits(self) -> LayerTraits:
        """Return that outputs are of about one size."""
        return LayerTraits(rescales=True)


@final
class Standardize(Layer[StandardizeConfig]):
    """See `StandardizeConfig`."""

    def __init__(self, config: StandardizeConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._mean = context.state["mean"]
        self._deviation = context.state["deviation"]
        self._scaling = FeatureScaling(self._mean, self._deviation, context.input_shape)
        self._y = context.buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Subtract the mean and divide by the deviation."""
        y = self._y[: len(x)]
        self._scaling.apply(x, y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Divide by the deviation."""
        return None if self.context.input_grad is None else self._scaling.apply_gradient(dy)

    def adapt(self, batches: Batches) -> None:
        """Measure mean and deviation of every feature."""
        moments = Moments(self.context.input_shape[-1])
        for x in batches():
            moments.add(x, self.context.mask)
        if moments.count:
            np.copyto(self._mean, moments.mean, casting="same_kind")
            deviation = np.sqrt(moments.variance(unbiased=False))
            np.copyto(self._deviation, deviation, casting="same_kind")
