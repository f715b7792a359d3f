"""What a spec says about constraints: ``constraints.MaxNorm(limit=3.0)``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.max_norm import MaxNormConfig as MaxNorm
from layerkit.builtin.non_negative import NonNegativeConfig as NonNegative
from layerkit.builtin.unit_norm import UnitNormConfig as UnitNorm
from layerkit.contracts.constraint import CONSTRAINTS
from layerkit.lookup import names_of, namespace

__all__ = [
    "MaxNorm",
    "NonNegative",
    "UnitNorm",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(CONSTRAINTS)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(CONSTRAINTS, __all__)})
