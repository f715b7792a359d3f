"""Names to classes, by entry points: the one door for built-ins and plugins alike.

A plugin is imported when something asks for its name, never before, so that one broken plugin
troubles nobody but those who use it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler, SerializationInfo, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from layerkit.component import Component, Config, Kind
from layerkit.errors import PluginError
from layerkit.strict import blaming, did_you_mean, is_table, problem, problem_at

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

    def strays(self, kinds: Iterable[Kind[Config]]) -> Iterator[Registration]:
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


@dataclass(frozen=True, slots=True)
class SpecContext:
    """What validation needs beside the spec: who resolves names, and where paths start."""

    registry: Registry
    directory: Path


class FromRegistry(Generic[ConfigT]):
    """Pydantic marker: the field takes a component's table, its bare name, or its config.

    Use it as ``Annotated[LayerConfig, FromRegistry(LAYERS)]``: the static type stays the kind's
    config base, and the table is validated by the config class that its ``type`` names.
    """

    def __init__(self, kind: Kind[ConfigT]) -> None:
        self.kind = kind

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return the schema that resolves on validation and keeps subclass fields on dump."""
        del source, handler
        return core_schema.with_info_plain_validator_function(
            self._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(_dump, info_arg=True),
        )

    def _validate(self, value: object, info: ValidationInfo) -> ConfigT:
        if isinstance(value, self.kind.config):
            if value.type_name() is None:
                reason = f"expected the config of {_one(self.kind)}, found {type(value).__name__}"
                raise problem("wrong-type", f"{reason}, which is only a base")
            return value
        context: object = info.context
        registry = context.registry if isinstance(context, SpecContext) else installed()
        table = {"type": value} if isinstance(value, str) else value
        name = self._name_in(table, registry)
        if name not in registry.names(self.kind):
            loc = () if isinstance(value, str) else ("type",)
            raise problem_at(loc, name, self._unknown(name, registry))
        config_type = registry.load(self.kind, name)
        with blaming(f"{self.kind.noun} '{name}'"):
            return config_type.model_validate(table, context=context)

    def _name_in(self, table: object, registry: Registry) -> str:
        """Return the ``type`` of a component's table."""
        names = ", ".join(registry.names(self.kind)) or "none is installed"
        choices = f"the name of {_one(self.kind)}: {names}"
        if not is_table(table):
            reason = f"expected {choices}; or a table with such a 'type'"
            raise problem("wrong-type", reason)
        if "type" not in table:
            raise problem("missing-type", f"{_one(self.kind)} needs a 'type': {choices}")
        name = table["type"]
        if not isinstance(name, str):
            raise problem_at(("type",), name, problem("wrong-type", f"expected {choices}"))
        return name

    def _unknown(self, name: str, registry: Registry) -> PydanticCustomError:
        names = registry.names(self.kind)
        there = ", ".join(names) or "none"
        install = (
            f"install the plugin that provides '{name}' into this environment; "
            "'layerkit plugins list' shows what is here"
        )
        nearest = did_you_mean(name, names)
        return problem(
            "unknown-name",
            f"no {self.kind.noun} named '{name}' is installed; installed: {there}",
            f"{nearest} Or {install}" if nearest else install,
        )


@cache
def installed() -> Registry:
    """Return the registry of this environment, read once a process."""
    return Registry()


def default(kind: Kind[ConfigT], name: str) -> Callable[[], ConfigT]:
    """Return a ``default_factory`` for a field: the component of that name, with its defaults."""

    def resolve() -> ConfigT:
        return installed().load(kind, name)()

    return resolve


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
        raise _at_fault(kind, point, f"{type(error).__name__}: {error}") from error
    if not (isinstance(component, type) and issubclass(component, Component)):
        raise _at_fault(kind, point, f"expected a component class, found {component!r}")
    config_type = component.config_type
    if config_type is None or not issubclass(config_type, kind.config):
        raise _at_fault(
            kind,
            point,
            f"expected a {kind.noun}, whose bases name a {kind.config.__name__} with a 'type'",
        )
    if missing := sorted(component.__abstractmethods__):
        raise _at_fault(kind, point, f"{component.__name__} does not define {', '.join(missing)}")
    if config_type.type_name() != point.name:
        raise _at_fault(
            kind,
            point,
            f"{config_type.__name__} has type {config_type.type_name()!r}, "
            f"but is registered as '{point.name}'",
        )
    return config_type


def _one(kind: Kind[ConfigT]) -> str:
    return f"{'an' if kind.noun[0] in 'aeiou' else 'a'} {kind.noun}"


def _at_fault(kind: Kind[ConfigT], point: EntryPoint, reason: str) -> PluginError:
    origin = " ".join(_origin(point))
    return PluginError(f"{kind.noun} '{point.name}' of {origin} ({point.value}): {reason}")


def _origin(point: EntryPoint) -> tuple[str, str]:
    """Return distribution and version that an entry point comes from."""
    return ("?", "?") if point.dist is None else (point.dist.name, point.dist.version)


def _dump(config: BaseModel, info: SerializationInfo) -> dict[str, object]:
    table = config.model_dump(mode=info.mode, exclude_none=info.exclude_none)
    return {"type": table.pop("type", None), **table}
