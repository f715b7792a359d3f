"""What a spec says about losses: ``losses.SoftmaxCrossEntropy()``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.binary_cross_entropy import BinaryCrossEntropyConfig as BinaryCrossEntropy
from layerkit.builtin.mean_squared_error import MeanSquaredErrorConfig as MeanSquaredError
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig as SoftmaxCrossEntropy
from layerkit.contracts.loss import LOSSES
from layerkit.lookup import names_of, namespace

__all__ = [
    "BinaryCrossEntropy",
    "MeanSquaredError",
    "SoftmaxCrossEntropy",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(LOSSES)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(LOSSES, __all__)})
