"""A whole run: load the data, train, test, and leave a directory that says it all."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import final

from layerkit.contracts import (
    Callback,
    CallbackConfig,
    Dataset,
    DatasetConfig,
    EpochEnded,
    Splits,
)
from layerkit.engine.evaluation import Evaluator
from layerkit.engine.manifest import Json, data_record, distributions, environment
from layerkit.engine.network import Network
from layerkit.engine.parallelism import at_work, parallelism_of
from layerkit.engine.training import Outcome, Trainer
from layerkit.engine.weights import load_arrays, save_arrays, write_atomically
from layerkit.errors import DataError, FileError, UsageError
from layerkit.registry import installed
from layerkit.spec.dumping import to_toml
from layerkit.spec.loading import load_spec
from layerkit.spec.models import ModelSpec
from layerkit.spec.plan import SpecPlan, plan_spec

SPEC, MANIFEST, HISTORY, WEIGHTS = (
    "spec.toml",
    "manifest.json",
    "history.jsonl",
    "model.safetensors",
)


@dataclass(frozen=True, slots=True)
class Result:
    """A trained network and how it came about.

    Attributes
    ----------
    network
        As training left it.
    history
        Every epoch.
    test
        ``loss`` and metrics on the test examples; empty if the data have none.
    stopped_early
        Whether early stopping ended training.
    """

    network: Network
    history: tuple[EpochEnded, ...]
    test: Mapping[str, float]
    stopped_early: bool


def build(spec: ModelSpec) -> Network:
    """Return the network of a spec, initialised from its seed; reads no data.

    Raises
    ------
    SpecError
        If shapes do not fit; see `plan_spec`.
    """
    return Network(plan_spec(spec))


def load_data(plan: SpecPlan) -> Splits:
    """Return the data of a planned spec.

    Raises
    ------
    DataError
        If they are damaged, or not what the plan was made for.
    """
    config = plan.spec.data
    splits = Dataset[DatasetConfig].class_for(config)(config).load()
    for examples in (splits.train, splits.test):
        if examples is not None and examples.inputs.shape[1:] != plan.info.input_shape:
            raise DataError(
                f"data: expected examples of shape {plan.info.input_shape}, "
                f"found {examples.inputs.shape[1:]}"
            )
    return splits


def train(spec: ModelSpec, callbacks: Sequence[Callback[CallbackConfig]] = ()) -> Result:
    """Load the spec's data, train its network, test it; write nothing.

    Raises
    ------
    LayerkitError
        SpecError, DataError, FileError or DivergedError, as the case is.
    """
    plan = plan_spec(spec)
    return _train(Network(plan), load_data(plan), callbacks)


def run(
    spec: ModelSpec, directory: str | Path, callbacks: Sequence[Callback[CallbackConfig]] = ()
) -> Result:
    """Do what `train` does, and write a run directory.

    The directory gets ``spec.toml`` (every default written), ``manifest.json`` (versions, data,
    results), ``history.jsonl`` (a line an epoch) and ``model.safetensors``. An interrupted or
    diverged run leaves what it had.

    Parameters
    ----------
    spec
        What to run.
    directory
        Where to write; must not exist yet, or be empty.
    callbacks
        Told of every event.

    Raises
    ------
    LayerkitError
        What `train` raises; UsageError if the directory holds anything.
    """
    plan = plan_spec(spec)
    record = _Record(Path(directory), spec)
    try:
        record.note(parallelism=asdict(parallelism_of(plan)))
        splits = load_data(plan)
        record.note(data=data_record(splits))
        network = Network(plan)
        record.network = network
        result = _train(network, splits, [*callbacks, record.history])
    except BaseException as error:
        record.close(f"{type(error).__name__}: {error}".rstrip(": "))
        raise
    record.note(
        epochs=len(result.history), stopped_early=result.stopped_early, test={**result.test}
    )
    record.close("finished")
    return result


def load_run(directory: str | Path) -> Network:
    """Return the trained network of a run directory.

    Raises
    ------
    FileError, DataError, SpecError
        If the directory lacks something, or its files do not belong together.
    """
    network = build(load_spec(Path(directory) / SPEC))
    load_arrays(Path(directory) / WEIGHTS, network.arrays)
    return network


def _train(
    network: Network, splits: Splits, callbacks: Sequence[Callback[CallbackConfig]]
) -> Result:
    with at_work(parallelism_of(network.plan)) as crew:
        outcome: Outcome = Trainer(network, splits, callbacks, crew).train()
        test: Mapping[str, float] = {}
        if splits.test is not None:
            test = Evaluator(network, splits.test, crew=crew).evaluate()
    return Result(network, outcome.history, test, outcome.stopped_early)


@final
class _HistoryFile(Callback[CallbackConfig]):
    """Adds a line of JSON for every epoch."""

    def __init__(self, path: Path) -> None:
        super().__init__(CallbackConfig())
        self._path = path

    def epoch_ended(self, event: EpochEnded) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(event)) + "\n")


class _Record:
    """The run directory while the run goes on."""

    def __init__(self, directory: Path, spec: ModelSpec) -> None:
        self.directory = directory
        self.network: Network | None = None
        self.history = _HistoryFile(directory / HISTORY)
        self._start = time.perf_counter()
        self._manifest: dict[str, Json] = {
            "status": "running",
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "seed": spec.seed,
            "environment": environment(),
            "distributions": distributions(spec, installed()),
        }
        _claim(directory)
        write_atomically(directory / SPEC, to_toml(spec).encode())
        write_atomically(directory / HISTORY, b"")
        self.note()

    def note(self, **facts: Json) -> None:
        """Add facts to the manifest."""
        self._manifest.update(facts)
        text = json.dumps(self._manifest, indent=2) + "\n"
        write_atomically(self.directory / MANIFEST, text.encode())

    def close(self, status: str) -> None:
        """Save the network, if there is one, and say how the run ended."""
        if self.network is not None:
            content = save_arrays(self.directory / WEIGHTS, self.network.arrays)
            self._manifest["model_sha256"] = hashlib.sha256(content).hexdigest()
        self.note(status=status, seconds=round(time.perf_counter() - self._start, 3))


def _claim(directory: Path) -> None:
    """Make a directory to write to, without touching what somebody else wrote."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise UsageError(
                f"{directory}: expected a new or empty directory for the run; choose another --out"
            )
    except OSError as error:
        raise FileError(f"{directory}: cannot be made: {error.strerror}") from error
