"""Tries every bad component, and prints how many were mishandled, and what was done wrong.

``--expected`` prints what that is if none is mishandled, without trying any.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bad_components.case import Case
from tests.bad_components.cases import CASES
from tests.bad_components.report import report
from tests.bad_components.trials import trials

AT_ONCE = 2
"""How many components are tried at the same time."""


def try_all() -> dict[str, list[str]]:
    """Return what was done wrong about every case, by its name."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        shares = [CASES[first::AT_ONCE] for first in range(AT_ONCE)]
        found = {name: each for share in pool.map(_try, shares) for name, each in share.items()}
    return {case.name: found[case.name] for case in CASES}


def _try(cases: Sequence[Case]) -> dict[str, list[str]]:
    with tempfile.TemporaryDirectory() as directory, trials(CASES, Path(directory)) as trying:
        return {case.name: trying.mistakes(case) for case in cases}


def main() -> int:
    """Do what the command line says, and return the exit code."""
    mistakes = {} if "--expected" in sys.argv else try_all()
    for name, each in mistakes.items():
        for mistake in each:
            print(f"{name}: {mistake}", file=sys.stderr)  # noqa: T201
    mishandled = [name for name, each in mistakes.items() if each]
    print(report(mishandled))  # noqa: T201
    return int(bool(mishandled))


if __name__ == "__main__":
    sys.exit(main())
