"""What arrays that a component returned, or was given, must be like."""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

import numpy as np

from layerkit.arrays import Array, FloatType, Shape, Targets, fits
from layerkit.component import Config, Extension
from layerkit.guard import fault, shown
from layerkit.values import unchecked

TAME = 80.0
"""Numbers up to this size, and their exponentials, leave room in float32.

What is not finite though all that went in was no larger is the component's own doing; otherwise it
may be the network that diverges.
"""


class Untouched:
    """Arrays that a component may read and not write.

    Parameters
    ----------
    component, method
        Which is about to get them.
    arrays
        By the names of the parameters; those that are None are left out.
    """

    def __init__(
        self, component: Extension, method: str, arrays: Mapping[str, Array | Targets | None]
    ) -> None:
        self._component = component
        self._method = method
        self._arrays = {name: each for name, each in arrays.items() if each is not None}
        self._before = {name: _checksum(each) for name, each in self._arrays.items()}

    def check(self) -> None:
        """Raise the component's fault if any has changed."""
        if name := self.changed():
            reason = f"expected '{self._method}' to leave {name} as it is, found it changed"
            raise fault(self._component, reason)

    def changed(self) -> str:
        """Return the name of one that has changed; nothing if all are as they were."""
        changed = (
            name for name, array in self._arrays.items() if _checksum(array) != self._before[name]
        )
        return next(changed, "")


def check_array(
    component: Extension, method: str, found: object, shape: Shape, dtype: FloatType
) -> None:
    """Check that a method returned an array as planned.

    Raises
    ------
    PluginError
        If it did not.
    """
    if not fits(found, shape, dtype):
        expected = f"an array of shape {shape} and {dtype}"
        reason = f"expected '{method}' to return {expected}, found {shown(found)}"
        raise fault(component, reason)


def check_finite(component: Extension, what: str, found: Array, *sources: Array | Targets) -> None:
    """Check that what a component made of small finite numbers is finite.

    Parameters
    ----------
    component, what
        The component, and what it made.
    found
        That.
    sources
        What it was made of, beside the component's options.

    Raises
    ------
    PluginError
        If it is not.
    """
    wrong = np.flatnonzero(np.logical_not(np.isfinite(found)))
    if wrong.size == 0 or not is_tame(*sources) or not _has_tame_options(component):
        return
    at = tuple(int(axis) for axis in np.unravel_index(int(wrong[0]), found.shape))
    reason = f"expected {what} to be finite, as all that it is made of is"
    raise fault(component, f"{reason}; found {found[at]} at index {at}, one of {wrong.size}")


def is_tame(*arrays: Array | Targets) -> bool:
    """Tell whether all numbers are so small that products of them cannot overflow."""
    return all(
        not array.size or bool(array.min() >= -TAME and array.max() <= TAME) for array in arrays
    )


def _has_tame_options(component: Extension) -> bool:
    """Tell whether no option in the spec is so large that it may itself be the reason."""
    config = unchecked(getattr(component, "config", None))
    if not isinstance(config, Config):
        return True
    options = [unchecked(option) for _, option in config]
    return all(abs(option) <= TAME for option in options if isinstance(option, float))


def origin_of(array: Array) -> Array:
    """Return the array that owns the memory which an array is a view of."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _checksum(array: Array | Targets) -> int:
    """Return a number that changes with the array; a copy would take as much memory again."""
    return crc32(np.ascontiguousarray(array).data.cast("B")) if array.size else 0
