"""Where Python programs import the classes from that a spec is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from layerkit.component import Config
from layerkit.errors import PluginError
from layerkit.guard import fault
from layerkit.strict_model import StrictModel
from layerkit.values import is_list

_API = "layerkit.api"


@dataclass(frozen=True, slots=True)
class PublicName:
    """A class as a program imports it.

    Attributes
    ----------
    module
        Such as ``"layerkit.layers"``, or ``"layerkit"`` itself.
    name
        What it is called there.
    """

    module: str
    name: str


def public_name(model: type[StrictModel]) -> PublicName:
    """Return where a class of a spec's tables is public.

    Layerkit's own are in ``layerkit.layers`` and so on, or in ``layerkit``. A plugin's is imported
    from the shortest module whose ``__all__`` has it, else from the one that defines it.

    Raises
    ------
    PluginError
        If it is in a private module only, in none that can be imported, or inside a function.
    """
    for found in _candidates(model):
        return found
    where = f"{model.__module__}.{model.__qualname__}"
    reason = (
        f"a program cannot import {where}, which is private or not at the top of a module; "
        "a spec with it can only be TOML or JSON. Its authors can export it from a public module "
        "and name it in that module's __all__"
    )
    raise fault(model, reason) if issubclass(model, Config) else PluginError(reason)


def _candidates(model: type[StrictModel]) -> Iterator[PublicName]:
    kind = model.__kind__ if issubclass(model, Config) else None
    own = model.__module__.startswith("layerkit.")
    if own and kind is not None:
        yield from _exported(model, kind.group, kind.group)
    elif own:
        yield from _held(model, _API, "layerkit")
    parts = model.__module__.split(".")
    modules = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
    if own or model.__module__ == "__main__" or "<locals>" in model.__qualname__:
        return
    for module in modules:
        if _is_public(module):
            yield from _exported(model, module, module)
    if _is_public(model.__module__) and not model.__name__.startswith("_"):
        yield from _held(model, model.__module__, model.__module__)


def _exported(model: type[StrictModel], module: str, shown: str) -> Iterator[PublicName]:
    """Yield the names in ``__all__`` that a module has for a class."""
    names = _contents(module)
    public = names.get("__all__")
    listed = public if is_list(public) else []
    yield from (PublicName(shown, str(name)) for name in listed if names.get(str(name)) is model)


def _held(model: type[StrictModel], module: str, shown: str) -> Iterator[PublicName]:
    """Yield a class's own name if a module has it."""
    if _contents(module).get(model.__name__) is model:
        yield PublicName(shown, model.__name__)


def _contents(module: str) -> dict[str, object]:
    try:
        return {**vars(import_module(module))}
    except ImportError:  # a class may say of itself that it is from anywhere
        return {}


def _is_public(module: str) -> bool:
    return not any(part.startswith("_") for part in module.split("."))
