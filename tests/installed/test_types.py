"""What type checkers know of the built packages' public names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools.packaging.distributions import Distribution

from .built import Environment, every_distribution

PYRIGHT = Path(sys.executable).with_name("basedpyright")


@every_distribution
def test_the_types_of_every_public_name_are_known(
    each: Distribution, installed: Environment
) -> None:
    path = f"{installed.directory / 'bin'}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        [PYRIGHT, "--verifytypes", each.package.name, "--ignoreexternal"],
        cwd=installed.work,
        env={**os.environ, "PATH": path, "VIRTUAL_ENV": str(installed.directory)},
        capture_output=True,
        text=True,
        check=False,
    )
    wrong = [line for line in ran.stdout.splitlines() if "error:" in line]
    assert "Type completeness score: 100%" in ran.stdout, "\n".join(wrong[:20])
