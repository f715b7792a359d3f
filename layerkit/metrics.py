"""What a spec says about metrics: ``metrics.Accuracy()``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.accuracy import AccuracyConfig as Accuracy
from layerkit.builtin.confusion_matrix import ConfusionMatrixConfig as ConfusionMatrix
from layerkit.builtin.f1 import F1Config as F1
from layerkit.builtin.mean_absolute_error import MeanAbsoluteErrorConfig as MeanAbsoluteError
from layerkit.builtin.precision import PrecisionConfig as Precision
from layerkit.builtin.r2 import R2Config as R2
from layerkit.builtin.recall import RecallConfig as Recall
from layerkit.builtin.roc_auc import RocAucConfig as RocAuc
from layerkit.builtin.top_k import TopKConfig as TopK
from layerkit.contracts.metric import METRICS
from layerkit.lookup import names_of, namespace

__all__ = [
    "F1",
    "R2",
    "Accuracy",
    "ConfusionMatrix",
    "MeanAbsoluteError",
    "Precision",
    "Recall",
    "RocAuc",
    "TopK",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(METRICS)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(METRICS, __all__)})
