"""Whether what an entry point leads to is a component of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from typing_extensions import TypeIs

from layerkit.component import Component, Config, Kind, Registration
from layerkit.errors import repr_of
from layerkit.metadata import OWN, UNKNOWN
from layerkit.signatures import signature_problems

ConfigT = TypeVar("ConfigT", bound=Config)


class NotAComponentError(Exception):
    """Something else than a component is registered as one; the message says what it is."""


def checked_config(
    kind: Kind[ConfigT], registration: Registration, component: object
) -> type[ConfigT]:
    """Return the config class of what was registered as a component.

    Raises
    ------
    NotAComponentError
        If it is none of that kind.
    """
    if not is_component(component):
        raise NotAComponentError(f"expected a component class, found {repr_of(component)}")
    config_type = component.config_type
    if config_type is None or not issubclass(config_type, kind.config):
        bases = f"whose bases name a {kind.config.__name__} with a 'type'"
        raise NotAComponentError(f"expected a {kind.noun}, {bases}")
    if missing := sorted(component.__abstractmethods__):
        raise NotAComponentError(f"{component.__name__} does not define {', '.join(missing)}")
    if config_type.type_name() != registration.name:
        has = f"{config_type.__name__} has type {config_type.type_name()!r}"
        raise NotAComponentError(f"{has}, but is registered as '{registration.name}'")
    if wrong := _wrong_former_key(config_type):
        raise NotAComponentError(wrong)
    if owner := _other_owner(config_type, registration):
        found = f"{component.__name__} of {owner}"
        raise NotAComponentError(f"expected a class of its own, found {found}")
    config_type.model_rebuild()  # raises if the type of an option cannot be found
    for problem in _signature_problems(component, config_type):
        raise NotAComponentError(problem)
    return config_type


def _wrong_former_key(config_type: type[Config]) -> str:
    """Return what is wrong with a config's former keys; empty if nothing is."""
    for former, today in config_type.former_keys.items():
        fields = config_type.model_fields
        if former in fields or today not in fields:
            found = f"found '{former}' for '{today}'"
            return f"expected former_keys of {config_type.__name__} to lead to its keys, {found}"
    return ""


def _signature_problems(*classes: type) -> Iterator[str]:
    for each in classes:
        yield from signature_problems(each)


def _other_owner(config_type: type[Config], registration: Registration) -> str | None:
    """Return the distribution whose class was registered once more by another."""
    if registration.normalized in {OWN, UNKNOWN}:
        return None
    if config_type.__module__.startswith(f"{OWN}."):
        return OWN
    known = config_type.__dict__.get("__registration__")
    if isinstance(known, Registration) and known.normalized != registration.normalized:
        return known.origin
    return None


def is_component(found: object) -> TypeIs[type[Component[Config]]]:
    """Tell whether something is a component class."""
    return isinstance(found, type) and issubclass(found, Component)
