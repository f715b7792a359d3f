"""What a spec says about schedules: ``schedules.Constant()``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.constant import ConstantConfig as Constant
from layerkit.builtin.cosine import CosineConfig as Cosine
from layerkit.builtin.exponential import ExponentialConfig as Exponential
from layerkit.builtin.inverse_time import InverseTimeConfig as InverseTime
from layerkit.builtin.log_cosine import LogCosineConfig as LogCosine
from layerkit.builtin.multi_step import MultiStepConfig as MultiStep
from layerkit.builtin.one_cycle import OneCycleConfig as OneCycle
from layerkit.builtin.piecewise import PiecewiseConfig as Piecewise
from layerkit.builtin.polynomial import PolynomialConfig as Polynomial
from layerkit.builtin.reduce_on_plateau import ReduceOnPlateauConfig as ReduceOnPlateau
from layerkit.builtin.step import StepConfig as Step
from layerkit.builtin.warmup import WarmupConfig as Warmup
from layerkit.contracts.schedule import SCHEDULES
from layerkit.lookup import names_of, namespace

__all__ = [
    "Constant",
    "Cosine",
    "Exponential",
    "InverseTime",
    "LogCosine",
    "MultiStep",
    "OneCycle",
    "Piecewise",
    "Polynomial",
    "ReduceOnPlateau",
    "Step",
    "Warmup",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(SCHEDULES)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(SCHEDULES, __all__)})
