from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import final

import pytest

from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import EpochEnded, StepEnded, TrainingStarted
from layerkit.engine.checkpoint import read_state, write_state
from layerkit.errors import DataError, LayerkitWarning, UsageError
from layerkit.interrupts import Interrupted, Interruption
from layerkit.runs.directory import RunDirectory
from layerkit.runs.run import load, resume, run
from layerkit.spec.models import ModelSpec
from layerkit.values import is_table
from tests.helpers.manifests import change
from tests.helpers.specs import small_spec

CHANGES = (
    'layers.1={type = "residual", layers = ["batch_norm", {type = "dropout", rate = 0.3}]}',
    'optimizer={type = "adam", learning_rate = 0.01, schedule={type="inverse_time", decay=1}}',
    "training={epochs = 3, batch_size = 20, early_stopping = {patience = 5}}",
)


@final
class Killed(BaseException):
    """What a test ends a run with, as if by SIGKILL."""


@final
class At(Callback):
    """Does something after a step, and after an epoch's end if there is no such step."""

    def __init__(self, step: int, act: Callable[[], None], *, after_epoch: bool = False) -> None:
        self._step = step
        self._act = act
        self._after_epoch = after_epoch

    def step_ended(self, event: StepEnded) -> None:
        if not self._after_epoch and event.step == self._step:
            self._act()

    def epoch_ended(self, event: EpochEnded) -> None:
        if self._after_epoch and event.step == self._step:
            self._act()


def kill() -> None:
    raise Killed


def spec(*changes: str) -> ModelSpec:
    return small_spec(*CHANGES, *changes)


def facts(directory: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((directory / "manifest.json").read_text())
    return found


def history(directory: Path) -> list[dict[str, object]]:
    lines = (directory / "history.jsonl").read_text().splitlines()
    epochs: list[dict[str, object]] = [json.loads(line) for line in lines]
    times = ("seconds", "examples_per_second")
    return [{key: each for key, each in epoch.items() if key not in times} for epoch in epochs]


def expect_same_end(expected: Path, found: Path) -> None:
    weights = "model.safetensors"
    assert (found / weights).read_bytes() == (expected / weights).read_bytes()
    assert history(found) == history(expected)
    for name in ("test", "best", "epochs", "stopped_early", "status", "model_sha256"):
        assert facts(found)[name] == facts(expected)[name]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of a run that nothing interrupted."""
    directory = tmp_path_factory.mktemp("whole")
    run(spec(), directory)
    return directory


@pytest.mark.parametrize("after_epoch", [False, True])
@pytest.mark.parametrize("step", [1, 5, 6, 7, 17])
def test_an_interrupted_run_is_resumed_with_the_same_bits(
    whole: Path, tmp_path: Path, step: int, *, after_epoch: bool
) -> None:
    at = 6 if after_epoch and step < 7 else 12 if after_epoch else step
    interruption = Interruption()
    ask = At(at, lambda: interruption.request(Interrupted()), after_epoch=after_epoch)
    with pytest.raises(Interrupted):
        run(spec(), tmp_path, [ask], interruption=interruption)
    assert facts(tmp_path)["status"] == "Interrupted"
    assert RunDirectory(tmp_path).checkpoints.last_step() == at
    resume(tmp_path)
    expect_same_end(whole, tmp_path)
    assert facts(tmp_path)["resumed_after_steps"] == [at]


@pytest.mark.parametrize("step", [4, 9, 15])
def test_a_run_that_was_killed_is_resumed_from_its_last_checkpoint(
    whole: Path, tmp_path: Path, step: int
) -> None:
    saving = spec("checkpoints={every_steps = 2}")
    with pytest.raises(Killed):
        run(saving, tmp_path, [At(step, kill)])
    (tmp_path / "model.safetensors").unlink()  # SIGKILL would not have written it
    with pytest.raises(Killed):
        resume(tmp_path, callbacks=[At(step + 2, kill)])
    resume(tmp_path)
    expect_same_end(whole, tmp_path)
    assert facts(tmp_path)["resumed_after_steps"] == [(step - 1) // 2 * 2, (step + 1) // 2 * 2]


def test_a_finished_run_is_trained_further_as_if_it_had_been_that_long(tmp_path: Path) -> None:
    run(spec("optimizer.schedule=constant"), tmp_path / "short")
    run(spec("optimizer.schedule=constant", "training.epochs=5"), tmp_path / "long")
    with pytest.raises(UsageError, match="one that is finished; '--epochs N' with N above 3"):
        resume(tmp_path / "short")
    with pytest.raises(UsageError, match="expected more epochs than the run's 3, got 3"):
        resume(tmp_path / "short", epochs=3)
    resume(tmp_path / "short", epochs=5)
    expect_same_end(tmp_path / "long", tmp_path / "short")


def test_checkpoints_are_kept_as_the_spec_says(tmp_path: Path) -> None:
    run(spec("checkpoints={every_steps = 5, every_epochs = 2, keep = 3}"), tmp_path)
    steps = [step for step, _ in RunDirectory(tmp_path).checkpoints.steps()]
    assert steps == [18, 15, 12]


def test_a_checkpoint_is_due_by_the_clock(tmp_path: Path) -> None:
    run(spec("checkpoints={every_minutes = 1e-9, keep = 100}"), tmp_path / "often")
    assert len(RunDirectory(tmp_path / "often").checkpoints.steps()) == 18
    run(spec('checkpoints={every_minutes = "never", keep = 100}'), tmp_path / "never")
    assert len(RunDirectory(tmp_path / "never").checkpoints.steps()) == 1


def interrupted(directory: Path) -> None:
    interruption = Interruption()
    ask = At(7, lambda: interruption.request(Interrupted()))
    with pytest.raises(Interrupted):
        run(spec(), directory, [ask], interruption=interruption)


def test_a_damaged_checkpoint_is_refused(tmp_path: Path) -> None:
    interrupted(tmp_path)
    path = RunDirectory(tmp_path).checkpoints.last()
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    before = facts(tmp_path)
    with pytest.raises(DataError, match=r"step-000000007\.safetensors: .*damaged"):
        resume(tmp_path)
    assert facts(tmp_path) == before


def test_where_the_newest_checkpoint_is_damaged_a_run_goes_on_from_the_one_before(
    whole: Path, tmp_path: Path
) -> None:
    with pytest.raises(Killed):
        run(spec("checkpoints={every_steps = 2, keep = 2}"), tmp_path, [At(9, kill)])
    path = tmp_path / "checkpoints" / "step-000000008.safetensors"
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    unfinished = tmp_path / "checkpoints" / "step-000000009.safetensors.partial"
    unfinished.write_bytes(b"half")
    with pytest.warns(
        LayerkitWarning, match=r"8\.safetensors: .*goes on from the checkpoint .* after step 6; ren"
    ):
        resume(tmp_path)
    assert path.with_name(f"{path.name}.damaged").read_bytes() == content[:-1]
    assert not unfinished.exists()
    assert facts(tmp_path)["resumed_after_steps"] == [6]
    expect_same_end(whole, tmp_path)


def test_a_run_whose_state_does_not_fit_stays_as_it_is(tmp_path: Path) -> None:
    run(spec(), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    state = read_state(RunDirectory(tmp_path).checkpoints.last())
    other = replace(state, layout=["dense_1.weight (9, 9)"])
    write_state(RunDirectory(tmp_path).checkpoints.last(), other)
    with pytest.raises(DataError, match="expected the state of a network with"):
        resume(tmp_path, epochs=5)
    for path, content in before.items():
        assert "checkpoints" in path.parts or path.read_bytes() == content
    load(tmp_path)
    write_state(RunDirectory(tmp_path).checkpoints.last(), state)
    resume(tmp_path, epochs=4)
    assert facts(tmp_path)["epochs"] == 4


def test_where_no_run_was_there_is_nothing_to_resume(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected a run to resume, found none: no run was there"):
        resume(tmp_path)


def test_what_has_changed_is_told_and_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(tmp_path)
    text = (tmp_path / "spec.toml").read_text()
    (tmp_path / "spec.toml").write_text(text.replace("rate = 0.3", "rate = 0.4"))
    with pytest.raises(
        UsageError, match="the spec that the run was started with, found it changed"
    ):
        resume(tmp_path)
    (tmp_path / "spec.toml").write_text(text)
    with monkeypatch.context() as patch:
        patch.setattr("numpy.__version__", "99.0")
        with pytest.raises(UsageError, match=r"numpy was .*, is 99\.0; '--inexact' resumes all"):
            resume(tmp_path)
        resume(tmp_path, inexact=True)


def test_another_cpu_is_told_and_refused_unless_bits_may_differ(tmp_path: Path) -> None:
    interrupted(tmp_path)
    environment = facts(tmp_path)["environment"]
    assert is_table(environment)
    change(tmp_path, environment={**environment, "cpu_features": ["AVX9", "SSE99"]})
    with pytest.raises(UsageError, match=r"other bits here: cpu_features was AVX9, SSE99, is \w"):
        resume(tmp_path)
    resume(tmp_path, inexact=True)


def test_other_data_are_refused_whatever_else_is_allowed(tmp_path: Path) -> None:
    interrupted(tmp_path)
    change(tmp_path, data={"train": 1})
    with pytest.raises(DataError, match="expected the data that the run was started with"):
        resume(tmp_path, inexact=True)


def test_a_run_that_saved_nothing_cannot_be_resumed(tmp_path: Path) -> None:
    with pytest.raises(Killed):
        run(spec(), tmp_path, [At(2, kill)])
    with pytest.raises(UsageError, match="a checkpoint to resume from, found none"):
        resume(tmp_path)


def test_a_second_run_into_a_directory_ends_at_once(tmp_path: Path) -> None:
    def intrude() -> None:
        with pytest.raises(UsageError, match="a new or empty directory for the run"):
            run(spec(), tmp_path)
        with pytest.raises(UsageError, match="that no other run is writing to"):
            resume(tmp_path)

    run(spec(), tmp_path, [At(1, intrude)])
    assert facts(tmp_path)["status"] == "finished"


@pytest.mark.parametrize("exists", [False, True])
def test_a_run_that_fails_at_its_start_leaves_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, exists: bool
) -> None:
    directory = tmp_path / "run"
    if exists:
        directory.mkdir()

    def fails(_: object) -> None:
        raise DataError("damaged")

    with monkeypatch.context() as patch:
        patch.setattr("layerkit.runs.run.load_data", fails)
        with pytest.raises(DataError):
            run(spec(), directory)
    assert directory.exists() is exists
    assert not exists or list(directory.iterdir()) == []
    run(spec(), directory)


def test_weights_that_are_not_those_of_the_manifest_are_refused(
    whole: Path, tmp_path: Path
) -> None:
    for name in ("spec.toml", "manifest.json", "model.safetensors"):
        (tmp_path / name).write_bytes((whole / name).read_bytes())
    load(tmp_path)
    text = (whole / "spec.toml").read_text()
    (tmp_path / "spec.toml").write_text(text.replace("rate = 0.3", "rate = 0.7"))
    with pytest.raises(DataError, match="the spec that the weights were trained with"):
        load(tmp_path)
    (tmp_path / "spec.toml").write_text(text)
    content = bytearray((tmp_path / "model.safetensors").read_bytes())
    content[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(DataError, match="what the checksum in the manifest says"):
        load(tmp_path)


def test_a_callback_can_pause_a_run(tmp_path: Path, whole: Path) -> None:
    @final
    class Pausing(Callback):
        def __init__(self) -> None:
            self._run: Run | None = None

        def training_started(self, event: TrainingStarted, run: Run) -> None:
            self._run = run

        def step_ended(self, event: StepEnded) -> None:
            if self._run is not None and event.step == 7:
                self._run.save(RunDirectory(tmp_path).checkpoints.after_step(7))
                self._run.pause()

    result = run(spec(), tmp_path, [Pausing()])
    assert (result.paused, result.stopped_early, result.test) == (True, False, {})
    assert facts(tmp_path)["status"] == "paused"
    resume(tmp_path)
    expect_same_end(whole, tmp_path)
