from __future__ import annotations

import json
from pathlib import Path

import pytest

from layerkit.errors import DataError, DivergedError, FileError, LayerkitError
from layerkit.formats.checked_json import with_checksum
from layerkit.runs.directory import RunDirectory
from layerkit.runs.results import RunResults
from layerkit.runs.run import run
from tests.helpers.manifests import change
from tests.helpers.specs import TINY, small_spec


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    run(small_spec(text=TINY), tmp_path / "run")
    return tmp_path / "run"


def test_a_finished_run_is_read_with_its_figures(tmp_path: Path) -> None:
    result = run(small_spec(text=TINY), tmp_path)
    found = RunResults.read(tmp_path)
    assert (found.status, found.reason, found.epochs, found.seed) == ("finished", "finished", 3, 1)
    assert result.best is not None
    assert (found.best_epoch, found.best_by) == (result.best.epoch, "loss")
    assert found.validation == result.best.validation
    assert found.test == result.test
    assert found.spec["seed"] == 1
    assert found.seconds is not None


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Interrupted", "interrupted"),
        ("Terminated", "terminated"),
        ("paused", "paused"),
        ("running", "killed"),
        ("DivergedError: the loss is nan", "diverged"),
        ("PluginError: a layer fails", "failed"),
    ],
)
def test_a_status_is_a_word_and_its_reason_the_whole(
    finished: Path, written: str, status: str
) -> None:
    change(finished, status=written)
    found = RunResults.read(finished)
    assert (found.status, found.reason) == (status, written)


def test_a_run_under_way_is_running(finished: Path) -> None:
    change(finished, status="running")
    with RunDirectory(finished).locked():
        assert RunResults.read(finished).status == "running"


def test_the_best_epoch_of_a_run_that_did_not_finish_is_that_of_the_lowest_loss(
    finished: Path,
) -> None:
    change(finished, status="Interrupted", best=None)
    epochs = [
        {"epoch": epoch, "validation": {"loss": loss, "accuracy": 0.5}}
        for epoch, loss in ((1, 0.9), (2, 0.4), (3, None), (4, 0.4))
    ]
    history = "".join(f"{json.dumps(epoch)}\n" for epoch in epochs)
    (finished / "history.jsonl").write_text(history + '{"epoch": 5, "valid')
    found = RunResults.read(finished)
    assert (found.epochs, found.best_epoch, found.validation["loss"]) == (4, 2, 0.4)
    (finished / "history.jsonl").write_text("")
    assert RunResults.read(finished).best_epoch is None


def test_a_run_that_diverged_is_read(tmp_path: Path) -> None:
    with pytest.raises(DivergedError):
        run(small_spec("optimizer.learning_rate=1e38", text=TINY), tmp_path)
    found = RunResults.read(tmp_path)
    assert (found.status, found.test) == ("diverged", {})


@pytest.mark.parametrize(
    ("file", "content", "error", "reason"),
    [
        ("manifest.json", None, FileError, "manifest.json: cannot be read: No such file"),
        ("manifest.json", "[1]", DataError, "manifest.json: expected an object"),
        ("manifest.json", '{"name": 1}', DataError, "manifest.json: expected what its last line"),
        (
            "manifest.json",
            with_checksum({"name": 1}),
            DataError,
            "manifest of a run, found 'status': field req",
        ),
        ("manifest.json", "{", DataError, "manifest.json: no valid JSON"),
        ("history.jsonl", "[]\n", DataError, "history.jsonl: expected an epoch in every line"),
        ("history.jsonl", None, FileError, "history.jsonl: cannot be read: No such file"),
        ("spec.toml", "seed =", DataError, "spec.toml: no valid TOML"),
        ("spec.toml", b"\xff\xfe", DataError, "spec.toml: no valid TOML"),
        ("spec.toml", None, FileError, "spec.toml: cannot be read: No such file"),
    ],
)
def test_a_directory_that_is_not_whole_is_told(
    finished: Path, file: str, content: str | bytes | None, error: type[LayerkitError], reason: str
) -> None:
    path = finished / file
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(error, match=reason):
        RunResults.read(finished)
