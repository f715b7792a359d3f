"""Cosine similarity of output and target."""

from __future__ import annotations

import math
from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    Loss,
    LossConfig,
    LossPlan,
    OutputContext,
    Shape,
    ShapeError,
    Target,
    Targets,
    check_one_output_per_value,
)

SHORTEST = 1e-8
"""Shorter vectors are divided by this instead of by their length."""


class CosineSimilarityConfig(LossConfig):
    """The angle to the target, as 1 less its cosine: 0 for one direction, 2 for opposite ones.

    ``1 - output @ target / (|output| * |target|)``.

    Output and target are vectors of at least two numbers, ``(k,)`` against ``(k,)``; where they
    have several axes, such as ``(time, k)``, there is one loss for each vector. Lengths below 1e-8
    count as 1e-8. With ``u`` and ``v`` the vectors by their lengths, the gradient is
    ``weight * ((u @ v) * u - v) / |output|``. The prediction is the output.

    This is ``1 - torch.nn.functional.cosine_similarity``, as in PyTorch's ``CosineEmbeddingLoss``
    for pairs that belong together; Keras' ``CosineSimilarity`` is less by 1.

    References
    ----------
    Manning, Raghavan, Schuetze (2008), Introduction to Information Retrieval, section 6.3.1.
    """

    type: Literal["cosine_similarity"] = "cosine_similarity"

    def plan(self, output: Shape, target: Target) -> LossPlan:
        """Plan one loss per vector."""
        found = check_one_output_per_value("cosine_similarity", output, target)
        if not found.shape or found.shape[-1] < 2:
            raise ShapeError(
                "cosine_similarity expects targets of at least two numbers, which have a "
                f"direction; found targets of shape {found.shape}",
                hint="use mean_squared_error",
            )
        return LossPlan(output, output[:-1])


@final
class CosineSimilarity(Loss[CosineSimilarityConfig]):
    """See `CosineSimilarityConfig`."""

    def __init__(self, config: CosineSimilarityConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        *steps, self._values = context.output_shape
        rows = context.capacity * math.prod(steps)
        shape = (rows, self._values)
        self._u: Array = np.zeros(shape, context.dtype)
        self._v: Array = np.zeros(shape, context.dtype)
        self._lengths: Array = np.zeros((rows, 1), context.dtype)
        self._cosines: Array = np.zeros((rows, 1), context.dtype)
        self._is_long = np.zeros((rows, 1), np.bool_)

    def value(self, outputs: Array, targets: Targets, weights: Array) -> float:
        """Weighted sum of ``1 - u @ v``."""
        z = outputs.reshape(-1, self._values)
        n = len(z)
        u, v = self._u[:n], self._v[:n]
        lengths, cosines = self._lengths[:n], self._cosines[:n]
        np.copyto(v, targets.reshape(z.shape), casting="same_kind")
        _lengths(v, lengths)
        np.divide(v, lengths, out=v)
        _lengths(z, lengths)
        np.divide(z, lengths, out=u)
        np.einsum("nk,nk->n", u, v, out=cosines[:, 0])
        flat = weights.reshape(-1)
        return float(flat.sum()) - float(np.dot(cosines[:, 0], flat))

    def gradient(self, outputs: Array, targets: Targets, weights: Array, out: Array) -> float:
        """Weighted sum of ``1 - u @ v``; ``weight * ((u @ v) * u - v) / |output|``."""
        loss = self.value(outputs, targets, weights)
        grad = out.reshape(-1, self._values)
        n = len(grad)
        lengths, cosines = self._lengths[:n], self._cosines[:n]
        # Of a vector that counts as longer than it is, the length does not change.
        is_long = np.greater(lengths, SHORTEST, out=self._is_long[:n])
        np.multiply(cosines, is_long, out=cosines)
        np.multiply(self._u[:n], cosines, out=grad)
        np.subtract(grad, self._v[:n], out=grad)
        np.divide(weights.reshape(-1, 1), lengths, out=lengths)
        np.multiply(grad, lengths, out=grad)
        return loss


def _lengths(vectors: Array, out: Array) -> None:
    """Write the Euclidean length of every row into ``out``, ``(n, 1)``."""
    np.einsum("nk,nk->n", vectors, vectors, out=out[:, 0])
    np.sqrt(out, out=out)
    np.maximum(out, SHORTEST, out=out)
