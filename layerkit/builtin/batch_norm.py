"""Batch normalization."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import (
    INITIALIZERS,
    AnyInitializer,
    Array,
    Batches,
    Fan,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    LayerTraits,
    Moments,
    ParameterPlan,
    Shape,
    ShapeError,
    StatePlan,
    default,
)


class BatchNormConfig(LayerConfig):
    """Batch normalization: mean 0 and variance 1 over the batch, then a scale and a shift.

    ``y = scale * (x - mean) / sqrt(variance + epsilon) + shift``, ``(..., features)`` unchanged.

    Channels are last. In training, mean and variance are those of the batch, over the examples and
    every axis but the last, the variance biased: divided by the number of values. They are
    averaged over the steps, for evaluation: ``running = momentum * running + (1 - momentum) *
    batch``, with the unbiased variance of the batch. Steps of sequences that are padding count for
    nothing. A batch with one value per feature has no variance: ``y`` is ``shift``, and the running
    variance stays as it is.

    With threads that each take a shard of the batch, a shard is normalized by its own statistics,
    and the running ones are the means of those of the shards.

    Attributes
    ----------
    momentum
        The fraction of the running statistics that a step keeps, from 0 to below 1.
    epsilon
        Added to the variance, inside the root; above 0.
    scale_initializer, shift_initializer
        What fills ``scale`` and ``shift``, ``(features,)``; by default ``ones`` and ``zeros``.

    Notes
    -----
    ``momentum`` is Keras's, whose default is 0.99; PyTorch's is ``1 - momentum``, 0.1 by default.
    ``epsilon`` and the unbiased running variance are PyTorch's; Keras has 1e-3 and the biased one.
    A group with a rate of 0 freezes ``scale`` and ``shift`` alone: unlike Keras's with
    ``trainable=False``, the layer goes on normalizing by the batch.

    References
    ----------
    Ioffe, Szegedy (2015), Batch normalization: accelerating deep network training by reducing
    internal covariate shift.
    """

    type: Literal["batch_norm"] = "batch_norm"
    momentum: Annotated[float, Ge(0), Lt(1)] = 0.9
    epsilon: Annotated[float, Gt(0)] = 1e-5
    scale_initializer: AnyInitializer = default(INITIALIZERS, "ones")
    shift_initializer: AnyInitializer = default(INITIALIZERS, "zeros")

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``scale`` and ``shift``, and the running ``mean`` and ``variance``."""
        if not x:
            raise ShapeError(f"batch_norm expects an axis of features, shape (..., n); found {x}")
        shape, fan = (x[-1],), Fan(1, 1)
        params = {
            "scale": ParameterPlan(shape, self.scale_initializer, fan, decay=False),
            "shift": ParameterPlan(shape, self.shift_initializer, fan, decay=False),
        }
        return LayerPlan(x, params, {"mean": StatePlan(shape), "variance": StatePlan(shape, 1.0)})

    def traits(self) -> LayerTraits:
        """Return that outputs are of about one size, and depend on the others of the batch."""
        return LayerTraits(rescales=True, compares_examples=True)


@final
class BatchNorm(Layer[BatchNormConfig]):
    """See `BatchNormConfig`."""

    def __init__(self, config: BatchNormConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        *axes, features = context.input_shape
        self._features = features
        self._positions = math.prod(axes)
        self._scale = context.params["scale"]
        self._shift = context.params["shift"]
        self._running_mean = context.state["mean"]
        self._running_variance = context.state["variance"]
        self._y = context.buffer(context.output_shape)
        self._centred = context.training_buffer(context.output_shape)
        self._ones = np.ones(len(self._centred) * self._positions, context.dtype)
        self._mask = context.mask
        self._weights = self._ones if self._mask is None else np.zeros_like(self._ones)
        self._count = 0.0
        self._example: Array = np.zeros(context.input_shape, context.dtype)
        vectors: Array = np.zeros((5, features), context.dtype)
        self._mean, self._variance, self._inverse, self._factor, self._scratch = vectors

    def forward(self, x: Array, *, training: bool) -> Array:
        """Normalize by the statistics of the batch in training, by the running ones otherwise."""
        y = self._y[: len(x)]
        if training:
            centred, variance = self._centred[: len(x)], self._variance
            self._count_values(len(x))
            self._average(x, self._mean)
            np.subtract(x, self._everywhere(self._mean), out=centred)
            np.multiply(centred, centred, out=y)
            self._average(y, variance)
            self._update_running()
        else:
            centred, variance = y, self._running_variance
            np.subtract(x, self._everywhere(self._running_mean), out=centred)
        np.add(variance, self.config.epsilon, out=self._inverse)
        np.sqrt(self._inverse, out=self._inverse)
        np.reciprocal(self._inverse, out=self._inverse)
        np.multiply(self._inverse, self._scale.value, out=self._factor)
        np.multiply(centred, self._everywhere(self._factor), out=y)
        np.add(y, self._everywhere(self._shift.value), out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """``dx = scale / deviation * (dy - mean of dy - z * mean of dy * z)``.

        ``z`` is the normalized input; the means are over the batch.
        """
        n = len(dy)
        centred, product, ones = self._centred[:n], self._y[:n], self._ones[: n * self._positions]
        np.multiply(dy, centred, out=product)
        np.matmul(ones, self._rows(product), out=self._scale.grad)
        np.multiply(self._scale.grad, self._inverse, out=self._scale.grad)
        np.matmul(ones, self._rows(dy), out=self._shift.grad)
        if self.context.input_grad is None:
            return None
        dx = self.context.input_grad[:n]
        count = max(self._count, 1.0)
        np.multiply(self._scale.grad, self._inverse, out=self._scratch)
        np.divide(self._scratch, count, out=self._scratch)
        np.multiply(centred, self._everywhere(self._scratch), out=dx)
        np.divide(self._shift.grad, count, out=self._scratch)
        np.add(dx, self._everywhere(self._scratch), out=dx)
        if self._mask is not None:
            weights = self._weights[: n * self._positions]
            np.multiply(dx, weights.reshape(*dx.shape[:-1], 1), out=dx)
        np.subtract(dy, dx, out=dx)
        np.multiply(dx, self._everywhere(self._factor), out=dx)
        return dx

    def recalibrate(self, batches: Batches) -> None:
        """Set the running statistics to those of all training examples together."""
        moments = Moments(self._features)
        for x in batches():
            moments.add(x, self._mask)
        if moments.count:
            np.copyto(self._running_mean, moments.mean, casting="same_kind")
        if moments.count > 1:
            variance = moments.variance(unbiased=True)
            np.copyto(self._running_variance, variance, casting="same_kind")

    def _rows(self, x: Array) -> Array:
        return x.reshape(-1, self._features)

    def _count_values(self, n: int) -> None:
        """Set how many values of each feature count, and which."""
        if self._mask is None:
            self._count = float(n * self._positions)
            return
        mask = self._mask[:n]
        weights = self._weights[: n * self._positions].reshape(*mask.shape, -1)
        np.copyto(weights, mask[..., np.newaxis])
        self._count = float(weights.sum())

    def _average(self, x: Array, out: Array) -> None:
        """Write the mean over the batch of every feature."""
        np.matmul(self._weights[: len(x) * self._positions], self._rows(x), out=out)
        np.divide(out, max(self._count, 1.0), out=out)

    def _everywhere(self, vector: Array) -> Array:
        """Return a value per feature at every position of an example; the next call overwrites it.

        A pass over a batch of images with few channels is several times as fast this way.
        """
        np.copyto(self._example, vector)
        return self._example

    def _update_running(self) -> None:
        kept, count = self.config.momentum, self._count
        if count > 0:
            np.multiply(self._running_mean, kept, out=self._running_mean)
            np.multiply(self._mean, 1 - kept, out=self._scratch)
            np.add(self._running_mean, self._scratch, out=self._running_mean)
        if count > 1:
            np.multiply(self._running_variance, kept, out=self._running_variance)
            np.multiply(self._variance, (1 - kept) * count / (count - 1), out=self._scratch)
            np.add(self._running_variance, self._scratch, out=self._running_variance)
