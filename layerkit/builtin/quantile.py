"""Transform of inputs to a uniform or normal distribution."""

from __future__ import annotations

import math
from typing import Annotated, Literal, TypeAlias, final

import numpy as np
from annotated_types import Ge, Le

from layerkit.plugin import (
    Array,
    Batches,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    LayerTraits,
    NormalQuantiles,
    Shape,
    ShapeError,
    StatePlan,
    sorted_values,
)

Counts: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Bools: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class QuantileConfig(LayerConfig):
    """The share of training values below x, ``(..., features)`` unchanged: 0 to 1, or normal.

    A table of every feature's ``quantiles`` is measured once, before training, over the training
    examples and every axis but the last; steps of sequences that are padding count for nothing. x
    is looked up in it, with linear interpolation; where several quantiles are x, the middle of
    their shares counts. Smaller and larger values give 0 and 1. For ``output = "normal"``, the
    share becomes the quantile of the standard normal distribution, from -5.2 to 5.2 (of 1e-7 and
    ``1 - 1e-7``). The table is saved with the network and is not trained, so the layer belongs
    before the first layer that is. A feature that is the same in all training examples gives 0.

    Attributes
    ----------
    quantiles
        Entries of the table for each feature, from 2 to 100,000; where there are fewer training
        values, as many as there are.
    output
        ``"uniform"`` or ``"normal"``.

    Notes
    -----
    While it measures, the layer holds all values of the training examples at once: examples times
    features (and times the positions of sequences and images), 4 bytes each in float32.

    The same as scikit-learn's ``QuantileTransformer`` with ``subsample=None``, but for a constant
    feature that is to become normal, which gives -5.2 there. Before it has measured, the layer
    gives 0 for everything.

    References
    ----------
    Gibbons, Chakraborti (2010), Nonparametric statistical inference, section 2.5 (the probability
    integral transform).
    """

    type: Literal["quantile"] = "quantile"
    quantiles: Annotated[int, Ge(2), Le(100_000)] = 1000
    output: Literal["uniform", "normal"] = "uniform"

    def plan(self, x: Shape) -> LayerPlan:
        """Plan ``table`` and the ``shares`` that its entries stand for."""
        if not x:
            raise ShapeError(f"quantile expects an axis of features, shape (..., n); found {x}")
        state = {
            "table": StatePlan((x[-1], self.quantiles)),
            "shares": StatePlan((self.quantiles,)),
        }
        # Shares and counts have 8 bytes each, two values of float32: see _Search too.
        return LayerPlan(x, state=state, workspace=17 * math.prod(x))

    def traits(self) -> LayerTraits:
        """Return that outputs are of about one size."""
        return LayerTraits(rescales=True)


@final
class Quantile(Layer[QuantileConfig]):
    """See `QuantileConfig`."""

    def __init__(self, config: QuantileConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        values = context.capacity * math.prod(context.input_shape)
        has_slope = context.input_grad is not None
        is_normal = config.output == "normal"
        self._table = context.state["table"]
        self._shares = context.state["shares"]
        self._search = _Search(self._table, self._shares, values)
        self._normal = NormalQuantiles(values) if is_normal else None
        self._share, self._other, self._slope = np.zeros((3, values))
        self._slope = self._slope if has_slope else np.zeros(0)
        self._where = np.zeros(values, np.bool_)
        self._never_varies = np.zeros(len(self._table), np.bool_)
        self._constant = np.zeros((context.capacity, *context.input_shape), np.bool_)
        self._y = context.buffer(context.output_shape)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Look up the share of every value; for a normal output, its quantile."""
        y, constant, n = self._y[: len(x)], self._constant[: len(x)], x.size
        share, where, slope = self._share[:n], self._where[:n], self._slope[:n]
        self._look_up(x, share, where, slope)
        if self._normal is not None:
            self._normal.apply(share, slope)
        np.copyto(y, share.reshape(x.shape), casting="same_kind")
        np.equal(self._table[:, 0], self._table[:, -1], out=self._never_varies)
        np.copyto(constant, self._never_varies)
        np.copyto(y, 0, where=constant)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Multiply by the slope between the entries around x; 0 where x is an entry."""
        if self.context.input_grad is None:
            return None
        slope = self._slope[: dy.size].reshape(dy.shape)
        return np.multiply(dy, slope, out=dy, casting="same_kind")

    def adapt(self, batches: Batches) -> None:
        """Measure the quantiles of every feature."""
        context, most = self.context, self.config.quantiles
        features = sorted_values(batches, context.input_shape[-1], context.mask)
        count = min(most, max(len(values) for values in features))
        if not count:
            return
        shares = np.ones(most)
        shares[:count] = np.linspace(0, 1, count)
        np.copyto(self._shares, shares, casting="same_kind")
        for row, values in zip(self._table, features, strict=True):
            if len(values):
                np.copyto(row, np.quantile(values, shares), casting="same_kind")

    def _look_up(self, x: Array, share: Array, where: Bools, slope: Array) -> None:
        """Write the share of every value and, where there is memory for it, the slope there."""
        search, other = self._search, self._other[: x.size]
        below, upto = search.counts(x)
        # With the last entry below x, and with the last that is not above: the same but for ties.
        search.interpolate(x, upto, other, slope)
        search.interpolate(x, below, share, slope)
        np.add(share, other, out=share)
        np.multiply(share, 0.5, out=share)
        np.equal(upto, self.config.quantiles, out=where)
        np.copyto(share, 1, where=where)
        if len(slope):
            np.copyto(slope, 0, where=where)
            np.not_equal(below, upto, out=where)
            np.copyto(slope, 0, where=where)
        np.equal(below, 0, out=where)
        np.copyto(share, 0, where=where)
        if len(slope):
            np.copyto(slope, 0, where=where)


class _Search:
    """Looks values up in a table of ``(features, entries)``, in memory of its own."""

    def __init__(self, table: Array, shares: Array, size: int) -> None:
        features, self._entries = table.shape
        self._table = table
        self._shares = shares
        self._starts = np.tile(np.arange(features) * self._entries, -(-size // features))
        self._below, self._upto, self._probe = np.zeros((3, size), np.int64)
        self._is_more = np.zeros(size, np.bool_)
        self._low, self._high, self._fraction = np.zeros((3, size), table.dtype)

    def counts(self, x: Array) -> tuple[Counts, Counts]:
        """Return how many entries are below each value, and how many are not above it."""
        values = x.reshape(-1)
        below, upto = self._below[: x.size], self._upto[: x.size]
        self._count(np.less, values, below)
        self._count(np.less_equal, values, upto)
        return below, upto

    def _count(self, compare: np.ufunc, values: Array, count: Counts) -> None:
        """Count by bisection, which NumPy's own search does not without new memory."""
        n = len(values)
        probe, is_more, found = self._probe[:n], self._is_more[:n], self._low[:n]
        count.fill(0)
        step = 1 << (self._entries.bit_length() - 1)
        while step:
            np.add(count, step - 1, out=probe)
            np.minimum(probe, self._entries - 1, out=probe)
            np.add(probe, self._starts[:n], out=probe)
            np.take(self._table.reshape(-1), probe, out=found, mode="clip")
            compare(found, values, out=is_more)
            np.add(count, step, out=count, where=is_more)
            step >>= 1
        np.minimum(count, self._entries, out=count)

    def interpolate(self, x: Array, count: Counts, share: Array, slope: Array) -> None:
        """Write the share between the entry before a count and the one after it."""
        n = x.size
        after, is_apart = self._probe[:n], self._is_more[:n]
        low, high, fraction = self._low[:n], self._high[:n], self._fraction[:n]
        np.clip(count, 1, self._entries - 1, out=after)
        np.add(after, self._starts[:n], out=after)
        np.take(self._table.reshape(-1), after, out=high, mode="clip")
        np.subtract(after, 1, out=after)
        np.take(self._table.reshape(-1), after, out=low, mode="clip")
        np.subtract(after, self._starts[:n], out=after)
        np.subtract(high, low, out=high)
        np.subtract(x.reshape(-1), low, out=low)
        np.greater(high, 0, out=is_apart)
        fraction.fill(0)
        np.divide(low, high, out=fraction, where=is_apart)
        if len(slope):
            slope.fill(0)
            np.divide(1, high, out=slope, where=is_apart)
        np.take(self._shares, after, out=low, mode="clip")
        np.add(after, 1, out=after)
        np.take(self._shares, after, out=high, mode="clip")
        np.subtract(high, low, out=high)
        if len(slope):
            np.multiply(slope, high, out=slope)
        np.multiply(fraction, high, out=share)
        np.add(share, low, out=share)
