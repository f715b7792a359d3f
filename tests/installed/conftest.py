from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .built import OWN, Environment, output, wheel

PIP_INSTALL = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return a new environment with all our wheels; pip gets the rest as usual."""
    wheels = [wheel(each) for each in OWN]
    top = tmp_path_factory.mktemp("installed")
    output(sys.executable, "-m", "venv", top / "venv", cwd=top)
    environment = Environment(top / "venv", top)
    environment.output("python", *PIP_INSTALL, *wheels)
    return environment


@pytest.fixture
def installed(environment: Environment, tmp_path: Path) -> Environment:
    """Return that environment with an empty directory for this test."""
    return Environment(environment.directory, tmp_path)
