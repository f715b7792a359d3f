"""What a spec says about optimizers: ``optimizers.Adam(learning_rate=1e-3)``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.adabelief import AdaBeliefConfig as AdaBelief
from layerkit.builtin.adadelta import AdadeltaConfig as Adadelta
from layerkit.builtin.adagrad import AdagradConfig as Adagrad
from layerkit.builtin.adam import AdamConfig as Adam
from layerkit.builtin.adamax import AdamaxConfig as Adamax
from layerkit.builtin.adamw import AdamWConfig as AdamW
from layerkit.builtin.amsgrad import AMSGradConfig as AMSGrad
from layerkit.builtin.lamb import LAMBConfig as LAMB
from layerkit.builtin.lars import LARSConfig as LARS
from layerkit.builtin.lbfgs import LBFGSConfig as LBFGS
from layerkit.builtin.lion import LionConfig as Lion
from layerkit.builtin.lookahead import LookaheadConfig as Lookahead
from layerkit.builtin.nadam import NadamConfig as Nadam
from layerkit.builtin.radam import RAdamConfig as RAdam
from layerkit.builtin.rmsprop import RMSPropConfig as RMSProp
from layerkit.builtin.rprop import RpropConfig as Rprop
from layerkit.builtin.sgd import SgdConfig as SGD
from layerkit.contracts.optimizer import OPTIMIZERS
from layerkit.lookup import names_of, namespace

__all__ = [
    "LAMB",
    "LARS",
    "LBFGS",
    "SGD",
    "AMSGrad",
    "AdaBelief",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Lion",
    "Lookahead",
    "Nadam",
    "RAdam",
    "RMSProp",
    "Rprop",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(OPTIMIZERS)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(OPTIMIZERS, __all__)})
