"""The files that ``make dist`` built, and a new environment with only these installed."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.packaging.build_distributions import DIST
from tools.packaging.distributions import Distribution, own_distributions

OWN = own_distributions()
LONGEST = 600
"""Seconds that a command may take; pip may have to fetch all that Layerkit depends on."""

every_distribution = pytest.mark.parametrize("each", OWN, ids=lambda each: each.name)


def wheel(distribution: Distribution) -> Path:
    return _built(f"{distribution.stem}-py3-none-any.whl")


def sdist(distribution: Distribution) -> Path:
    return _built(f"{distribution.stem}.tar.gz")


def _built(name: str) -> Path:
    if not (DIST / name).exists():
        pytest.fail(f"{DIST} has no {name}; run 'make dist', which builds it", pytrace=False)
    return DIST / name


def output(*command: str | Path, cwd: Path) -> str:
    """Return the output of a command that cannot import the checkout; fail if it fails."""
    finished = subprocess.run(
        command,
        cwd=cwd,
        env={key: value for key, value in os.environ.items() if not key.startswith("PYTHON")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    if finished.returncode != 0:
        shown = " ".join(map(str, command))
        pytest.fail(
            f"{shown}\nended with {finished.returncode}\n{finished.stdout}{finished.stderr}"
        )
    return finished.stdout


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment, and an empty directory to work in."""

    directory: Path
    work: Path

    def output(self, program: str, *arguments: str | Path) -> str:
        """Return what one of its programs prints; fail if the program fails."""
        return output(self.directory / "bin" / program, *arguments, cwd=self.work)

    def site_packages(self) -> Path:
        """Return the directory that packages are installed into."""
        program = "import sysconfig; print(sysconfig.get_path('purelib'))"
        return Path(self.output("python", "-c", program).strip())
