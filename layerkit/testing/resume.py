"""Runs that are ended after every step, and resumed: all must end in the same bits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import final

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.dataset import Examples, Splits
from layerkit.contracts.events import EpochEnded, StepEnded, TrainingEnded, TrainingStarted
from layerkit.engine.checkpoint import read_state
from layerkit.engine.data import Part, load_data, split
from layerkit.engine.network import Network
from layerkit.engine.training import train_network
from layerkit.plan.network import NetworkPlan, as_spec, plan_network
from layerkit.spec.loading import load_spec
from layerkit.spec.models import ModelSpec
from layerkit.testing.ends import End, difference, numbers_apart

STEPS = 50
"""Steps of the short copy, at least."""
EPOCHS = 5
"""Epochs of the short copy; more where an epoch of the data has fewer than a fifth of the steps."""
MOST_VALIDATED = 256
"""Validation examples of the short copy, at most."""
MOST_IN_FULL_BATCH = 1024
"""Training examples of the short copy where all of them are one batch, at most."""
NOTHING_SET_ASIDE: Mapping[str, object] = {
    "validation": 0,
    "test": 0,
    "stratify": False,
    "fold": None,
}
"""The options of a dataset whose parts are given as they are."""


def check_resume(
    spec: ModelSpec | Mapping[str, object] | str | Path, *, steps: int | None = None
) -> int:
    """Check that a run ends in the same bits wherever it is interrupted and resumed.

    Trains a short copy of the spec: five epochs, or more of small data, on as few examples as give
    the number of steps, from the spec's seed and not from another run's weights. It is resumed
    after every step and after the end of every epoch, each time from a checkpoint that a resumed
    run has saved, so that most epochs are interrupted many times. Every time the whole rest is
    trained, and compared with a run that nothing interrupted: parameters, layers' state, the
    optimizer's slots, what components remember, and the history, but for times.

    Parameters
    ----------
    spec
        What to train: a spec, its table, or the path of its file.
    steps
        How many steps the short copy has, at least; by default 50. The work grows with its square.

    Returns
    -------
    int
        How many times the run was resumed.

    Raises
    ------
    AssertionError
        Names the step after which the run was resumed, and the first array or figure that differs;
        or says that two runs differ that nothing interrupted.
    LayerkitError
        If the spec cannot be trained.
    """
    own = load_spec(spec) if isinstance(spec, str | Path) else as_spec(spec)
    plan, splits = short_copy(own, STEPS if steps is None else steps)
    restarts = 0
    with TemporaryDirectory(prefix="layerkit-") as directory:
        now, following, ending = (Path(directory) / name for name in ("now", "following", "end"))
        expected = _trained(plan, splits, _Saver(following, ending))
        saver = _Saver(following, ending)
        again = _trained(plan, splits, saver)
        ignored = numbers_apart(expected, again)
        _expect_same("two runs that nothing interrupted end alike", expected, again, ignored)
        while saver.saved:
            after = saver.saved
            following.replace(now)
            saver = _Saver(following, ending)
            found = _trained(plan, splits, saver, now)
            restarts += 1
            _expect_same(f"resumed after {after}", expected, found, ignored)
    return restarts


def short_copy(spec: ModelSpec, steps: int) -> tuple[NetworkPlan, Splits]:
    """Return the plan and the data of a run of about so many steps, otherwise like a spec's.

    Raises
    ------
    LayerkitError
        If the data cannot be read.
    """
    plan = plan_network(spec)
    train, validation, _ = split(plan, load_data(plan))
    batch, available = spec.training.batch_size, len(train)
    if batch == "full":
        per_epoch, rows = 1, min(available, MOST_IN_FULL_BATCH)
    else:
        per_epoch = max(1, min(-(-available // batch), max(2, -(-steps // EPOCHS))))
        rows = min(available, (per_epoch - 1) * batch + (available % batch or batch))
    fewer = _examples(train, rows)
    validated = min(len(validation), MOST_VALIDATED)
    splits = Splits(fewer, None, _examples(validation, validated) if validated else None)
    epochs = max(2, -(-steps // per_epoch))
    training = spec.training.model_copy(update={"epochs": epochs, "start_from": None})
    data = spec.data.model_copy(update=NOTHING_SET_ASIDE)
    copy = spec.model_copy(update={"training": training, "data": data})
    info = replace(plan.info, train=rows, test=0, validation=validated)
    return plan_network(copy, info=info), splits


def _examples(part: Part, count: int) -> Examples:
    """Return some of the examples of a part, from all over it: they may be sorted by class."""
    rows = part.rows[np.linspace(0, len(part) - 1, count).round().astype(np.int64)]
    examples = part.examples
    weights = None if examples.weights is None else examples.weights[rows]
    return Examples(examples.inputs[rows], examples.targets[rows], weights)


@final
class _Saver(Callback):
    """Saves a run at its first event, and at its end.

    Parameters
    ----------
    first, ending
        Where to.

    Attributes
    ----------
    saved
        After what it was saved; empty until then.
    ending
        Where the end is.
    """

    def __init__(self, first: Path, ending: Path) -> None:
        self._first = first
        self.ending = ending
        self.saved = ""
        self._run: Run | None = None

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run

    def step_ended(self, event: StepEnded) -> None:
        self._save(f"step {event.step}")

    def epoch_ended(self, event: EpochEnded) -> None:
        self._save(f"the end of epoch {event.epoch}")

    def training_ended(self, event: TrainingEnded) -> None:
        if self._run is not None:
            self._run.save(self.ending)

    def _save(self, after: str) -> None:
        if self._run is not None and not self.saved:
            self.saved = after
            self._run.save(self._first)


def _trained(plan: NetworkPlan, splits: Splits, saver: _Saver, resumed: Path | None = None) -> End:
    """Train to the end, from the beginning or from a saved state."""
    network = Network(plan)
    train_network(network, splits, [saver], resumed=resumed)
    arrays: dict[str, Array] = {path: each.copy() for path, each in network.arrays.items()}
    return End(arrays, read_state(saver.ending))


def _expect_same(claim: str, expected: End, found: End, ignored: frozenset[str]) -> None:
    differs = difference(expected, found, ignored)
    if differs:
        raise AssertionError(f"check_resume: {claim}: {differs}")
