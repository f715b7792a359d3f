"""What a spec says about initializers: ``initializers.XavierUniform()``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.by_activation import ByActivationConfig as ByActivation
from layerkit.builtin.fill_constant import ConstantConfig as Constant
from layerkit.builtin.identity import IdentityConfig as Identity
from layerkit.builtin.lecun_normal import LecunNormalConfig as LecunNormal
from layerkit.builtin.lecun_uniform import LecunUniformConfig as LecunUniform
from layerkit.builtin.normal import NormalConfig as Normal
from layerkit.builtin.ones import OnesConfig as Ones
from layerkit.builtin.orthogonal import OrthogonalConfig as Orthogonal
from layerkit.builtin.sparse import SparseConfig as Sparse
from layerkit.builtin.truncated_normal import TruncatedNormalConfig as TruncatedNormal
from layerkit.builtin.uniform import UniformConfig as Uniform
from layerkit.builtin.xavier_normal import XavierNormalConfig as XavierNormal
from layerkit.builtin.xavier_uniform import XavierUniformConfig as XavierUniform
from layerkit.builtin.zeros import ZerosConfig as Zeros
from layerkit.contracts.initializer import INITIALIZERS
from layerkit.lookup import names_of, namespace

__all__ = [
    "ByActivation",
    "Constant",
    "Identity",
    "LecunNormal",
    "LecunUniform",
    "Normal",
    "Ones",
    "Orthogonal",
    "Sparse",
    "TruncatedNormal",
    "Uniform",
    "XavierNormal",
    "XavierUniform",
    "Zeros",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(INITIALIZERS)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(INITIALIZERS, __all__)})
