"""The components of this repository, whatever else is installed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from layerkit.component import Config, Kind, Registration
from layerkit.contracts.kinds import KINDS
from layerkit.fields import SpecContext
from layerkit.registry import Registry
from layerkit.schema.examples import example_of
from tools.packaging.distributions import ROOT, Distribution, own_distributions


@dataclass(frozen=True, slots=True)
class Listed:
    """A component of this repository: its registration, its config class, the file of its class."""

    kind: Kind[Config]
    registration: Registration
    config: type[Config]
    file: Path

    @property
    def name(self) -> str:
        """Its name in specs."""
        return self.registration.name


def own_registry() -> Registry:
    """Return a registry of what this repository registers.

    Raises
    ------
    PackageNotFoundError
        If one of its distributions is not installed.
    """
    names = [each.name for each in own_distributions()]
    return Registry(point for name in names for point in distribution(name).entry_points)


def listed(registry: Registry) -> Iterator[Listed]:
    """Yield all components of this repository in the order of kinds and names."""
    directories = {each.name: each.directory for each in own_distributions()}
    for kind in KINDS:
        for each in registry.registrations(kind):
            file = _file(directories[each.distribution], each.target)
            yield Listed(kind, each, registry.load(kind, each.name), file)


def declared(kind: Kind[Config], distributions: list[Distribution]) -> set[str]:
    """Return the names of a kind that the ``pyproject.toml`` files of this repository register."""
    return {name for each in distributions for name in each.components(kind.group)}


def example_config(config: type[Config], registry: Registry) -> Config | None:
    """Return a component with the options of its example; None if there is none."""
    table = example_of(config, registry)
    if table is None:
        return None
    return config.model_validate(table, context=SpecContext(registry, Path()))


def _file(directory: Path, target: str) -> Path:
    """Return the file of a class that an entry point leads to, from the repository's root."""
    module = directory.joinpath(*target.partition(":")[0].split("."))
    file = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
    return file.relative_to(ROOT)
