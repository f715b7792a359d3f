"""Installs the peers line by line, and records which ones came in; needs nothing but Python.

Run by ``make bench`` with the interpreter of ``.venv-bench``, after Layerkit and its plugins.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
RECORD = "benchmarks-installed.json"
"""In the virtual environment: whether each line of the requirements installed, and if not, why."""


def requirements(text: str) -> list[str]:
    """Return the lines of a requirements file that name something."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def install(requirement: str) -> str:
    """Install one requirement; return the last line of what went wrong, or nothing."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    finished = subprocess.run(  # noqa: S603  # the lines are our own
        [*pip, requirement], capture_output=True, text=True, check=False
    )
    if finished.returncode == 0:
        return ""
    errors = [line for line in finished.stderr.splitlines() if line.startswith("ERROR")]
    return errors[-1] if errors else f"pip ended with {finished.returncode}"


def main() -> None:
    """Install every line, say how it went, and leave the record."""
    results = {line: install(line) for line in requirements(REQUIREMENTS.read_text("utf-8"))}
    for line, error in results.items():
        sys.stdout.write(f"{line}: {error or 'installed'}\n")
    (Path(sys.prefix) / RECORD).write_text(json.dumps(results, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
