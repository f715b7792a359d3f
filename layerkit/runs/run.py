"""A run: train a spec, and leave a directory that says what was run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import final

from layerkit.contracts.callback import Callback
from layerkit.contracts.events import EpochEnded
from layerkit.engine.data import load_data
from layerkit.engine.network import Network
from layerkit.engine.training import Result, train_network
from layerkit.errors import described
from layerkit.plan.network import NetworkPlan, as_plan, plan_network
from layerkit.runs.directory import RunDirectory
from layerkit.runs.manifest import (
    Json,
    best_facts,
    data_facts,
    kernel_facts,
    starting_facts,
    table_facts,
)
from layerkit.spec.models import ModelSpec


def run(
    spec: ModelSpec | NetworkPlan,
    directory: str | Path,
    callbacks: Sequence[Callback] = (),
) -> Result:
    """Do what `train` does, and write a run directory.

    An interrupted or diverged run leaves the files that it has written so far.

    Parameters
    ----------
    spec
        What to run, or its plan.
    directory
        Where to write; must not exist yet, or be empty. See `RunDirectory` for what it gets.
    callbacks
        Called at every event.

    Raises
    ------
    LayerkitError
        What `train` raises; UsageError if the directory holds anything.
    """
    plan = as_plan(spec)
    record = _Record(RunDirectory.create(Path(directory)), plan)
    try:
        splits = load_data(plan)
        record.note(data=data_facts(splits))
        record.network = network = Network(plan)
        result = train_network(
            network, splits, [*callbacks, _HistoryFile(record.directory)], record.directory.path
        )
    except BaseException as error:
        record.close("Interrupted" if isinstance(error, KeyboardInterrupt) else described(error))
        raise
    record.note(
        epochs=len(result.history),
        stopped_early=result.stopped_early,
        best=None if result.best is None else best_facts(result.best),
        test={**result.test},
        test_tables={name: table_facts(table) for name, table in result.tables.items()},
    )
    record.close("finished")
    return result


def load_run(directory: str | Path) -> Network:
    """Return the trained network of a run directory; needs none of the data it was trained on.

    Raises
    ------
    FileError, DataError, SpecError
        If the directory lacks something, or its files do not belong together.
    """
    files = RunDirectory(Path(directory))
    network = Network(plan_network(files.read_spec(), info=files.read_info()))
    files.load_weights(network.arrays)
    return network


@final
class _HistoryFile(Callback):
    """Adds every epoch to the history."""

    def __init__(self, directory: RunDirectory) -> None:
        self._directory = directory

    def epoch_ended(self, event: EpochEnded) -> None:
        self._directory.append_history(event)


class _Record:
    """What is written down while a run goes on."""

    def __init__(self, directory: RunDirectory, plan: NetworkPlan) -> None:
        self.directory = directory
        self.network: Network | None = None
        self._start = time.perf_counter()
        self._manifest = starting_facts(plan)
        directory.write_spec(plan.spec)
        directory.start_history()
        self.note()

    def note(self, **facts: Json) -> None:
        """Add facts to the manifest."""
        self._manifest.update(facts)
        self.directory.write_manifest(self._manifest)

    def close(self, status: str) -> None:
        """Save the network, if there is one, and say how the run ended."""
        if self.network is not None:
            self._manifest["kernels"] = kernel_facts(self.network.plan.kernels)
            self._manifest["model_sha256"] = self.directory.save_weights(self.network.arrays)
        self.note(status=status, seconds=round(time.perf_counter() - self._start, 3))
