"""The default of weights: what suits the activation behind them."""

from __future__ import annotations

import math
from typing import ClassVar, Literal, final

import numpy as np

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class ByActivationConfig(InitializerConfig):
    """Uniform, with the variance that suits the activation behind the layer.

    ``xavier_uniform``, in ``±sqrt(6 / (fan_in + fan_out))``, before tanh, sigmoid and other
    activations with a bound on both sides, before softmax, and where no activation follows.
    ``he_uniform``, in ``±sqrt(6 / fan_in)``, before relu and what is like it: elu, gelu, silu and
    others. ``lecun_uniform``, in ``±sqrt(3 / fan_in)``, before selu.

    The activation behind a layer is the next one on the way to the loss, with no layer between that
    has weights of its own; normalization and dropout may lie between. ``layerkit summary`` shows
    what a spec's weights start from, and why. PyTorch and Keras start from the same whatever
    follows: within ``±1 / sqrt(fan_in)``, and from ``glorot_uniform``, which is ``xavier_uniform``.

    References
    ----------
    Glorot, Bengio (2010), Understanding the difficulty of training deep feedforward neural
    networks, equation 16.

    He, Zhang, Ren, Sun (2015), Delving deep into rectifiers, equation 10.

    Klambauer, Unterthiner, Mayr, Hochreiter (2017), Self-normalizing neural networks, section 2.
    """

    follows_activation: ClassVar[bool] = True

    type: Literal["by_activation"] = "by_activation"

    def description(self, fan: Fan) -> str:
        """Return which initializer that is the same as, and why."""
        why = f"as {fan.activation} follows" if fan.activation else "as no activation follows"
        return f"{fan.family}_uniform, {why}"


@final
class ByActivation(Initializer[ByActivationConfig]):
    """See `ByActivationConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Draw from the range of the family that the fan names."""
        if fan.family == "xavier":
            limit = math.sqrt(6 / (fan.fan_in + fan.fan_out))
        else:
            limit = math.sqrt((6 if fan.family == "he" else 3) / fan.fan_in)
        out[...] = rng.uniform(-limit, limit, out.shape)
