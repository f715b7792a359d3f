"""A layer of your own, in a notebook cell or a script: no package, no registration."""

from typing import Literal, final

import numpy as np

import layerkit as lk
from layerkit import layers
from layerkit.plugin import Activation, ActivationConfig, Array
from layerkit.testing import check_layer


class SoftsignConfig(ActivationConfig):
    """``y = x / (1 + |x|)``, elementwise."""

    type: Literal["softsign"] = "softsign"


@final
class Softsign(Activation[SoftsignConfig]):
    """See `SoftsignConfig`."""

    def value(self, x: Array, out: Array) -> None:
        """``x / (1 + |x|)``."""
        np.absolute(x, out=out)
        np.add(out, 1, out=out)
        np.divide(x, out, out=out)

    def derivative(self, x: Array, y: Array, out: Array) -> None:
        """``(1 - |y|)²``."""
        np.absolute(y, out=out)
        np.subtract(1, out, out=out)
        np.multiply(out, out, out=out)


check_layer(SoftsignConfig(), input_shape=(3,))  # gradients and all else that a layer promises

rng = np.random.default_rng(0)
x = rng.normal(size=(200, 2))
spec = lk.ModelSpec(
    layers=[layers.Dense(units=16), SoftsignConfig(), layers.Dense(units=2)],
    loss="softmax_cross_entropy",
    optimizer={"type": "adam", "learning_rate": 0.02},
    metrics=["accuracy"],
    training={"epochs": 40},
)
y = x[:, 0] * x[:, 1] > 0
result = lk.train(spec, data=(x, y), test=(x, y))
print("test accuracy above 90 %:", result.test["accuracy"] > 0.9)
