"""What a spec says about losses: ``losses.SoftmaxCrossEntropy()``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.absolute_error import AbsoluteErrorConfig as MeanAbsoluteError
from layerkit.builtin.binary_cross_entropy import BinaryCrossEntropyConfig as BinaryCrossEntropy
from layerkit.builtin.cosine_similarity import CosineSimilarityConfig as CosineSimilarity
from layerkit.builtin.focal import FocalConfig as Focal
from layerkit.builtin.gaussian_nll import GaussianNllConfig as GaussianNll
from layerkit.builtin.hinge import HingeConfig as Hinge
from layerkit.builtin.huber import HuberConfig as Huber
from layerkit.builtin.kl_divergence import KlDivergenceConfig as KlDivergence
from layerkit.builtin.log_cosh import LogCoshConfig as LogCosh
from layerkit.builtin.mean_squared_error import MeanSquaredErrorConfig as MeanSquaredError
from layerkit.builtin.perceptron import PerceptronConfig as Perceptron
from layerkit.builtin.poisson import PoissonConfig as Poisson
from layerkit.builtin.quantile_loss import QuantileLossConfig as Quantile
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig as SoftmaxCrossEntropy
from layerkit.builtin.squared_hinge import SquaredHingeConfig as SquaredHinge
from layerkit.contracts.loss import LOSSES
from layerkit.lookup import names_of, namespace

__all__ = [
    "BinaryCrossEntropy",
    "CosineSimilarity",
    "Focal",
    "GaussianNll",
    "Hinge",
    "Huber",
    "KlDivergence",
    "LogCosh",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Perceptron",
    "Poisson",
    "Quantile",
    "SoftmaxCrossEntropy",
    "SquaredHinge",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(LOSSES)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(LOSSES, __all__)})
