"""What a spec says about regularizers: ``regularizers.L2(strength=1e-4)``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.elastic_net import ElasticNetConfig as ElasticNet
from layerkit.builtin.group_lasso import GroupLassoConfig as GroupLasso
from layerkit.builtin.l1 import L1Config as L1
from layerkit.builtin.l2 import L2Config as L2
from layerkit.builtin.orthogonal_penalty import OrthogonalConfig as Orthogonal
from layerkit.contracts.regularizer import REGULARIZERS
from layerkit.lookup import names_of, namespace

__all__ = [
    "L1",
    "L2",
    "ElasticNet",
    "GroupLasso",
    "Orthogonal",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(REGULARIZERS)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(REGULARIZERS, __all__)})
