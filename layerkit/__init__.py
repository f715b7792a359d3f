"""Small neural networks in NumPy: typed layers, plugins by entry point, a declarative spec.

``load_spec`` reads a spec, ``train`` trains it, ``run`` also writes a run directory, ``load_run``
brings a trained network back. What a plugin implements is in `layerkit.contracts`, what proves
one in `layerkit.testing`, and the configs of the built-in components in `layerkit.builtin`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layerkit.api import *
else:

    def __getattr__(name: str) -> object:
        # Imported when asked for, so that `layerkit --help` need not wait for NumPy and pydantic.
        return getattr(import_module("layerkit.api"), name)
