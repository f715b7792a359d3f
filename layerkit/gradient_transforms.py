"""What a spec says about gradient transforms: ``gradient_transforms.ClipByNorm(max_norm=1.0)``.

The configs of the built-in ones, without the ``Config`` in their names. Those of installed plugins
are here too when a program runs; type checkers know them where their packages are imported from.
"""

from typing import TYPE_CHECKING

from layerkit.builtin.clip_by_norm import ClipByNormConfig as ClipByNorm
from layerkit.builtin.clip_by_value import ClipByValueConfig as ClipByValue
from layerkit.builtin.gradient_centralization import (
    GradientCentralizationConfig as GradientCentralization,
)
from layerkit.builtin.gradient_noise import GradientNoiseConfig as GradientNoise
from layerkit.contracts.gradient_transform import GRADIENT_TRANSFORMS
from layerkit.lookup import names_of, namespace

__all__ = [
    "ClipByNorm",
    "ClipByValue",
    "GradientCentralization",
    "GradientNoise",
]

if not TYPE_CHECKING:
    __getattr__ = namespace(GRADIENT_TRANSFORMS)

    def __dir__() -> list[str]:
        return sorted({*__all__, *names_of(GRADIENT_TRANSFORMS, __all__)})
