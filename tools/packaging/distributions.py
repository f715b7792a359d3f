"""The distributions of this repository: Layerkit, and the plugins that live beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field

ROOT = Path(__file__).resolve().parents[2]
CORE = "layerkit"


class Project(BaseModel):
    """The part of a ``[project]`` table that is read here."""

    name: str
    version: str
    readme: str = ""
    dependencies: list[str] = []
    license_files: list[str] = Field(alias="license-files", default=[])
    entry_points: dict[str, dict[str, str]] = Field(alias="entry-points", default={})
    urls: dict[str, str] = {}


class _Pyproject(BaseModel):
    project: Project


@dataclass(frozen=True, slots=True)
class Distribution:
    """One directory with a ``pyproject.toml``, from which one wheel is built."""

    directory: Path
    project: Project

    @property
    def name(self) -> str:
        """The name that people install."""
        return self.project.name

    @property
    def stem(self) -> str:
        """What the names of its built files begin with."""
        return f"{self.package.name}-{self.project.version}"

    @property
    def package(self) -> Path:
        """The directory that is imported."""
        return self.directory / self.name.replace("-", "_")

    @property
    def readme(self) -> Path:
        """The page that the index shows."""
        return self.directory / self.project.readme

    def licenses(self) -> list[Path]:
        """Return the licence files that go into the wheel, in the order of names."""
        globs = self.project.license_files
        return sorted(path for glob in globs for path in self.directory.glob(glob))

    def components(self, group: str) -> dict[str, str]:
        """Return what it offers in a group of entry points: names, and where they lead."""
        return self.project.entry_points.get(group, {})


def own_distributions() -> list[Distribution]:
    """Return every distribution of this repository, Layerkit first.

    They are read from the tree, not from the environment, which may hold other people's plugins.
    """
    return [
        *_read([ROOT / "pyproject.toml"]),
        *_read(sorted(ROOT.glob("plugins/*/pyproject.toml"))),
    ]


def _read(paths: list[Path]) -> Iterator[Distribution]:
    for path in paths:
        table = tomllib.loads(path.read_text("utf-8"))
        yield Distribution(path.parent, _Pyproject.model_validate(table).project)
