"""The names in a new plugin, and which ones it may have."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from layerkit.component import Config, Kind
from layerkit.errors import UsageError
from layerkit.registry import Registry

LONGEST_DISTRIBUTION = 50
LONGEST_COMPONENT = 26
"""Longer names would not fit into the lines of the source, which have 88 characters."""
_PREFIX = "layerkit-"


@dataclass(frozen=True, slots=True)
class PluginNames:
    """What the parts of a plugin are called.

    Attributes
    ----------
    distribution
        What people install: ``layerkit-swish``.
    component
        What specs call the component: ``swish``. The module that it is in has the same name.
    class_name
        Of the component: ``Swish``; its config is a ``SwishConfig``.
    """

    distribution: str
    component: str
    class_name: str

    @property
    def package(self) -> str:
        """What programs import."""
        return self.distribution.replace("-", "_")

    @property
    def module(self) -> str:
        """Where the component is."""
        return f"{self.package}.{self.component}"


def plugin_names(
    distribution: str,
    component: str | None,
    kind: Kind[Config],
    registry: Registry,
    used: Iterable[str],
) -> PluginNames:
    """Return the names of a plugin, by default with the component called as the distribution.

    Parameters
    ----------
    distribution
        Its name on an index such as PyPI.
    component
        The name in specs, if it is to be another one.
    kind
        Of the component.
    registry
        What is installed.
    used
        Names that the source uses itself; a class must not hide them.

    Raises
    ------
    UsageError
        If a name is not valid, or means something already.
    """
    _check_distribution(distribution)
    if component is None:
        component = distribution.removeprefix(_PREFIX).replace("-", "_")
    _check_component(component)
    for each in registry.registrations(kind):
        if each.name == component:
            raise UsageError(
                f"there is a {kind.noun} '{component}' already, of {each.origin}; choose another "
                "name with --component"
            )
    class_name = "".join(word.capitalize() for word in component.split("_"))
    taken = {*used, *dir(builtins), *keyword.kwlist}
    if {class_name, f"{class_name}Config"} & taken:
        class_name = f"My{class_name}"
    return PluginNames(distribution, component, class_name)


def _check_distribution(name: str) -> None:
    if not _is_distribution(name):
        proposed = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") if name.isascii() else ""
        hint = f"; did you mean '{proposed}'?" if _is_distribution(proposed) else ""
        raise UsageError(
            "expected a name such as layerkit-swish: a letter, then lower-case letters, digits and "
            f"single hyphens, {LONGEST_DISTRIBUTION} characters at most; found '{name}'{hint}"
        )
    package = name.replace("-", "_")
    if keyword.iskeyword(package):
        raise UsageError(
            f"expected a name that Python can import, found '{name}', a word of its own; take "
            f"'{_PREFIX}{name}'"
        )
    if _is_installed(name):
        raise UsageError(
            f"a distribution '{name}' is installed already; choose another name, or uninstall it"
        )
    found = find_spec(package)
    if found is not None and found.origin is not None:  # None: a directory without __init__.py
        raise UsageError(
            f"Python has a module '{package}' already ({found.origin}); choose another name, such "
            f"as '{_PREFIX}{name}'"
        )


def _is_distribution(name: str) -> bool:
    is_name = re.fullmatch("[a-z][a-z0-9]*(-[a-z0-9]+)*", name) is not None
    return is_name and len(name) <= LONGEST_DISTRIBUTION


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _check_component(name: str) -> None:
    if not re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or len(name) > LONGEST_COMPONENT:
        raise UsageError(
            "expected the component to have a name such as swish: a letter, then lower-case "
            f"letters, digits and single underscores, {LONGEST_COMPONENT} characters at most; "
            f"found '{name}'; choose one with --component"
        )
    if keyword.iskeyword(name):
        raise UsageError(
            f"expected a name that a module can have, found '{name}', a word of Python's own; "
            "choose another with --component"
        )
