"""Small neural networks in NumPy: typed layers, plugins by entry point, a declarative spec.

``load_spec`` reads a spec, ``train`` trains it, ``run`` also writes a run directory, ``load``
brings a trained network back. What a spec may name is in `layerkit.layers`, `layerkit.losses` and
so on. A plugin imports from `layerkit.plugin` and is tested with `layerkit.testing`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layerkit import (
        callbacks as callbacks,
    )
    from layerkit import (
        constraints as constraints,
    )
    from layerkit import (
        datasets as datasets,
    )
    from layerkit import (
        gradient_transforms as gradient_transforms,
    )
    from layerkit import (
        initializers as initializers,
    )
    from layerkit import (
        layers as layers,
    )
    from layerkit import (
        losses as losses,
    )
    from layerkit import (
        metrics as metrics,
    )
    from layerkit import (
        optimizers as optimizers,
    )
    from layerkit import (
        regularizers as regularizers,
    )
    from layerkit import (
        schedules as schedules,
    )
    from layerkit.api import *
else:
    _MODULES = {
        "callbacks",
        "constraints",
        "datasets",
        "gradient_transforms",
        "initializers",
        "layers",
        "losses",
        "metrics",
        "optimizers",
        "regularizers",
        "schedules",
    }

    def __getattr__(name: str) -> object:
        # Imported when asked for, so that `layerkit --help` need not wait for NumPy and pydantic.
        from importlib import import_module

        if name in _MODULES:
            return import_module(f"layerkit.{name}")
        words = import_module("layerkit.elsewhere").MODULE_WORDS
        if name in words:
            # What `from layerkit import ...` shows; the message of an AttributeError it drops.
            raise ImportError(f"layerkit has no '{name}': {words[name]}", name="layerkit")
        names = vars(import_module("layerkit.api"))
        if name.startswith("_") or name not in names:
            raise AttributeError(f"module 'layerkit' has no attribute '{name}'")
        return names[name]

    def __dir__() -> list[str]:
        from importlib import import_module

        public = vars(import_module("layerkit.api"))
        return sorted(
            {*globals(), *_MODULES, *(name for name in public if not name.startswith("_"))}
        )
