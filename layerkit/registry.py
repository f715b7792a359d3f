"""Names to classes, by entry points, for built-ins and plugins alike.

A plugin is imported when something asks for its name, never before, so that a broken plugin is an
error only for those who use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, distributions
from typing import TypeVar

from layerkit.component import Component, Config, Kind
from layerkit.errors import PluginError

ConfigT = TypeVar("ConfigT", bound=Config)


@dataclass(frozen=True, slots=True)
class Registration:
    """One name that a distribution offers, loaded or not."""

    group: str
    name: str
    distribution: str
    version: str
    target: str


class Registry:
    """The components that are installed.

    Parameters
    ----------
    points
        Entry points to choose from; by default those of every installed distribution.
    """

    def __init__(self, points: Iterable[EntryPoint] | None = None) -> None:
        found = _installed_points() if points is None else points
        self._points: dict[str, dict[str, list[EntryPoint]]] = {}
        for point in found:
            if _is_ours(point):
                named = self._points.setdefault(point.group, {}).setdefault(point.name, [])
                named.append(point)

    def names(self, kind: Kind[ConfigT]) -> list[str]:
        """Return the names on offer, sorted; none is imported."""
        return sorted(self._points.get(kind.group, {}))

    def registrations(self, kind: Kind[ConfigT]) -> Iterator[Registration]:
        """Yield every registration of a kind in the order of names; collisions stand twice."""
        for name in self.names(kind):
            for point in self._points[kind.group][name]:
                yield Registration(kind.group, name, *_origin(point), point.value)

    def unmatched(self, kinds: Iterable[Kind[Config]]) -> Iterator[Registration]:
        """Yield registrations in groups of no kind, such as ``layerkit.layer`` for ``layers``."""
        for group in sorted(self._points.keys() - {kind.group for kind in kinds}):
            for points in self._points[group].values():
                for point in points:
                    yield Registration(group, point.name, *_origin(point), point.value)

    def load(self, kind: Kind[ConfigT], name: str) -> type[ConfigT]:
        """Import the component of that name and return its config class.

        Raises
        ------
        KeyError
            If nothing offers the name.
        PluginError
            If two distributions offer it, or what it leads to is no component of this kind.
        """
        points = self._points.get(kind.group, {})[name]
        if len(points) > 1:
            origins = " and ".join(" ".join(_origin(point)) for point in points)
            raise PluginError(
                f"{kind.noun} '{name}' is registered by {origins}; uninstall one of them"
            )
        return _load(kind, points[0])


@cache
def installed() -> Registry:
    """Return the registry of this environment, read once a process."""
    return Registry()


def _installed_points() -> Iterator[EntryPoint]:
    """Yield the entry points of every distribution, the first on the path of each name."""
    seen: set[str] = set()
    for distribution in distributions():
        points = [point for point in distribution.entry_points if _is_ours(point)]
        if not points:
            continue  # most distributions; their metadata would take long to read
        metadata = distribution.metadata
        if "Name" not in metadata:
            continue  # what a broken installation left behind
        name = re.sub("[-_.]+", "-", metadata["Name"]).lower()
        if name not in seen:
            seen.add(name)
            yield from points


def _is_ours(point: EntryPoint) -> bool:
    return point.group.startswith("layerkit.")


def _load(kind: Kind[ConfigT], point: EntryPoint) -> type[ConfigT]:
    try:
        component: object = point.load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a plugin may even call sys.exit
        raise _plugin_error(kind, point, f"{type(error).__name__}: {error}") from error
    if not (isinstance(component, type) and issubclass(component, Component)):
        raise _plugin_error(kind, point, f"expected a component class, found {component!r}")
    config_type = component.config_type
    if config_type is None or not issubclass(config_type, kind.config):
        raise _plugin_error(
            kind,
            point,
            f"expected a {kind.noun}, whose bases name a {kind.config.__name__} with a 'type'",
        )
    if missing := sorted(component.__abstractmethods__):
        raise _plugin_error(
            kind, point, f"{component.__name__} does not define {', '.join(missing)}"
        )
    if config_type.type_name() != point.name:
        raise _plugin_error(
            kind,
            point,
            f"{config_type.__name__} has type {config_type.type_name()!r}, "
            f"but is registered as '{point.name}'",
        )
    return config_type


def _plugin_error(kind: Kind[ConfigT], point: EntryPoint, reason: str) -> PluginError:
    origin = " ".join(_origin(point))
    return PluginError(f"{kind.noun} '{point.name}' of {origin} ({point.value}): {reason}")


def _origin(point: EntryPoint) -> tuple[str, str]:
    """Return distribution and version that an entry point comes from."""
    return ("?", "?") if point.dist is None else (point.dist.name, point.dist.version)
