"""What a spec says about callbacks: ``callbacks.EarlyStopping(patience=3)``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.average_weights import AverageWeightsConfig as AverageWeights
from layerkit.builtin.csv_history import CsvHistoryConfig as CsvHistory
from layerkit.builtin.early_stopping import EarlyStoppingConfig as EarlyStopping
from layerkit.builtin.gradient_norms import GradientNormsConfig as GradientNorms
from layerkit.builtin.learning_rate_log import LearningRateLogConfig as LearningRateLog
from layerkit.builtin.nan_guard import NanGuardConfig as NanGuard
from layerkit.builtin.stop_when import StopWhenConfig as StopWhen
from layerkit.builtin.weight_histograms import WeightHistogramsConfig as WeightHistograms
from layerkit.contracts.callback import CALLBACKS
from layerkit.lookup import names_of, namespace

__all__ = [
    "AverageWeights",
    "CsvHistory",
    "EarlyStopping",
    "GradientNorms",
    "LearningRateLog",
    "NanGuard",
    "StopWhen",
    "WeightHistograms",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(CALLBACKS)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(CALLBACKS, __all__)})
