"""Several runs of one spec, which differ in the fold or in the seed, and what they come to."""

from __future__ import annotations

import statistics
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from layerkit.contracts.callback import Callback
from layerkit.contracts.fold import Fold
from layerkit.errors import DivergedError, FileError, UsageError
from layerkit.formats.atomic import write_atomically
from layerkit.formats.json_text import json_text
from layerkit.interrupts import Interruption
from layerkit.plan.network import plan_network
from layerkit.runs.directory import RunDirectory
from layerkit.runs.locks import LOCK
from layerkit.runs.manifest import Json
from layerkit.runs.record import StoredRun
from layerkit.runs.results import RunResults
from layerkit.runs.run import resume, run
from layerkit.spec.dumping import to_toml
from layerkit.spec.models import MAX_SEED, ModelSpec

DONE = ("finished", "diverged")
"""Statuses of runs that are not run again: a second time would end in the same bits."""


@dataclass(frozen=True, slots=True)
class Member:
    """One run of a series.

    Attributes
    ----------
    name
        Of its directory, such as ``fold-03``.
    value
        What tells it from the others, such as ``3/10``.
    spec
        What is run.
    """

    name: str
    value: str
    spec: ModelSpec


@dataclass(frozen=True, slots=True)
class Spread:
    """How a figure differs from run to run.

    Attributes
    ----------
    mean, minimum, maximum
        Of the runs that have the figure.
    standard_deviation
        Of the sample, with n - 1; None for a single run.
    runs
        How many have it.
    """

    mean: float
    standard_deviation: float | None
    minimum: float
    maximum: float
    runs: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of at least one value."""
        deviation = statistics.stdev(values) if len(values) > 1 else None
        return cls(statistics.fmean(values), deviation, min(values), max(values), len(values))

    def facts(self) -> dict[str, Json]:
        """Return it for JSON."""
        return {
            "mean": self.mean,
            "standard_deviation": self.standard_deviation,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "runs": self.runs,
        }


class Series:
    """Runs of one spec below one directory, of which some may be there already.

    Parameters
    ----------
    directory
        Where the directories of the runs are.
    kind
        In which way they differ: by ``fold`` or by ``seed``.
    members
        The runs.
    """

    def __init__(
        self, directory: Path, kind: Literal["fold", "seed"], members: Sequence[Member]
    ) -> None:
        self.directory = directory
        self.kind: Literal["fold", "seed"] = kind
        self.members = members

    @property
    def file(self) -> Path:
        """The file with the results of all runs."""
        return self.directory / ("crossval.json" if self.kind == "fold" else "seeds.json")

    @contextmanager
    def opened(self) -> Generator[None]:
        """Make the directory and lock it while the context lasts; what fails at once leaves none.

        Raises
        ------
        UsageError
            If it holds anything but a series of this kind, or another series has it.
        FileError
            If it cannot be made.
        """
        existed = self.directory.exists()
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            ours = {LOCK, self.file.name, *(member.name for member in self.members)}
            foreign = sorted({path.name for path in self.directory.iterdir()} - ours)
        except OSError as error:
            raise FileError(f"{self.directory}: cannot be made: {error.strerror}") from error
        if foreign:
            raise UsageError(
                f"{self.directory}: expected a new or empty directory, or one with some of these "
                f"{len(self.members)} runs; found {foreign[0]}; choose another --out"
            )
        try:
            with RunDirectory(self.directory).locked():
                yield
        finally:
            with suppress(OSError):
                if {path.name for path in self.directory.iterdir()} <= {LOCK}:
                    (self.directory / LOCK).unlink(missing_ok=True)
                    if not existed:
                        self.directory.rmdir()

    def results(self) -> dict[str, RunResults]:
        """Return what there is of every run that was begun, by the names of members."""
        found: dict[str, RunResults] = {}
        for member in self.members:
            path = self.directory / member.name
            if path.exists():
                found[member.name] = RunResults.read(path)
        return found

    def carry_out(
        self, member: Member, callbacks: Sequence[Callback], interruption: Interruption
    ) -> RunResults:
        """Run a member, or what is left of it, and return its results; it may have diverged.

        Raises
        ------
        UsageError
            If its directory has the run of another spec, or one that cannot be resumed.
        LayerkitError
            What `run` and `resume` raise otherwise.
        """
        path = self.directory / member.name
        with suppress(DivergedError):
            if not path.exists():
                plan = plan_network(member.spec)
                run(plan, path, callbacks, interruption=interruption)
            elif self._is_left(member, path):
                resume(path, callbacks=callbacks, interruption=interruption)
        return RunResults.read(path)

    def _is_left(self, member: Member, path: Path) -> bool:
        """Tell whether there is something left of a run that was begun."""
        files = RunDirectory(path)
        stored = StoredRun.read(files)
        if to_toml(stored.spec) != to_toml(member.spec):
            raise UsageError(
                f"{path}: expected a run of this spec as it is now, found one of another; choose "
                "another --out"
            )
        if RunResults.read(path).status in DONE:
            return False
        if not files.checkpoints.steps():
            raise UsageError(
                f"{path}: expected a run that can be resumed, found one that ended before it "
                "saved a checkpoint; remove it, and the same command runs it again"
            )
        return True

    def write(self, source: str, results: Mapping[str, RunResults]) -> None:
        """Write what is known of all runs, in place of what was there."""
        runs: list[Json] = []
        for member in self.members:
            about: dict[str, Json] = {"status": "not begun"}
            if member.name in results:
                about = results[member.name].facts()
            own: Json = member.value if self.kind == "fold" else member.spec.seed
            runs.append({self.kind: own, **about, "directory": member.name, self.kind: own})
        facts: dict[str, Json] = {
            "spec": source,
            "runs": runs,
            "standard_deviation": "of the sample (n - 1)",
        }
        for part, spreads in spreads_of([*results.values()]).items():
            facts[part] = {name: spread.facts() for name, spread in spreads.items()}
        write_atomically(self.file, f"{json_text(facts, indent=2)}\n".encode())


def spreads_of(results: Sequence[RunResults]) -> dict[str, dict[str, Spread]]:
    """Return the spread of every figure over the runs that finished.

    Returns
    -------
    dict
        By ``"validation"`` (of the best epochs) and ``"test"``, and then by the figure's name.
    """
    finished = [each for each in results if each.status == "finished"]
    parts = {
        "validation": [each.validation for each in finished],
        "test": [each.test for each in finished],
    }
    return {
        part: {
            name: Spread.of([each[name] for each in figures if name in each])
            for name in dict.fromkeys(name for each in figures for name in each)
        }
        for part, figures in parts.items()
    }


def folds_of(spec: ModelSpec, folds: int) -> list[Member]:
    """Return a member for every fold of a spec's data."""
    digits = max(len(str(folds)), 2)
    return [
        Member(f"fold-{number:0{digits}}", str(fold), _with_fold(spec, fold))
        for number in range(1, folds + 1)
        for fold in [Fold(number=number, of=folds)]
    ]


def seeds_of(spec: ModelSpec, count: int) -> list[Member]:
    """Return a member for every seed from the spec's own on.

    Raises
    ------
    UsageError
        If there are not so many.
    """
    last = spec.seed + count - 1
    if last > MAX_SEED:
        raise UsageError(f"expected seeds up to {MAX_SEED}, found {last}; begin with a lower one")
    digits = len(str(last))
    return [
        Member(f"seed-{seed:0{digits}}", str(seed), spec.model_copy(update={"seed": seed}))
        for seed in range(spec.seed, last + 1)
    ]


def _with_fold(spec: ModelSpec, fold: Fold) -> ModelSpec:
    return spec.model_copy(update={"data": spec.data.model_copy(update={"fold": fold})})
