"""Writes one version into every distribution, which ``make version V=0.2.0`` runs."""

from __future__ import annotations

import re
from typing import Annotated

import typer
from packaging.version import InvalidVersion, Version

from tools.packaging.distributions import own_distributions

VERSION = re.compile(r'^version = "[^"\n]*"$', re.MULTILINE)


def main(version: Annotated[str, typer.Argument(help="Such as 0.2.0.")]) -> None:
    """Set the version of Layerkit and of all its plugins."""
    try:
        normal = str(Version(version))
    except InvalidVersion as error:
        raise typer.BadParameter(str(error)) from error
    for distribution in own_distributions():
        path = distribution.directory / "pyproject.toml"
        path.write_text(with_version(path.read_text("utf-8"), normal), "utf-8")
        typer.echo(f"{distribution.name} {distribution.project.version} -> {normal}")


def with_version(pyproject: str, version: str) -> str:
    """Return the text of a ``pyproject.toml`` with another version.

    Raises
    ------
    ValueError
        If there is not exactly one line with a version.
    """
    changed, count = VERSION.subn(f'version = "{version}"', pyproject)
    if count != 1:
        raise ValueError(f"expected one line 'version = \"...\"', found {count}")
    return changed


if __name__ == "__main__":
    typer.run(main)
