from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Literal, final

import pytest

from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import EpochEnded, StepEnded, TrainingStarted
from layerkit.errors import DataError, DivergedError, UsageError
from layerkit.formats.checked_json import with_checksum
from layerkit.interrupts import Interrupted, Interruption
from layerkit.runs.directory import RunDirectory
from layerkit.runs.run import load, resume, run
from layerkit.spec.models import ModelSpec
from tests.engine.resuming import bits
from tests.helpers.specs import small_spec

WORSE = (
    'layers.1={type = "residual", layers = ["batch_norm", {type = "dropout", rate = 0.3}]}',
    'optimizer={type = "sgd", learning_rate = 0.5}',
    "training={epochs = 5, batch_size = 20}",
    "data.spread=0.6",
    "seed=0",
)
"""Its third epoch is the best of five, as a test sees."""

BEST = 3


def spec(*changes: str) -> ModelSpec:
    return small_spec(*WORSE, *changes)


@final
class Epochs(Callback):
    """Copies the weights of every epoch; may ask for the end of the run after some step."""

    def __init__(self, interruption: Interruption | None = None, step: int = 0) -> None:
        self.weights: dict[int, dict[str, bytes]] = {}
        self._interruption = interruption
        self._step = step
        self._run: Run | None = None

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run

    def step_ended(self, event: StepEnded) -> None:
        if self._interruption is not None and event.step == self._step:
            self._interruption.request(Interrupted())

    def epoch_ended(self, event: EpochEnded) -> None:
        if self._run is not None:
            self.weights[event.epoch] = bits(self._run.arrays)


def best_of(directory: Path) -> dict[str, bytes]:
    return bits(load(directory, "best").arrays)


def test_the_best_epoch_is_kept_beside_the_last(tmp_path: Path) -> None:
    epochs = Epochs()
    result = run(spec(), tmp_path, [epochs])
    assert result.best is not None
    assert result.best.epoch == BEST
    assert best_of(tmp_path) == epochs.weights[BEST]
    assert bits(load(tmp_path).arrays) == bits(result.network.arrays) == epochs.weights[5]
    assert bits(load(tmp_path, "last").arrays) == epochs.weights[5]


def test_early_stopping_says_which_epoch_is_the_best_and_averages_count(tmp_path: Path) -> None:
    stopping = "training.early_stopping={monitor='accuracy', min_delta=0.9}"
    averaging = "callbacks=[{type='average_weights', decay=0.5}]"
    epochs = Epochs()
    result = run(spec(stopping, averaging), tmp_path, [epochs])
    assert result.best is not None
    assert result.best.epoch == 1
    assert best_of(tmp_path) == epochs.weights[1] == bits(result.network.arrays)


@pytest.mark.parametrize("stopping", ["{}", "{restore_best=false}"])
def test_an_interrupted_run_has_its_best_epoch_and_resumed_it_has_the_same(
    tmp_path: Path, stopping: str
) -> None:
    early = spec(f"training.early_stopping={stopping}")
    whole = Epochs()
    run(early, tmp_path / "whole", [whole])
    interruption = Interruption()
    with pytest.raises(Interrupted):
        run(early, tmp_path / "run", [Epochs(interruption, 27)], interruption=interruption)
    assert best_of(tmp_path / "run") == whole.weights[BEST]
    resume(tmp_path / "run")
    for name in ("best.safetensors", "model.safetensors"):
        found, expected = ((tmp_path / each / name).read_bytes() for each in ("run", "whole"))
        assert found == expected


def test_a_resumed_run_knows_what_was_better_before(tmp_path: Path) -> None:
    run(spec("training.epochs=3"), tmp_path)
    before = (tmp_path / "best.safetensors").read_bytes()
    resume(tmp_path, epochs=5)
    assert (tmp_path / "best.safetensors").read_bytes() == before
    assert load(tmp_path, "best").plan.spec.training.epochs == 5


def test_the_best_epoch_is_written_with_every_checkpoint(tmp_path: Path) -> None:
    found: list[bool] = []

    @final
    class Look(Callback):
        def step_ended(self, event: StepEnded) -> None:
            found.append(RunDirectory(tmp_path).has_best)

    run(spec("checkpoints={every_steps = 9}", "training.epochs=2"), tmp_path, [Look()])
    assert found == [False] * 9 + [True] * 3


@pytest.mark.parametrize("change", ["checkpoints.best=false", "data.validation=0"])
def test_a_run_without_best_epoch_says_so(tmp_path: Path, change: str) -> None:
    run(spec(change, "training.epochs=1"), tmp_path)
    assert not (tmp_path / "best.safetensors").exists()
    with pytest.raises(
        UsageError, match="a run that kept the weights of its best epoch, found one"
    ):
        load(tmp_path, "best")


def test_damage_and_another_epoch_than_that_of_the_manifest_are_found(tmp_path: Path) -> None:
    run(spec("training.epochs=1"), tmp_path)
    path = tmp_path / "best.safetensors"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DataError, match=r"best\.safetensors: expected what its checksum says"):
        load(tmp_path, "best")
    path.write_bytes((tmp_path / "model.safetensors").read_bytes())
    with pytest.raises(DataError, match="expected the weights of a best epoch, found other arrays"):
        load(tmp_path, "best")
    path.write_bytes(content)
    facts = {**RunDirectory(tmp_path).read_manifest(), "best": {"epoch": 2}}
    (tmp_path / "manifest.json").write_bytes(with_checksum(facts))
    with pytest.raises(DataError, match="weights of epoch 2, which the manifest says is the best"):
        load(tmp_path, "best")


def test_there_is_a_last_and_a_best(tmp_path: Path) -> None:
    word: Literal["last", "best"] = json.loads('"bset"')
    with pytest.raises(UsageError, match="expected 'last' or 'best', found 'bset'"):
        load(tmp_path, word)


@final
class Breaking(Callback):
    """Makes a parameter nan after some step, as a gradient that is nan does."""

    def __init__(self, step: int, path: str) -> None:
        self._step = step
        self._path = path
        self._run: Run | None = None
        self.before: dict[int, dict[str, bytes]] = {}

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run

    def step_ended(self, event: StepEnded) -> None:
        if self._run is not None:
            self.before[event.step] = bits(self._run.arrays)
            if event.step == self._step:
                self._run.parameters[self._path].flat[0] = math.nan


@pytest.mark.parametrize(("step", "kept"), [(3, 2), (7, 6), (9, 8), (30, 24)])
def test_a_run_that_diverges_leaves_its_last_finite_weights(
    tmp_path: Path, step: int, kept: int
) -> None:
    breaking = Breaking(step, "dense_2.bias")
    with pytest.raises(DivergedError, match=r"dense_2\.bias has numbers that are not finite"):
        run(spec(), tmp_path, [breaking])
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["model_after_step"] == kept
    assert bits(load(tmp_path).arrays) == breaking.before[kept]
    assert RunDirectory(tmp_path).has_best == (step > 6)


def test_a_run_that_diverges_in_its_first_step_leaves_no_weights(tmp_path: Path) -> None:
    with pytest.raises(DivergedError):
        run(spec(), tmp_path, [Breaking(1, "dense_2.bias")])
    assert not (tmp_path / "model.safetensors").exists()
    with pytest.raises(DataError, match="expected a run that saved its weights at its end"):
        load(tmp_path)
