"""Whether a plugin's methods take what the engine calls them with."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType

_OWN = "layerkit."


@cache
def signature_problems(plugin: type) -> tuple[str, ...]:
    """Return what is wrong with methods that a plugin's class defines in place of a contract's.

    Each must take what the method of the contract takes; one that is final must not be defined.
    Layerkit's own classes are left to its tests.
    """
    return () if plugin.__module__.startswith(_OWN) else tuple(_problems(plugin))


def _problems(plugin: type) -> Iterator[str]:
    for name in dir(plugin):
        own = _function(inspect.getattr_static(plugin, name, None))
        contract = _of_contract(plugin, name)
        if own is None or contract is None or own.__module__.startswith(_OWN):
            continue
        if getattr(contract, "__final__", False):
            yield f"{plugin.__name__} defines '{name}', which is final"
        elif not _takes(own, contract):
            yield f"expected {_bare(contract)}, found {_bare(own)}"


def _of_contract(plugin: type, name: str) -> FunctionType | None:
    """Return Layerkit's own method of that name which the plugin's class inherits."""
    for base in plugin.__mro__:
        if base.__module__.startswith(_OWN) and name in vars(base):
            return _function(vars(base)[name])
    return None


def _function(attribute: object) -> FunctionType | None:
    """Return the function behind a method; None for properties and class attributes."""
    return attribute if isinstance(attribute, FunctionType) else None


def _takes(own: FunctionType, contract: FunctionType) -> bool:
    """Tell whether a method can be called as the contract's is."""
    try:
        called = inspect.signature(contract).parameters.values()
        positional = [None for each in called if each.kind is each.POSITIONAL_OR_KEYWORD]
        keywords = {each.name: None for each in called if each.kind is each.KEYWORD_ONLY}
        inspect.signature(own).bind(*positional, **keywords)
    except TypeError:
        return False
    except ValueError:
        return True  # it does not tell its parameters
    return True


def _bare(function: Callable[..., object]) -> str:
    """Return a method with the names of its parameters."""
    signature = inspect.signature(function)
    parameters = [each.replace(annotation=each.empty) for each in signature.parameters.values()]
    return f"{function.__name__}{inspect.Signature(parameters)}"
