"""What a run writes down of itself while it goes on, and what a resumed run reads of that."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from layerkit.arrays import all_finite
from layerkit.contracts.dataset import Splits
from layerkit.contracts.events import EpochEnded
from layerkit.engine.checkpoint import TrainingState
from layerkit.engine.network import Network
from layerkit.engine.starting import Start
from layerkit.errors import DataError, FileError, UsageError, described
from layerkit.plan.network import NetworkPlan
from layerkit.runs.directory import RunDirectory, spec_digest
from layerkit.runs.kept import BestWeights, FiniteWeights
from layerkit.runs.manifest import Json, data_facts, kernel_facts, start_facts, starting_facts
from layerkit.spec.models import ModelSpec
from layerkit.values import is_list, is_table

BITS_DEPEND_ON = ("environment", "distributions", "threads")
"""The facts in a manifest that the bits of a result depend on, beside spec and data."""
_HARMLESS = ("python", "platform")
_SPEC = "spec_sha256"
_NEXT_SPEC = "next_spec_sha256"


class Record:
    """The manifest of a run under way.

    Parameters
    ----------
    directory
        Where it is written.
    spec
        What is run.
    facts
        What is known so far.
    history
        Every epoch before the run was resumed.
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
    is_resumed
        Whether the run goes on, rather than being new.
    has_begun
        Whether anything has been written.
    """

    def __init__(
        self,
        directory: RunDirectory,
        spec: ModelSpec,
        facts: dict[str, Json],
        history: Sequence[EpochEnded] = (),
        seconds: float = 0.0,
    ) -> None:
        self.directory = directory
        self.network: Network | None = None
        self.best: BestWeights | None = None
        self.finite: FiniteWeights = FiniteWeights()
        self.is_resumed: bool = _SPEC in facts
        self.has_begun: bool = False
        self._spec = spec
        self._history = history
        self._start = time.perf_counter() - seconds
        self._facts = facts

    @classmethod
    def started(
        cls, directory: RunDirectory, plan: NetworkPlan, splits: Splits, start: Start | None
    ) -> Self:
        """Return the record of a new run."""
        facts = starting_facts(plan)
        if start is not None:
            facts["start_from"] = start_facts(start)
        return cls(directory, plan.spec, {**facts, "data": data_facts(splits)})

    @classmethod
    def resumed(
        cls, directory: RunDirectory, plan: NetworkPlan, stored: StoredRun, state: TrainingState
    ) -> Self:
        """Return the record of a run that goes on; its history ends where its checkpoint is."""
        facts = {**starting_facts(plan), _SPEC: directory.spec_sha256()}
        kept = ("started", "data", "start_from", "model_sha256", "model_after_step")
        facts |= {name: stored.fact(name) for name in kept if name in stored.manifest}
        step = state.numbers["progress"]["step"]
        before = stored.fact("resumed_after_steps")
        steps: list[Json] = [*before] if isinstance(before, list) else []
        if isinstance(step, int):
            steps.append(step)
        facts["resumed_after_steps"] = steps
        seconds = stored.fact("seconds")
        before_resumed = seconds if isinstance(seconds, float | int) else 0.0
        return cls(directory, plan.spec, facts, state.history, before_resumed)

    def begin(self) -> None:
        """Write what is known of a run before it trains.

        Where another spec takes the place of one, the manifest has the digests of both meanwhile:
        wherever this is killed, the run can be resumed again.
        """
        self.has_begun = True
        digest = spec_digest(self._spec)
        if self.is_resumed:
            self.note(**{_NEXT_SPEC: digest})
        self.directory.write_history(self._history)
        self.directory.write_spec(self._spec)
        self._facts.pop(_NEXT_SPEC, None)
        self.note(**{_SPEC: digest})

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
        try:
            self.write_best()
            self._save_network(diverged=diverged)
            self.directory.sync_history()
        except FileError as error:
            with suppress(FileError):  # the same disk may be full for it too
                self._end(described(error))
            raise
        self._end(status)

    def _save_network(self, *, diverged: bool) -> None:
        if self.network is None:
            return
        self._facts["kernels"] = kernel_facts(self.network.plan.kernels)
        arrays, step = self.network.arrays, self.finite.last_step
        if not all_finite(arrays.values()):
            arrays, step = self.finite.arrays, self.finite.step
        if arrays:
            self._facts["model_sha256"] = self.directory.save_weights(arrays)
            self._facts.pop("model_after_step", None)
            if diverged:
                self._facts["model_after_step"] = step

    def _end(self, status: str) -> None:
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
        if not directory.has_begun:
            raise UsageError(
                f"{directory.path}: expected a run to resume, found none: no run was there, or it "
                "ended before it trained; run its spec again"
            )
        manifest = directory.read_manifest()
        known = (manifest.get(_SPEC), manifest.get(_NEXT_SPEC))
        if directory.spec_sha256() not in known:
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
