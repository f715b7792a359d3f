"""Names to classes, by entry points, for built-ins and plugins alike.

A plugin is imported when something asks for its name, never before, so that a broken plugin is an
error only where it is used.

A distribution says which version of the contract it was written for, the contract being all that
`layerkit.plugin` offers, by an entry point whose name is that version::

    [project.entry-points."layerkit.contract"]
    2 = "layerkit.plugin"

That can be read without importing the plugin. One that says nothing counts as written for today's.

A component that was renamed is registered by its former name too, in a group of its own, so that
former names are on no list and cost nothing where they are not used::

    [project.entry-points."layerkit.layers.former"]
    old = "package.module:New"
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from importlib.metadata import EntryPoint
from typing import TypeAlias, TypeVar

from layerkit.component import Config, Kind, Registration
from layerkit.component_check import NotAComponentError, checked_config, is_component
from layerkit.contained import contained
from layerkit.errors import PluginError, described, repr_of
from layerkit.interrupts import Terminated, is_real
from layerkit.metadata import OWN, InstalledPoint, installed_points, points_of

ConfigT = TypeVar("ConfigT", bound=Config)

CONTRACT_VERSION = 2
"""Version of today's contract."""
ACCEPTED_CONTRACTS = (2, CONTRACT_VERSION)
"""The oldest and the newest version of the contract that a plugin may be written for."""
CONTRACT_GROUP = "layerkit.contract"
"""The group in which a distribution says which version of the contract it was written for."""
KERNEL_GROUP = "layerkit.kernels"
"""The group of what replaces components' inner loops; see `layerkit.kernels`."""
FORMER = ".former"
"""What follows the group of a kind for former names of its components."""
OTHER_GROUPS = (CONTRACT_GROUP, KERNEL_GROUP)
"""Groups that register no components."""


_Origin: TypeAlias = tuple[str, str]


class Registry:
    """The components that are installed.

    A name means Layerkit's own component where it has one, whatever else is installed; else the
    only one of that name. With its distribution in front, as in ``acme:zeros``, it means that one.

    Parameters
    ----------
    points
        Entry points to choose from; by default those of every installed distribution.
    """

    def __init__(self, points: Iterable[EntryPoint] | None = None) -> None:
        self._found: dict[str, dict[str, list[InstalledPoint]]] = {}
        self._contracts: dict[_Origin, list[str]] = {}
        for point in installed_points() if points is None else points_of(points):
            registration = point.registration
            named = self._found.setdefault(registration.group, {})
            named.setdefault(registration.name, []).append(point)
            if registration.group == CONTRACT_GROUP:
                origin = (registration.distribution, registration.version)
                self._contracts.setdefault(origin, []).append(registration.name)

    def preferring(self, distributions: Collection[str]) -> Registry:
        """Return a registry in which names of several plugins mean those of some distributions."""
        chosen = Registry(())
        chosen._contracts = self._contracts
        for group, by_name in self._found.items():
            for name, named in by_name.items():
                among = [each for each in named if each.registration.distribution in distributions]
                chosen._found.setdefault(group, {})[name] = among or named
        return chosen

    def names(self, kind: Kind[ConfigT]) -> list[str]:
        """Return the names on offer, sorted; none is imported."""
        return sorted(self._found.get(kind.group, {}))

    def registrations(self, kind: Kind[ConfigT]) -> Iterator[Registration]:
        """Yield every registration of a kind sorted by name; colliding ones one after another."""
        return self.registered_in(kind.group)

    def registered_in(self, group: str) -> Iterator[Registration]:
        """Yield every registration in a group sorted by name; colliding ones one after another."""
        for _, named in sorted(self._found.get(group, {}).items()):
            yield from sorted(
                (each.registration for each in named), key=lambda each: each.full_name
            )

    def unmatched(self, kinds: Iterable[Kind[Config]]) -> Iterator[Registration]:
        """Yield registrations in unknown groups, such as ``layerkit.layer`` for ``layers``."""
        groups = [kind.group for kind in kinds]
        known = {*OTHER_GROUPS, *groups, *(f"{group}{FORMER}" for group in groups)}
        for group in sorted(self._found.keys() - known):
            for named in self._found[group].values():
                yield from (each.registration for each in named)

    def offers(self, kind: Kind[ConfigT], name: str) -> bool:
        """Tell whether there is a component of that name, with or without its distribution."""
        return bool(self._named(kind.group, name))

    def load(self, kind: Kind[ConfigT], name: str) -> type[ConfigT]:
        """Import the component of that name and return its config class.

        Raises
        ------
        KeyError
            If nothing offers the name.
        PluginError
            If two plugins offer it, if it was written for another contract, or if what it leads to
            is no component of this kind.
        """
        return self._config(kind, self._chosen(kind.noun, kind.group, name))

    def todays_name(self, kind: Kind[ConfigT], former: str) -> str | None:
        """Return the name that means the component of a former name; None if there is none.

        Raises
        ------
        PluginError
            If the component cannot be loaded, or is not registered by the name that it has.
        """
        group = f"{kind.group}{FORMER}"
        if not self._named(group, former):
            return None
        registration, component = self.load_object(kind.noun, group, former)
        config_type = component.config_type if is_component(component) else None
        if config_type is not None and config_type.__kind__ is kind:
            found = self.registration_of(config_type)
            if found is not None and self.offers(kind, self.spelling(found)):
                return self.spelling(found)
        reason = f"expected a {kind.noun} that is registered, found {repr_of(component)}"
        raise plugin_error(kind.noun, registration, reason)

    def load_object(self, noun: str, group: str, name: str) -> tuple[Registration, object]:
        """Import what a name in a group leads to, whatever that is; ``noun`` is for messages.

        Raises
        ------
        KeyError
            If nothing offers the name.
        PluginError
            If two plugins offer it, if it was written for another contract, or if it cannot be
            imported.
        """
        point = self._chosen(noun, group, name)
        return point.registration, self._imported(noun, point)

    def registration_of(self, config_type: type[Config]) -> Registration | None:
        """Return what registers a config's class; None for a class of no distribution."""
        kind, name = config_type.__kind__, config_type.type_name()
        if kind is not None and name is not None and "__registration__" not in config_type.__dict__:
            # A config that Python code imported, not a spec: loading sets what it was loaded as.
            for point in self._found.get(kind.group, {}).get(name, []):
                with suppress(PluginError):
                    if self._config(kind, point) is config_type:
                        break
        return config_type.__dict__.get("__registration__")

    def name_of(self, config_type: type[Config]) -> str | None:
        """Return the name that means a config's class: with its distribution only if needed."""
        kind, name = config_type.__kind__, config_type.type_name()
        if kind is None or name is None or len(self._found.get(kind.group, {}).get(name, [])) < 2:
            return name
        registration = self.registration_of(config_type)
        return name if registration is None else self.spelling(registration)

    def spelling(self, registration: Registration) -> str:
        """Return the name that means a registration: with its distribution only if needed."""
        named = self._named(registration.group, registration.name)
        is_alone = [each.registration for each in named] == [registration]
        return registration.name if is_alone else registration.full_name

    def _named(self, group: str, name: str) -> list[InstalledPoint]:
        """Return all that a name may mean: one, unless the spec has to say which."""
        distribution, colon, bare = name.partition(":")
        named = self._found.get(group, {}).get(bare if colon else name, [])
        wanted = distribution if colon else OWN
        chosen = [each for each in named if each.registration.normalized == wanted]
        return chosen if chosen or colon else named

    def _chosen(self, noun: str, group: str, name: str) -> InstalledPoint:
        named = self._named(group, name)
        if not named:
            raise KeyError(name)
        if len(named) == 1:
            return named[0]
        registrations = sorted(
            (each.registration for each in named), key=lambda each: each.full_name
        )
        full_names = [*dict.fromkeys(each.full_name for each in registrations)]
        origins = " and ".join(dict.fromkeys(each.origin for each in registrations))
        if len(full_names) == 1:
            targets = " and ".join(each.target for each in registrations)
            reason = f"is registered twice by {origins} ({targets}); ask its authors to correct it"
        else:
            choice = (
                "" if group in OTHER_GROUPS else f"write {' or '.join(map(repr, full_names))}, or "
            )
            advice = f"{choice}uninstall one of them"
            reason = f"is registered by {origins}; {advice}"
        raise PluginError(f"{noun} '{name}' {reason}")

    def _config(self, kind: Kind[ConfigT], point: InstalledPoint) -> type[ConfigT]:
        component = self._imported(kind.noun, point)
        with _blaming(kind.noun, point.registration):
            config_type = checked_config(kind, point.registration, component)
        config_type.__registration__ = point.registration
        return config_type

    def _imported(self, noun: str, point: InstalledPoint) -> object:
        registration = point.registration
        if point.problem:
            raise plugin_error(noun, registration, point.problem)
        self._check_contract(noun, registration)
        is_own = registration.normalized == OWN
        with _blaming(noun, registration), nullcontext() if is_own else contained():
            return point.entry.load()

    def _check_contract(self, noun: str, registration: Registration) -> None:
        """Check that a distribution was written for a contract that is accepted."""
        origin = (registration.distribution, registration.version)
        declared = self._contracts.get(origin, [])
        if strange := [name for name in declared if not _is_number(name)]:
            reason = (
                f"expected the number of a contract as the name in '{CONTRACT_GROUP}', such as "
                f"{CONTRACT_VERSION}; found '{strange[0]}'; ask its authors to correct it"
            )
            raise plugin_error(noun, registration, reason)
        oldest, newest = ACCEPTED_CONTRACTS
        versions = sorted(map(int, declared))
        if not versions or any(oldest <= version <= newest for version in versions):
            return
        accepted = str(newest) if oldest == newest else f"{oldest} to {newest}"
        written_for = " and ".join(map(str, versions))
        advice = (
            f"install a newer {registration.distribution}, or an older layerkit"
            if versions[-1] < oldest
            else f"install a newer layerkit, or an older {registration.distribution}"
        )
        reason = (
            f"it was written for version {written_for} of Layerkit's plugin contract; this "
            f"Layerkit accepts {accepted}: {advice}"
        )
        raise plugin_error(noun, registration, reason)


@contextmanager
def _blaming(noun: str, registration: Registration) -> Generator[None]:
    """Blame a plugin for whatever is raised in the context; it may even call ``sys.exit``."""
    try:
        yield
    except Terminated:
        raise
    except NotAComponentError as error:
        raise plugin_error(noun, registration, str(error)) from None
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) and is_real(error):
            raise
        if isinstance(error, MemoryError) and registration.normalized == OWN:
            raise
        raise plugin_error(noun, registration, described(error)) from error


@cache
def installed() -> Registry:
    """Return the registry of this environment, read once a process."""
    return Registry()


def plugin_error(noun: str, registration: Registration, reason: str, at: str = "") -> PluginError:
    """Return the error for something that a distribution registers; ``at`` follows its name."""
    origin = f"of {registration.origin} ({registration.target})"
    return PluginError(f"{noun} '{registration.name}' {origin}{at}: {reason}")


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) < 10
