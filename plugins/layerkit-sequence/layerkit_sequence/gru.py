"""Gated recurrent unit."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Fan, LayerContext, LayerPlan, ParameterPlan, Shape
from layerkit_sequence.recurrent import Recurrent, RecurrentConfig
from layerkit_sequence.steps import Steps, rows

GATES = 3


class GruConfig(RecurrentConfig):
    """Gated recurrent unit, ``(time, features) -> (time, units)`` or ``-> (units,)``.

    From ``h = 0``, with ``a_r, a_z, a_n = split(x[t] @ weight + bias)`` and the blocks ``U_r``,
    ``U_z`` and ``U_n`` of ``recurrent_weight``:

    ``r = sigmoid(a_r + h[t - 1] @ U_r)``, ``z = sigmoid(a_z + h[t - 1] @ U_z)``,
    ``n = tanh(a_n + r * (h[t - 1] @ U_n + recurrent_bias))`` and
    ``h[t] = (1 - z) * n + z * h[t - 1]``.

    The blocks (reset, update, new) are in the order of PyTorch; Keras has update, reset, new.
    ``weight`` is ``(features, 3 * units)``, ``recurrent_weight`` ``(units, 3 * units)`` and
    ``bias`` ``(3 * units,)``. PyTorch's weights are the transposes of these. PyTorch and Keras have
    two biases for all three; for the gates only the sum counts, which is in ``bias`` here, so
    ``recurrent_bias`` is ``(units,)``.

    Where the mask says that a step is padding, ``h`` stays as it was, as in Keras; PyTorch's packed
    sequences put out 0 there.

    Attributes
    ----------
    reset_after
        Whether the reset gate works after the product with ``U_n``, as above and in PyTorch, Keras
        and cuDNN. Otherwise before, ``n = tanh(a_n + (r * h[t - 1]) @ U_n)``, as in the paper, and
        there is no ``recurrent_bias``.

    References
    ----------
    Cho et al. (2014), Learning phrase representations using RNN encoder-decoder for statistical
    machine translation. Chung, Gulcehre, Cho, Bengio (2014), Empirical evaluation of gated
    recurrent neural networks on sequence modeling, has z and 1 - z the other way round.
    """

    type: Literal["gru"] = "gru"
    reset_after: bool = True

    def gates(self) -> int:
        """Return that there are three blocks."""
        return GATES

    def plan(self, x: Shape) -> LayerPlan:
        """Plan the weights, and the second bias if there is one."""
        plan = super().plan(x)
        more = x[0] * self.units * (1 + GATES * self.reset_after)
        plan = replace(plan, workspace=plan.workspace + more)
        if not self.reset_after:
            return plan
        fan = Fan(self.units, self.units)
        bias = ParameterPlan((self.units,), self.bias_initializer, fan, decay=False)
        return replace(plan, params={**plan.params, "recurrent_bias": bias})


@final
class Gru(Recurrent[GruConfig]):
    """See `GruConfig`."""

    def __init__(self, config: GruConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        units = config.units
        kept = context.input_shape[0] if context.trains else 1
        self._recurrent_bias = context.params.get("recurrent_bias")
        # What the state adds to the gates and to the new state: one product if reset_after, else
        # two. Of the latter r * h is kept, of the former what r is multiplied by.
        self._product = Steps(context, 1, GATES * units)
        self._inner = Steps(context, kept, units)
        self._scratch = Steps(context, 1, units)
        # The gradient with respect to the products with recurrent_weight.
        trained = kept if context.trains else 0
        self._du = Steps(context, trained if config.reset_after else 0, GATES * units)

    def step(self, t: int, z: Array, before: Array, now: Array) -> None:
        """Open the gates, and mix the new state into the old one."""
        n, units, weight = len(z), self.config.units, self._recurrent.value
        (product,), inner = self._product.of(n), self._inner.of(n)
        inner = inner[t % len(inner)]
        (added,) = self._scratch.of(n)
        gates, new = z[:, : 2 * units], z[:, 2 * units :]
        if self._recurrent_bias is not None:
            np.matmul(before, weight, out=product)
            np.add(gates, product[:, : 2 * units], out=gates)
            np.add(product[:, 2 * units :], self._recurrent_bias.value, out=inner)
            self._sigmoid(gates)
            np.multiply(z[:, :units], inner, out=added)
        else:
            halves = product.reshape(-1)[: n * 2 * units].reshape(n, 2 * units)
            np.matmul(before, weight[:, : 2 * units], out=halves)
            np.add(gates, halves, out=gates)
            self._sigmoid(gates)
            np.multiply(z[:, :units], before, out=inner)
            np.matmul(inner, weight[:, 2 * units :], out=added)
        np.add(new, added, out=new)
        np.tanh(new, out=new)
        np.subtract(before, new, out=now)
        np.multiply(now, z[:, units : 2 * units], out=now)
        np.add(now, new, out=now)

    def step_backward(
        self, t: int, z: Array, before: Array, now: Array, *, dh: Array, dz: Array, dh_before: Array
    ) -> None:
        """Go back through the mixture, the new state and the gates, in this order."""
        n, units, weight = len(z), self.config.units, self._recurrent.value
        reset, update, new = (z[:, k * units : (k + 1) * units] for k in range(GATES))
        d_reset, d_update, d_new = (dz[:, k * units : (k + 1) * units] for k in range(GATES))
        (scratch,), inner = self._scratch.of(n), self._inner.of(n)[t]
        # With respect to what is in tanh: dh * (1 - z) * (1 - n²).
        np.multiply(new, new, out=d_new)
        np.subtract(1, d_new, out=d_new)
        np.subtract(1, update, out=scratch)
        np.multiply(d_new, scratch, out=d_new)
        np.multiply(d_new, dh, out=d_new)
        # With respect to what is in the sigmoid of z: dh * (h before - n) * z * (1 - z).
        np.subtract(before, new, out=d_update)
        np.multiply(d_update, scratch, out=d_update)
        np.multiply(d_update, update, out=d_update)
        np.multiply(d_update, dh, out=d_update)
        # With respect to what is in the sigmoid of r, but for what comes back to r.
        np.subtract(1, reset, out=d_reset)
        np.multiply(d_reset, reset, out=d_reset)
        if self.config.reset_after:
            du = self._du.of(n)[t]
            np.multiply(d_reset, inner, out=d_reset)
            np.multiply(d_reset, d_new, out=d_reset)
            np.copyto(du[:, : 2 * units], dz[:, : 2 * units])
            np.multiply(d_new, reset, out=du[:, 2 * units :])
            np.matmul(du, weight.T, out=dh_before)
        else:
            back = self._product.of(n).reshape(-1)[: n * units].reshape(n, units)
            np.matmul(d_new, weight[:, 2 * units :].T, out=back)
            np.multiply(d_reset, before, out=d_reset)
            np.multiply(d_reset, back, out=d_reset)
            np.matmul(dz[:, : 2 * units], weight[:, : 2 * units].T, out=dh_before)
            np.multiply(back, reset, out=back)
            np.add(dh_before, back, out=dh_before)
        np.multiply(dh, update, out=scratch)
        np.add(dh_before, scratch, out=dh_before)

    def recurrent_gradients(self, before: Array, dz: Array) -> None:
        """``before.T @ du``, or ``(r * before).T`` times the new state's part of it."""
        units, grad = self.config.units, self._recurrent.grad
        count = len(dz) // self.context.input_shape[0]
        if self._recurrent_bias is None:
            np.matmul(before.T, dz[:, : 2 * units], out=grad[:, : 2 * units])
            np.matmul(rows(self._inner.of(count)).T, dz[:, 2 * units :], out=grad[:, 2 * units :])
            return
        du, is_padding = self._du.of(count), self._padding.of(count)
        if is_padding is not None:
            np.copyto(du, 0, where=is_padding)
        flat = rows(du)
        np.matmul(before.T, flat, out=grad)
        np.matmul(self._ones[: len(flat)], flat[:, 2 * units :], out=self._recurrent_bias.grad)

    def _sigmoid(self, z: Array) -> None:
        """``tanh(z / 2) / 2 + 1 / 2``, which overflows nowhere."""
        np.multiply(z, 0.5, out=z)
        np.tanh(z, out=z)
        np.multiply(z, 0.5, out=z)
        np.add(z, 0.5, out=z)
