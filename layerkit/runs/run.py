"""A run: train a spec, and leave a directory that says what was run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Literal, final

from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.dataset import Splits
from layerkit.contracts.events import EpochEnded, TrainingStarted
from layerkit.engine.checkpoint import read_state
from layerkit.engine.data import check_batch, load_data, split
from layerkit.engine.in_memory import ArraysGiven, prepare
from layerkit.engine.network import Network
from layerkit.engine.starting import Start, read_start
from layerkit.engine.training import Result, train_network
from layerkit.errors import DivergedError, UsageError, described
from layerkit.interrupts import Interruption
from layerkit.plan.network import NetworkPlan, plan_network
from layerkit.runs.checkpoints import Checkpointer
from layerkit.runs.directory import RunDirectory
from layerkit.runs.fitting import check_memory, check_threads
from layerkit.runs.kept import BestWeights
from layerkit.runs.manifest import best_facts, data_facts, table_facts
from layerkit.runs.record import Record, StoredRun
from layerkit.runs.recovery import recover
from layerkit.spec.models import ModelSpec


def run(
    spec: ModelSpec | NetworkPlan | Mapping[str, object],
    directory: str | Path,
    callbacks: Sequence[Callback] = (),
    *,
    data: ArraysGiven | None = None,
    validation: ArraysGiven | float | None = None,
    test: ArraysGiven | float | None = None,
    interruption: Interruption | None = None,
) -> Result:
    """Do what `train` does, and write a run directory.

    An interrupted or diverged run leaves the files that it has written so far; one that fails
    before it trains leaves none.

    Parameters
    ----------
    spec
        What to run, or its plan; or the table of a spec.
    directory
        Where to write; must not exist yet, or be empty. See `RunDirectory` for what it gets.
    callbacks
        Called at every event.
    data, validation, test
        Arrays in place of the spec's data; see `train`.
    interruption
        What may end the run between two steps, with a checkpoint to resume from.

    Raises
    ------
    LayerkitError
        What `train` raises; UsageError if the directory holds anything, or another run has it, or
        the spec takes more memory or threads than this machine has.
    """
    plan, given = prepare(spec, data, validation, test)
    check_threads(plan)
    check_memory(plan)
    files, start = RunDirectory(Path(directory)), read_start(plan)
    with files.created():
        splits = load_data(plan) if given is None else given
        check_batch(plan, split(plan, splits).train)  # what cannot be leaves no directory behind
        record = Record.started(files, plan, splits, start)
        return _train(record, plan, splits, callbacks, interruption or Interruption(), start)


def resume(
    directory: str | Path,
    *,
    epochs: int | None = None,
    inexact: bool = False,
    callbacks: Sequence[Callback] = (),
    data: ArraysGiven | None = None,
    validation: ArraysGiven | float | None = None,
    test: ArraysGiven | float | None = None,
    interruption: Interruption | None = None,
) -> Result:
    """Continue a run from its last checkpoint; it ends in the same bits as without the break.

    Parameters
    ----------
    directory
        The run directory.
    epochs
        How many epochs the run is to have in all; by default as many as its spec says.
    inexact
        Whether to resume where other versions, another CPU or another number of threads may give
        other bits.
    callbacks, data, validation, test, interruption
        As those of `run`. Callbacks that keep state must be those that the run had; a run on arrays
        in memory needs the same arrays again.

    Raises
    ------
    UsageError
        If there is nothing to resume from, the run is finished, its spec was changed, or bits may
        differ.
    DataError
        If the data have changed, or every checkpoint is damaged; a damaged one is warned of
        where an older one is whole.
    LayerkitError
        What `train` raises.
    """
    files = RunDirectory(Path(directory))
    with files.locked():
        stored = StoredRun.read(files)
        plan, given = prepare(stored.spec_for(epochs), data, validation, test)
        check_memory(plan)
        checkpoint = recover(files)
        stored.check_environment(plan, inexact=inexact)
        splits = load_data(plan) if given is None else given
        stored.check_data(data_facts(splits))
        state = read_state(checkpoint)
        record = Record.resumed(files, plan, stored, state)
        ending = interruption or Interruption()
        return _train(record, plan, splits, callbacks, ending, None, checkpoint, state.history)


def _train(
    record: Record,
    plan: NetworkPlan,
    splits: Splits,
    callbacks: Sequence[Callback],
    interruption: Interruption,
    start: Start | None,
    resumed: Path | None = None,
    history: Sequence[EpochEnded] = (),
) -> Result:
    """Train with a record of it; signals wait until all is saved."""
    files, policy = record.directory, plan.spec.checkpoints
    own: list[Callback] = [_HistoryFile(files), record.finite]
    if policy.best:
        record.best = BestWeights(files, plan, callbacks, history)
        own.append(record.best)
    own += [_Beginning(record)] if record.is_resumed else []
    own.append(Checkpointer(files.checkpoints, policy, interruption, record.write_best))
    with interruption.until_saved():
        try:
            if not record.is_resumed:
                record.begin()
            record.network = network = Network(plan)
            if start is not None:
                start.into(network)
            result = train_network(
                network,
                splits,
                [*callbacks, *own],
                files.path,
                resumed,
                partial(_last_checkpoint, record),
            )
        except BaseException as error:
            interruption.is_awaited = True  # what arrives now waits
            if record.has_begun:
                record.close(_status(error), diverged=isinstance(error, DivergedError))
            raise
        if result.paused and interruption.error is not None:
            record.close(_status(interruption.error))
            raise interruption.error
        files.checkpoints.remove_old(policy.keep)
        record.note(
            epochs=len(result.history),
            stopped_early=result.stopped_early,
            best=None if result.best is None else best_facts(result.best),
            test={**result.test},
            test_tables={name: table_facts(table) for name, table in result.tables.items()},
        )
        record.close("paused" if result.paused else "finished")
        return result


def _last_checkpoint(record: Record, step: int) -> Path:
    """Return where the last state is saved, once the weights of the best epoch are."""
    record.write_best()
    return record.directory.checkpoints.after_step(step)


def _status(error: BaseException) -> str:
    return "Interrupted" if isinstance(error, KeyboardInterrupt) else described(error)


def load(directory: str | Path, which: Literal["last", "best"] = "last") -> Network:
    """Return the trained network of a run directory; needs none of the data it was trained on.

    Parameters
    ----------
    directory
        Of the run.
    which
        ``"last"`` for the weights that training ended with, ``"best"`` for those of the best epoch,
        also of a run that was interrupted or that diverged.

    Raises
    ------
    UsageError
        If the run kept no weights of a best epoch.
    FileError, DataError, SpecError
        If the directory lacks something, or its files do not belong together.
    """
    if which not in {"last", "best"}:
        raise UsageError(f"which: expected 'last' or 'best', found {which!r}")
    files = RunDirectory(Path(directory))
    network = Network(plan_network(files.read_spec(), info=files.read_info()))
    if which == "best":
        files.load_best(network.arrays)
    else:
        files.load_weights(network.arrays)
    return network


@final
class _Beginning(Callback):
    """Begins the record of a resumed run once its state is restored: a refusal changes no file."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._record.begin()


@final
class _HistoryFile(Callback):
    """Adds every epoch to the history."""

    def __init__(self, directory: RunDirectory) -> None:
        self._directory = directory

    def epoch_ended(self, event: EpochEnded) -> None:
        self._directory.append_history(event)
