"""Simple recurrent layer."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, LayerContext
from layerkit_sequence.recurrent import Recurrent, RecurrentConfig
from layerkit_sequence.steps import Steps


class SimpleRnnConfig(RecurrentConfig):
    """A recurrent layer without gates, ``(time, features) -> (time, units)`` or ``-> (units,)``.

    ``h[t] = f(x[t] @ weight + h[t - 1] @ recurrent_weight + bias)``, from ``h = 0``.

    ``weight`` is ``(features, units)``, ``recurrent_weight`` ``(units, units)``, and there is one
    ``bias`` ``(units,)``, as in Keras. PyTorch's ``RNN`` has the transposes of both weights, and
    two biases, whose sum is this one.

    Where the mask says that a step is padding, ``h`` stays as it was, as in Keras; PyTorch's packed
    sequences put out 0 there.

    Attributes
    ----------
    activation
        What ``f`` is: ``"tanh"`` or ``"relu"``. PyTorch calls it ``nonlinearity``.

    References
    ----------
    Elman (1990), Finding structure in time.
    Le, Jaitly, Hinton (2015), A simple way to initialize recurrent networks of rectified linear
    units.
    """

    type: Literal["simple_rnn"] = "simple_rnn"
    activation: Literal["tanh", "relu"] = "tanh"


@final
class SimpleRnn(Recurrent[SimpleRnnConfig]):
    """See `SimpleRnnConfig`."""

    def __init__(self, config: SimpleRnnConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._product = Steps(context, 1, config.units)

    def step(self, t: int, z: Array, before: Array, now: Array) -> None:
        """Add what comes from the state, and bend it."""
        (product,) = self._product.of(len(z))
        np.matmul(before, self._recurrent.value, out=product)
        np.add(z, product, out=z)
        if self.config.activation == "tanh":
            np.tanh(z, out=now)
        else:
            np.maximum(z, 0, out=now)

    def step_backward(
        self, t: int, z: Array, before: Array, now: Array, *, dh: Array, dz: Array, dh_before: Array
    ) -> None:
        """``dz = dh * (1 - h²)``, or ``dh`` where ``h`` is above 0."""
        if self.config.activation == "tanh":
            np.multiply(now, now, out=dz)
            np.subtract(1, dz, out=dz)
        else:
            np.greater(now, 0, out=dz)
        np.multiply(dz, dh, out=dz)
        np.matmul(dz, self._recurrent.value.T, out=dh_before)

    def recurrent_gradients(self, before: Array, dz: Array) -> None:
        """``before.T @ dz``."""
        np.matmul(before.T, dz, out=self._recurrent.grad)
