"""A whole training: load the data, train the network, test it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from layerkit.arrays import Array
from layerkit.contracts.callback import Callback
from layerkit.contracts.dataset import Splits
from layerkit.contracts.events import EpochEnded
from layerkit.contracts.figures import BestEpoch
from layerkit.elsewhere import no_attribute
from layerkit.engine.best import best_of
from layerkit.engine.data import load_data, part_to_test_on
from layerkit.engine.divergence import check_figures
from layerkit.engine.evaluation import Evaluation, Evaluator
from layerkit.engine.in_memory import ArraysGiven, prepare
from layerkit.engine.network import Network
from layerkit.engine.starting import started
from layerkit.engine.trainer import Trainer
from layerkit.engine.workers import threads_for
from layerkit.guard import component_errors
from layerkit.plan.network import NetworkPlan
from layerkit.spec.models import ModelSpec


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
    tables
        What metrics found on the test examples beside figures, such as a confusion matrix.
    stopped_early
        Whether early stopping ended training.
    best
        The epoch that early stopping found best; without it, that of the lowest validation loss.
        None without validation examples.
    paused
        Whether the run ended before its time, to be resumed; nothing was tested then.
    """

    network: Network
    history: tuple[EpochEnded, ...]
    test: Mapping[str, float]
    tables: Mapping[str, Array]
    stopped_early: bool
    best: BestEpoch | None
    paused: bool = False

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> None:
            """Say what stands for the words of other libraries."""
            raise no_attribute(self, name)


def train(
    spec: ModelSpec | NetworkPlan | Mapping[str, object],
    callbacks: Sequence[Callback] = (),
    *,
    data: ArraysGiven | None = None,
    validation: ArraysGiven | float | None = None,
    test: ArraysGiven | float | None = None,
) -> Result:
    """Train the network of a spec on the spec's data, or on arrays, and test it; write nothing.

    Parameters
    ----------
    spec
        What to train, or its plan; or the table of a spec.
    callbacks
        Called at every event.
    data
        Arrays to train on in place of the spec's data: inputs and targets, and weights of the
        examples, if they differ. Integers, booleans or text as targets are classes.
    validation, test
        Arrays to validate and test on; or how many of the examples to set aside for it, or which
        fraction of them. By default what the spec says.

    Raises
    ------
    LayerkitError
        SpecError, DataError, FileError or DivergedError, as the case is.
    """
    plan, splits = prepare(spec, data, validation, test)
    return train_network(started(plan), load_data(plan) if splits is None else splits, callbacks)


@component_errors()
def train_network(
    network: Network,
    splits: Splits,
    callbacks: Sequence[Callback] = (),
    directory: Path | None = None,
    resumed: Path | None = None,
    last: Callable[[int], Path] | None = None,
) -> Result:
    """Train a network on data that are loaded, as its spec says, and test it.

    Parameters
    ----------
    network, splits
        What to train, and on what.
    callbacks
        Called at every event.
    directory
        The run directory, if there is one; callbacks may write to it.
    resumed
        The saved state to resume from, if any.
    last
        Returns where to save the state once the last epoch has ended, with that many steps.
    """
    with threads_for(network.plan.threads) as workers:
        trainer = Trainer(network, splits, callbacks, workers, directory, last)
        if resumed is not None:
            trainer.resume(resumed)
        history = trainer.train()
        test = Evaluation()
        tested = None if history.paused else part_to_test_on(network.plan, splits)
        if tested is not None:
            test = Evaluator(network, tested, workers).evaluate()
            check_figures(test.figures, "test", "after training", network, tested)
    best = best_of(history.epochs, network.plan, callbacks)
    return Result(
        network,
        history.epochs,
        test.figures,
        test.tables,
        history.stopped_early,
        best,
        history.paused,
    )
