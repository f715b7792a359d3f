"""One-hot vectors of categories."""

from __future__ import annotations

import math
from typing import Annotated, Literal, TypeAlias, final

import numpy as np
from annotated_types import Ge, Le
from pydantic import Strict

from layerkit.plugin import (
    Array,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    Shape,
    ShapeError,
    entries,
)

Count: TypeAlias = Annotated[int, Ge(1), Le(2**24)]


class OneHotConfig(LayerConfig):
    """Ids as vectors of zeros with a single 1: ``(..., features) -> (..., sum of categories)``.

    Every feature is an id, a whole number from 0 to its count less 1, and becomes as many numbers;
    those of all features stand one after another. The ids are checked where data enter the
    network, so the layer stands first, or behind layers that pass its inputs on, such as
    ``columns``.

    Attributes
    ----------
    categories
        How many ids each feature has, at least 1, in the order of the features.

    References
    ----------
    Bishop (2006), Pattern recognition and machine learning, section 1.5.4 (1-of-K coding).
    """

    type: Literal["one_hot"] = "one_hot"
    categories: Annotated[tuple[Count, ...], Strict(strict=False), entries(1)]

    def plan(self, x: Shape) -> LayerPlan:
        """Plan the sum of the counts in place of the features."""
        if not x or x[-1] != len(self.categories):
            raise ShapeError(
                f"one_hot expects a feature for each of its {len(self.categories)} counts of "
                f"categories, shape (..., {len(self.categories)}); found {x}",
                ("categories",),
            )
        return LayerPlan((*x[:-1], sum(self.categories)))

    def id_counts(self) -> int | tuple[int, ...] | None:
        """Return the counts."""
        return self.categories


@final
class OneHot(Layer[OneHotConfig]):
    """See `OneHotConfig`."""

    def __init__(self, config: OneHotConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        *axes, width = context.output_shape
        counts = np.array(config.categories)
        positions = context.capacity * math.prod(axes)
        starts = np.arange(positions)[:, np.newaxis] * width + (np.cumsum(counts) - counts)
        self._starts = starts.reshape(context.capacity, *context.input_shape)
        self._at = np.zeros_like(self._starts)
        self._y = context.buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Write a 1 for every id."""
        y, at = self._y[: len(x)], self._at[: len(x)]
        np.copyto(at, x, casting="unsafe")
        np.add(at, self._starts[: len(x)], out=at)
        y.fill(0)
        y.reshape(-1)[at.reshape(-1)] = 1
        return y

    def backward(self, dy: Array) -> Array | None:
        """Return None: there is no gradient with respect to ids."""
        return None
