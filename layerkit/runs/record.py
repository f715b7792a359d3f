"""What a run writes down of itself while it goes on, and what a resumed run reads of that."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Self

from layerkit.arrays import all_finite
from layerkit.contracts.dataset import Splits
from layerkit.engine.checkpoint import TrainingState
from layerkit.engine.network import Network
from layerkit.engine.starting import Start
from layerkit.errors import DataError, UsageError
from layerkit.plan.network import NetworkPlan
from layerkit.runs.directory import RunDirectory
from layerkit.runs.kept import BestWeights, FiniteWeights
from layerkit.runs.manifest import Json, data_facts, kernel_facts, start_facts, starting_facts
from layerkit.spec.models import ModelSpec
from layerkit.values import is_list, is_table

BITS_DEPEND_ON = ("environment", "distributions", "threads")
"""The facts in a manifest that the bits of a result depend on, beside spec and data."""
_HARMLESS = ("python", "platform")


class Record:
    """The manifest of a run under way.

    Parameters
    ----------
    directory
        Where it is written.
    facts
        What is known so far.
    seconds
        How long the run took before it was resumed.

    Attributes
    ----------
    directory
        Where it is written.
    network
        What is trained, once there is one.
    best
        The weights of the best epoch, if the run keeps them.
    finite
        The last finite weights.
    """

    def __init__(
        self, directory: RunDirectory, facts: dict[str, Json], seconds: float = 0.0
    ) -> None:
        self.directory = directory
        self.network: Network | None = None
        self.best: BestWeights | None = None
        self.finite = FiniteWeights()
        self._start = time.perf_counter() - seconds
        self._facts = facts
        self.note()

    @classmethod
    def started(
        cls, directory: RunDirectory, plan: NetworkPlan, splits: Splits, start: Start | None
    ) -> Self:
        """Write what is known of a run before it trains."""
        directory.write_spec(plan.spec)
        directory.write_history([])
        facts = {**starting_facts(plan), "spec_sha256": directory.spec_sha256()}
        if start is not None:
            facts["start_from"] = start_facts(start)
        return cls(directory, {**facts, "data": data_facts(splits)})

    @classmethod
    def resumed(
        cls, directory: RunDirectory, plan: NetworkPlan, stored: StoredRun, state: TrainingState
    ) -> Self:
        """Write that a run is under way again; its history ends where its checkpoint was made."""
        directory.write_history(state.history)
        directory.write_spec(plan.spec)
        facts = {**starting_facts(plan), "spec_sha256": directory.spec_sha256()}
        kept = ("started", "data", "start_from")
        facts |= {name: stored.fact(name) for name in kept if name in stored.manifest}
        step = state.numbers["progress"]["step"]
        before = stored.fact("resumed_after_steps")
        steps: list[Json] = [*before] if isinstance(before, list) else []
        if isinstance(step, int):
            steps.append(step)
        facts["resumed_after_steps"] = steps
        seconds = stored.fact("seconds")
        return cls(directory, facts, seconds if isinstance(seconds, float | int) else 0.0)

    def note(self, **facts: Json) -> None:
        """Add facts to the manifest."""
        self._facts.update(facts)
        self.directory.write_manifest(self._facts)

    def write_best(self) -> None:
        """Write the weights of the best epoch, if the run keeps them and they are new."""
        if self.best is not None:
            self.best.write()

    def close(self, status: str, *, diverged: bool = False) -> None:
        """Save the network, or the last finite weights that it had; say how the run ended.

        Of a run that diverged, the manifest says after which step the network had these weights.
        """
        self.write_best()
        if self.network is not None:
            self._facts["kernels"] = kernel_facts(self.network.plan.kernels)
            arrays = self.network.arrays
            step = self.finite.last_step
            if not all_finite(arrays.values()):
                arrays, step = self.finite.arrays, self.finite.step
            if arrays:
                self._facts["model_sha256"] = self.directory.save_weights(arrays)
                if diverged:
                    self._facts["model_after_step"] = step
        self.note(status=status, seconds=round(time.perf_counter() - self._start, 3))


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as its directory has it.

    Attributes
    ----------
    directory
        Where it is.
    spec
        What was run.
    manifest
        What was written down of it.
    """

    directory: RunDirectory
    spec: ModelSpec
    manifest: dict[str, object]

    @classmethod
    def read(cls, directory: RunDirectory) -> Self:
        """Return a run.

        Raises
        ------
        FileError, DataError, SpecError
            If its files cannot be read.
        UsageError
            If its spec has been changed since.
        """
        manifest = directory.read_manifest()
        if manifest.get("spec_sha256") != directory.spec_sha256():
            raise UsageError(
                f"{directory.path}: expected the spec that the run was started with, found it "
                "changed; put it back, or run it in a new directory"
            )
        return cls(directory, directory.read_spec(), manifest)

    def fact(self, name: str) -> Json:
        """Return a fact of the manifest, None if it is not there."""
        return _as_json(self.manifest.get(name))

    def spec_for(self, epochs: int | None) -> ModelSpec:
        """Return the spec to go on with.

        Raises
        ------
        UsageError
            If there is nothing left to do.
        """
        planned, path = self.spec.training.epochs, self.directory.path
        if epochs is None:
            if self.manifest.get("status") == "finished":
                raise UsageError(
                    f"{path}: expected a run that was interrupted, found one that is finished; "
                    f"'--epochs N' with N above {planned} trains it further"
                )
            return self.spec
        if epochs < planned or (epochs == planned and self.manifest.get("status") == "finished"):
            raise UsageError(f"{path}: expected more epochs than the run's {planned}, got {epochs}")
        training = self.spec.training.model_copy(update={"epochs": epochs})
        return self.spec.model_copy(update={"training": training})

    def check_environment(self, plan: NetworkPlan, *, inexact: bool) -> None:
        """Check that the same bits can be expected here.

        Raises
        ------
        UsageError
            If not, and ``inexact`` is not set; says what differs.
        """
        now = starting_facts(plan)
        differences = [
            difference
            for name in BITS_DEPEND_ON
            for difference in _differences(name, self.manifest.get(name), now[name])
        ]
        if differences and not inexact:
            raise UsageError(
                f"{self.directory.path}: a resumed run may end in other bits here: "
                f"{'; '.join(differences)}; '--inexact' resumes all the same"
            )

    def check_data(self, facts: dict[str, Json]) -> None:
        """Check that the data are those of the run.

        Raises
        ------
        DataError
            If they are not.
        """
        if self.manifest.get("data") != facts:
            raise DataError(
                f"{self.directory.path}: expected the data that the run was started with, found "
                "others (their checksum differs)"
            )


def _differences(name: str, before: object, now: object) -> list[str]:
    """Return how two facts differ, those inside them each by itself."""
    if is_table(before) and is_table(now):
        names = [key for key in {**before, **now} if key not in _HARMLESS]
        return [
            difference
            for key in names
            for difference in _differences(key, before.get(key), now.get(key))
        ]
    if before == now:
        return []
    return [f"{name} was {_shown(before)}, is {_shown(now)}"]


def _shown(fact: object) -> str:
    if is_list(fact) and all(isinstance(each, str) for each in fact):
        return ", ".join(map(str, fact)) or "none"
    return "not there" if fact is None else str(fact)


def _as_json(value: object) -> Json:
    """Return a value that was read from JSON, with its type."""
    if is_table(value):
        return {name: _as_json(each) for name, each in value.items()}
    if is_list(value):
        return [_as_json(each) for each in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"expected what JSON has, found {type(value).__name__}")
