"""How many faults were tried, and what went wrong: gathered from every test into one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.faults.judge import MISTAKES, Mistake


@dataclass
class Count:
    """What one kind of fault led to.

    Attributes
    ----------
    tried
        How many faults.
    mistakes
        How many of them led to each kind of mistake.
    """

    tried: int = 0
    mistakes: Counter[str] = field(default_factory=Counter[str])


class Counts:
    """Counts faults by their kind, and keeps what went wrong."""

    def __init__(self) -> None:
        self.kinds: dict[str, Count] = {}
        self.texts: list[str] = []
        self.seeds: dict[str, bool] = {}

    def add(self, kind: str, name: str, mistakes: Iterable[Mistake], tried: int = 1) -> None:
        """Count a fault.

        Parameters
        ----------
        kind
            What the table calls faults of that kind.
        name
            Of the fault, for messages.
        mistakes
            What it led to.
        tried
            How many faults they are, if they are tried together.
        """
        count = self.kinds.setdefault(kind, Count())
        count.tried += tried
        found = list(mistakes)
        kinds = Counter(each.kind for each in found)
        count.mistakes.update({kind: min(number, tried) for kind, number in kinds.items()})
        self.texts += [f"{name}: {each.kind}: {each.text}" for each in found]

    def found(self, name: str, *, is_found: bool) -> None:
        """Count a fault in our own code, and whether it was found."""
        self.seeds[name] = is_found

    def check(self) -> None:
        """Fail if anything went wrong."""
        assert not self.texts, "\n\n".join([f"{len(self.texts)} mistakes", *self.texts[:10]])


def table(kinds: Mapping[str, Count]) -> list[str]:
    """Return the lines of a table of counts, with their sums."""
    width = max([len(kind) for kind in kinds] + [len("all")])
    sums = Count(
        sum(each.tried for each in kinds.values()),
        sum((each.mistakes for each in kinds.values()), Counter[str]()),
    )
    lines = ["  ".join([f"{'fault':<{width}}", "tried", *MISTAKES])]
    for kind, count in {**kinds, "all": sums}.items():
        cells = [f"{count.mistakes[name]:>{len(name)}}" for name in MISTAKES]
        lines.append("  ".join([f"{kind:<{width}}", f"{count.tried:>5}", *cells]))
    return lines


def seeds_text(seeds: Mapping[str, bool]) -> str:
    """Return how many faults in our own code were tried and found, and the names of the others."""
    missed = [name for name, is_found in seeds.items() if not is_found]
    names = f": {', '.join(missed)}" if missed else ""
    return f"{len(seeds)} faults of our own seeded, {len(missed)} not found{names}"
