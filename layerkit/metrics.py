"""What a spec says about metrics: ``metrics.Accuracy()``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.absolute_percentage_error import (
    AbsolutePercentageErrorConfig as MeanAbsolutePercentageError,
)
from layerkit.builtin.accuracy import AccuracyConfig as Accuracy
from layerkit.builtin.average_precision import AveragePrecisionConfig as AveragePrecision
from layerkit.builtin.balanced_accuracy import BalancedAccuracyConfig as BalancedAccuracy
from layerkit.builtin.brier import BrierConfig as Brier
from layerkit.builtin.calibration_error import CalibrationErrorConfig as ExpectedCalibrationError
from layerkit.builtin.cohen_kappa import CohenKappaConfig as CohenKappa
from layerkit.builtin.confusion_matrix import ConfusionMatrixConfig as ConfusionMatrix
from layerkit.builtin.explained_variance import ExplainedVarianceConfig as ExplainedVariance
from layerkit.builtin.f1 import F1Config as F1
from layerkit.builtin.log_loss import LogLossConfig as LogLoss
from layerkit.builtin.matthews import MatthewsConfig as Matthews
from layerkit.builtin.mean_absolute_error import MeanAbsoluteErrorConfig as MeanAbsoluteError
from layerkit.builtin.median_absolute_error import MedianAbsoluteErrorConfig as MedianAbsoluteError
from layerkit.builtin.precision import PrecisionConfig as Precision
from layerkit.builtin.r2 import R2Config as R2
from layerkit.builtin.recall import RecallConfig as Recall
from layerkit.builtin.roc_auc import RocAucConfig as RocAuc
from layerkit.builtin.root_squared_error import RootSquaredErrorConfig as RootMeanSquaredError
from layerkit.builtin.squared_error import SquaredErrorConfig as MeanSquaredError
from layerkit.builtin.top_k import TopKConfig as TopK
from layerkit.contracts.metric import METRICS
from layerkit.lookup import names_of, namespace

__all__ = [
    "F1",
    "R2",
    "Accuracy",
    "AveragePrecision",
    "BalancedAccuracy",
    "Brier",
    "CohenKappa",
    "ConfusionMatrix",
    "ExpectedCalibrationError",
    "ExplainedVariance",
    "LogLoss",
    "Matthews",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MedianAbsoluteError",
    "Precision",
    "Recall",
    "RocAuc",
    "RootMeanSquaredError",
    "TopK",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(METRICS)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(METRICS, __all__)})
