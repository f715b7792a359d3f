"""What a spec says about initializers: ``initializers.XavierUniform()``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.ones import OnesConfig as Ones
from layerkit.builtin.uniform import UniformConfig as Uniform
from layerkit.builtin.xavier_normal import XavierNormalConfig as XavierNormal
from layerkit.builtin.xavier_uniform import XavierUniformConfig as XavierUniform
from layerkit.builtin.zeros import ZerosConfig as Zeros
from layerkit.contracts.initializer import INITIALIZERS
from layerkit.lookup import names_of, namespace

__all__ = [
    "Ones",
    "Uniform",
    "XavierNormal",
    "XavierUniform",
    "Zeros",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(INITIALIZERS)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(INITIALIZERS, __all__)})
