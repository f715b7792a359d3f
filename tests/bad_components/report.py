"""What is printed about a try of all cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from tests.bad_components.cases import CASES


def report(mishandled: Collection[str]) -> str:
    """Return how many cases were tried and how many mishandled, by kind and in all.

    Parameters
    ----------
    mishandled
        Names of cases.
    """
    tried = Counter(case.kind for case in CASES)
    wrong = Counter(case.kind for case in CASES if case.name in mishandled)
    rows = [f"{kind:<20}{tried[kind]:>5}{wrong[kind]:>12}" for kind in tried]
    total = f"{tried.total()} bad components tried, {wrong.total()} mishandled"
    return "\n".join([f"{'kind':<20}tried  mishandled", *rows, "", total])
