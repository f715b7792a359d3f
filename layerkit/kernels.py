"""Inner loops of components that faster code may replace, without a change to the component.

A component has the loop as a plain function over arrays, the *reference*, which is easy to read.
It declares it as a kernel, and asks its context what to call::

    ADAM = Kernel("adam", adam)
    ...
    self._adam = context.kernels.choose(ADAM)

An accelerator is a distribution that registers, in the entry-point group ``layerkit.kernels`` and
under the kernel's name, a function with the same parameters::

    @replaces(ADAM, exact=True)
    def adam(value: Array, grad: Array, ...) -> None:

The spec's ``kernels`` decides whether it is used. A component asks once, when it is built, so that
a step pays for a call and nothing else; unless the spec asks, no accelerator is ever imported.

A kernel is one loop of one component. Code that replaces several components in a row, such as a
dense layer and the activation after it, needs another contract: the entry-point group
``layerkit.fusions`` is kept free for that.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeAlias, TypeVar

from typing_extensions import TypeIs

from layerkit.errors import repr_of
from layerkit.guard import register_function
from layerkit.registry import KERNEL_GROUP, Registry, installed, plugin_error

FunctionT = TypeVar("FunctionT", bound=Callable[..., object])
KernelChoice: TypeAlias = Literal["numpy", "exact", "fastest"]

_NOUN = "kernel"


@dataclass(frozen=True, slots=True)
class Kernel(Generic[FunctionT]):
    """A function of a component that another may replace.

    Attributes
    ----------
    name
        What accelerators register theirs as; begins with the name of the component.
    reference
        What it does, in NumPy. It gets all that it needs as arguments, by position, keeps nothing
        from call to call, and writes into arrays that it is given.
    """

    name: str
    reference: FunctionT


class Replacement(Generic[FunctionT]):
    """A function that replaces a kernel's reference; see `replaces`.

    Attributes
    ----------
    kernel, name
        The kernel that it replaces, and that kernel's name.
    function
        What to call.
    exact
        Whether it gives the same bits.

    Raises
    ------
    TypeError
        If it has other parameters than the reference.
    """

    def __init__(self, kernel: Kernel[FunctionT], function: FunctionT, *, exact: bool) -> None:
        expected, found = _parameters(kernel.reference), _parameters(function)
        if found != expected:
            raise TypeError(f"expected the parameters {expected}, found {found}")
        self.kernel: object = kernel
        self.name: str = kernel.name
        self.function: FunctionT = function
        self.exact: bool = exact


def replaces(
    kernel: Kernel[FunctionT], *, exact: bool
) -> Callable[[FunctionT], Replacement[FunctionT]]:
    """Return the decorator of a function that replaces a kernel's reference.

    Parameters
    ----------
    kernel
        What the function replaces. It has the parameters of the reference, by the same names,
        and does the same with them: for every size, in float32 and in float64.
    exact
        Whether it always gives the same bits as the reference. If not, it is used only where the
        spec says ``kernels = "fastest"``.
    """

    def declared(function: FunctionT) -> Replacement[FunctionT]:
        return Replacement(kernel, function, exact=exact)

    return declared


@dataclass(frozen=True, slots=True)
class Replaced:
    """The distribution that replaces a reference, and whether with the same bits."""

    distribution: str
    version: str
    exact: bool


class Kernels:
    """Chooses what the components of a network call.

    Parameters
    ----------
    choice
        What may replace references: ``"numpy"`` for nothing, ``"exact"`` for what gives the
        same bits, ``"fastest"`` for anything.
    registry
        Where accelerators are looked up; by default what is installed.
    """

    def __init__(self, choice: KernelChoice = "numpy", registry: Registry | None = None) -> None:
        self._choice: KernelChoice = choice
        self._registry = registry
        self._replaced: dict[str, Replaced] = {}

    @property
    def replaced(self) -> Mapping[str, Replaced]:
        """Every kernel whose reference is not used, by name, of those asked for so far."""
        return self._replaced

    def choose(self, kernel: Kernel[FunctionT]) -> FunctionT:
        """Return what a component calls: the reference, or what replaces it.

        Raises
        ------
        PluginError
            If the spec allows accelerators and what is registered for this kernel is at fault.
        """
        if self._choice == "numpy":
            return kernel.reference
        registry = self._registry or installed()
        try:
            registration, found = registry.load_object(_NOUN, KERNEL_GROUP, kernel.name)
        except KeyError:
            return kernel.reference
        if not _stands_in(found, kernel):
            reason = (
                f"expected a function that @replaces the '{kernel.name}' of "
                f"{kernel.reference.__module__}, found {_shown(found)}"
            )
            raise plugin_error(_NOUN, registration, reason)
        if self._choice == "exact" and not found.exact:
            return kernel.reference
        self._replaced[kernel.name] = Replaced(
            registration.distribution, registration.version, found.exact
        )
        register_function(found.function, _NOUN, registration)
        return found.function


def check_kernel(registry: Registry, name: str) -> None:
    """Check that what is registered as that kernel can replace one of that name.

    Raises
    ------
    PluginError
        If it cannot, or if there are two.
    """
    registration, found = registry.load_object(_NOUN, KERNEL_GROUP, name)
    if _name_of(found) != name:
        reason = f"expected a function that @replaces '{name}', found {_shown(found)}"
        raise plugin_error(_NOUN, registration, reason)


def _stands_in(found: object, kernel: Kernel[FunctionT]) -> TypeIs[Replacement[FunctionT]]:
    """Tell whether something was declared for that kernel, and so has its type."""
    return isinstance(found, Replacement) and found.kernel is kernel


def _name_of(found: object) -> str | None:
    return found.name if isinstance(found, Replacement) else None


def _shown(found: object) -> str:
    name = _name_of(found)
    return repr_of(found) if name is None else f"one that replaces another, '{name}'"


def _parameters(function: Callable[..., object]) -> str:
    """Return the names of a function's parameters, as they are written between parentheses."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        return "those of a function that does not tell; wrap it in one written in Python"
    bare = [each.replace(annotation=each.empty) for each in parameters]
    return str(inspect.Signature(bare))
