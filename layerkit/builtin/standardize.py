"""Standardization of inputs."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    Batches,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    Moments,
    Shape,
    ShapeError,
    StatePlan,
)


class StandardizeConfig(LayerConfig):
    """``y = (x - mean) / deviation``, ``(..., features)`` unchanged; 0 for a constant feature.

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


@final
class Standardize(Layer[StandardizeConfig]):
    """See `StandardizeConfig`."""

    def __init__(self, config: StandardizeConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._mean = context.state["mean"]
        self._deviation = context.state["deviation"]
        self._factor: Array = np.zeros_like(self._deviation)
        self._varies = np.zeros(self._deviation.shape, np.bool_)
        self._least = np.finfo(context.dtype).tiny
        self._example: Array = np.zeros(context.input_shape, context.dtype)
        self._y = context.buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Subtract the mean and divide by the deviation."""
        y = self._y[: len(x)]
        # Below the least normal number there is no reciprocal, and nothing but rounding errors.
        np.greater_equal(self._deviation, self._least, out=self._varies)
        self._factor.fill(0)
        np.divide(1, self._deviation, out=self._factor, where=self._varies)
        np.subtract(x, self._everywhere(self._mean), out=y)
        np.multiply(y, self._everywhere(self._factor), out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Divide by the deviation."""
        if self.context.input_grad is None:
            return None
        np.multiply(dy, self._everywhere(self._factor), out=dy)
        return dy

    def adapt(self, batches: Batches) -> None:
        """Measure mean and deviation of every feature."""
        features = self.context.input_shape[-1]
        # A layer that joins the axes of a sequence passes on a mask that fits no axis any more.
        mask = self.context.mask if len(self.context.input_shape) > 1 else None
        moments = Moments(features)
        for x in batches():
            moments.add(x, mask)
        if moments.count:
            np.copyto(self._mean, moments.mean, casting="same_kind")
            deviation = np.sqrt(moments.variance(unbiased=False))
            np.copyto(self._deviation, deviation, casting="same_kind")

    def _everywhere(self, vector: Array) -> Array:
        """Return a value per feature at every position of an example; the next call overwrites it.

        A pass over a batch of images with few channels is several times as fast this way.
        """
        np.copyto(self._example, vector)
        return self._example
