"""Builds every distribution into ``dist/``, which ``make dist`` runs.

A wheel is built from its source distribution, so the source distribution is known to be whole.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from tools.packaging.distributions import ROOT, own_distributions
from tools.packaging.staging import stage

DIST = ROOT / "dist"
TOOLS = ("build", "twine")


def main(
    repository: Annotated[
        str, typer.Argument(help="Address of the repository, such as https://github.com/me/mine.")
    ],
) -> None:
    """Build source distributions and wheels of Layerkit and all its plugins, and check them."""
    for tool in TOOLS:
        require(tool)
    if not repository.startswith("https://"):
        raise typer.BadParameter(f"expected an address with https://, found '{repository}'")
    shutil.rmtree(DIST, ignore_errors=True)
    with TemporaryDirectory() as directory:
        for distribution in own_distributions():
            try:
                staged = stage(distribution, repository.rstrip("/"), Path(directory))
            except ValueError as error:
                sys.exit(f"error: {error}")
            run("build", "--outdir", DIST, staged)
            typer.echo(f"built {distribution.stem}")
    run("twine", "check", "--strict", *sorted(DIST.iterdir()))
    typer.echo(f"{len(list(DIST.iterdir()))} files in {DIST.name}/ passed 'twine check --strict'")


def require(tool: str) -> None:
    """End the program if a tool is missing, and say how to get it."""
    try:
        version(tool)
    except PackageNotFoundError:
        install = f"{sys.executable} -m pip install -e '{ROOT}[release]'"
        sys.exit(f"error: '{tool}' is not installed here; install it with: {install}")


def run(tool: str, *arguments: str | Path) -> None:
    """Run a tool; end the program with what it said if it fails or warns."""
    finished = subprocess.run(  # noqa: S603  # the tool is one of our two
        [sys.executable, "-m", tool, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        sys.exit(f"{finished.stdout}\nerror: '{tool}' failed, see above")


if __name__ == "__main__":
    typer.run(main)
