"""New plugins of every kind, written once and installed for whoever asks for them."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from layerkit.cli.new import new_plugin
from layerkit.new_plugin.kinds import PLUGIN_KINDS
from layerkit.new_plugin.names import LONGEST_COMPONENT, LONGEST_DISTRIBUTION
from tests.helpers.plugins import install


class _Project(BaseModel):
    name: str
    version: str
    entry_points: dict[str, dict[str, str]] = Field(alias="entry-points")


class _Pyproject(BaseModel):
    project: _Project


@dataclass(frozen=True, slots=True)
class Written:
    """Plugins in directories of their own, and a directory that says that they are installed."""

    site: Path
    plugins: Sequence[Path]

    def output(self, *command: str | Path, cwd: Path | None = None) -> str:
        """Return what a program prints that can import the plugins; fail if it fails."""
        path = os.pathsep.join(map(str, [self.site, *self.plugins]))
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        mypy = {"MYPYPATH": path, "MYPY_CACHE_DIR": str(self.site / "mypy_cache")}
        places = {"PATH": programs, "PYTHONPATH": path, **mypy}
        done = subprocess.run(
            [sys.executable, *command],
            cwd=cwd or self.site,
            env={**os.environ, **places, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


def _write(directory: Path, noun: str, distribution: str, component: str | None = None) -> Path:
    assert new_plugin(distribution, noun, component, directory / distribution) == 0
    return directory / distribution


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Return plugins of every kind: with a usual name, and with the longest that there can be."""
    directory, site = tmp_path_factory.mktemp("plugins"), tmp_path_factory.mktemp("site")
    plugins: list[Path] = []
    for number, kind in enumerate(PLUGIN_KINDS):
        letter = chr(ord("b") + number)
        plugins.append(_write(directory, kind.noun, f"acme-{kind.template.replace('_', '-')}"))
        longest = letter * LONGEST_DISTRIBUTION, letter * LONGEST_COMPONENT
        plugins.append(_write(directory, kind.noun, *longest))
    plugins.append(_write(directory, "layer", "acme-taken", "shape"))  # it imports a Shape
    plugins.append(_write(directory, "schedule", "x"))
    for plugin in plugins:
        table = tomllib.loads((plugin / "pyproject.toml").read_text("utf-8"))
        project = _Pyproject.model_validate(table).project
        lines = [
            f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in points.items())
            for group, points in project.entry_points.items()
        ]
        install(site, project.name, "".join(lines), version=project.version)
    return Written(site, plugins)
