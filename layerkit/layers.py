"""What a spec says about layers: ``layers.Dense(units=64)``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.activity_regularization import (
    ActivityRegularizationConfig as ActivityRegularization,
)
from layerkit.builtin.alpha_dropout import AlphaDropoutConfig as AlphaDropout
from layerkit.builtin.batch_norm import BatchNormConfig as BatchNorm
from layerkit.builtin.columns import ColumnsConfig as Columns
from layerkit.builtin.dense import DenseConfig as Dense
from layerkit.builtin.dropout import DropoutConfig as Dropout
from layerkit.builtin.embedding import EmbeddingConfig as Embedding
from layerkit.builtin.fill_missing import FillMissingConfig as FillMissing
from layerkit.builtin.flatten import FlattenConfig as Flatten
from layerkit.builtin.gaussian_dropout import GaussianDropoutConfig as GaussianDropout
from layerkit.builtin.gaussian_noise import GaussianNoiseConfig as GaussianNoise
from layerkit.builtin.group_norm import GroupNormConfig as GroupNorm
from layerkit.builtin.layer_norm import LayerNormConfig as LayerNorm
from layerkit.builtin.min_max import MinMaxConfig as MinMax
from layerkit.builtin.one_hot import OneHotConfig as OneHot
from layerkit.builtin.parallel import ParallelConfig as Parallel
from layerkit.builtin.permute import PermuteConfig as Permute
from layerkit.builtin.quantile import QuantileConfig as Quantile
from layerkit.builtin.random_elastic import RandomElasticConfig as RandomElastic
from layerkit.builtin.random_flip import RandomFlipConfig as RandomFlip
from layerkit.builtin.random_rotation import RandomRotationConfig as RandomRotation
from layerkit.builtin.random_shift import RandomShiftConfig as RandomShift
from layerkit.builtin.reshape import ReshapeConfig as Reshape
from layerkit.builtin.residual import ResidualConfig as Residual
from layerkit.builtin.rms_norm import RmsNormConfig as RMSNorm
from layerkit.builtin.robust import RobustConfig as Robust
from layerkit.builtin.scale import ScaleConfig as Scale
from layerkit.builtin.sequential import SequentialConfig as Sequential
from layerkit.builtin.smooth_clip import SmoothClipConfig as SmoothClip
from layerkit.builtin.standardize import StandardizeConfig as Standardize
from layerkit.builtin.tanh import TanhConfig as Tanh
from layerkit.contracts.layer import LAYERS
from layerkit.lookup import names_of, namespace

__all__ = [
    "ActivityRegularization",
    "AlphaDropout",
    "BatchNorm",
    "Columns",
    "Dense",
    "Dropout",
    "Embedding",
    "FillMissing",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "GroupNorm",
    "LayerNorm",
    "MinMax",
    "OneHot",
    "Parallel",
    "Permute",
    "Quantile",
    "RMSNorm",
    "RandomElastic",
    "RandomFlip",
    "RandomRotation",
    "RandomShift",
    "Reshape",
    "Residual",
    "Robust",
    "Scale",
    "Sequential",
    "SmoothClip",
    "Standardize",
    "Tanh",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(LAYERS)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(LAYERS, __all__)})
