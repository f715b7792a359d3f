from __future__ import annotations

import json
import re
import signal
import time
from pathlib import Path

import pytest

from tests.helpers.commands import finished, here, start
from tests.helpers.specs import TINY, write_spec


def test_folds_are_told_one_by_one_and_then_in_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = write_spec(tmp_path)
    ran = here(capsys, "crossval", spec, "--folds", "3", "--stratify", "--out", tmp_path / "out")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    data = "spirals: 50 to train on, 30 to validate, 40 to test (fold 1/3, stratified)"
    assert f"data     {data}" in lines
    assert "runs     3 folds" in lines
    figures = r"test accuracy \d+\.\d\d %, test loss \d\.\d{4}"
    for number in (1, 2, 3):
        told = rf"fold {number}/3: {figures}, 3 epochs, \d.*s"
        assert sum(bool(re.fullmatch(told, line)) for line in lines) == 1
    head = lines.index(next(line for line in lines if "test accuracy  test loss" in line))
    first_words = [line.split()[0] for line in lines[head + 2 : head + 10] if line]
    assert first_words == ["1/3", "2/3", "3/3", "mean", "std.", "min", "max"]
    assert re.fullmatch(
        r"test accuracy [\d.]+ % ± [\d.]+ %, test loss [\d.]+ ± [\d.]+ \(mean ± standard deviation "
        r"of the sample, with n - 1, of 3 folds\)",
        lines[-2],
    )
    facts = json.loads((tmp_path / "out" / "crossval.json").read_text())
    assert [each["directory"] for each in facts["runs"]] == ["fold-01", "fold-02", "fold-03"]


def test_seeds_begin_with_that_of_the_spec_and_go_below_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = write_spec(tmp_path)
    ran = here(capsys, "run", spec, "--seeds", "2", "--seed", "4", "-q")
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"runs/tiny-seeds-\d{8}-\d{6}\n", ran.out)
    names = {path.name for path in (tmp_path / ran.out.strip()).iterdir()}
    assert names == {"seed-4", "seed-5", "seeds.json", ".lock"}
    again = here(capsys, "run", spec, "--seeds", "2", "--seed", "4", "--out", ran.out.strip())
    assert "seed  epochs  val. accuracy  val. loss  test accuracy  test loss" in again.out


def test_a_fold_alone_is_an_option_of_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = here(capsys, "run", write_spec(tmp_path), "--fold", "2/3", "--out", tmp_path / "out")
    assert "50 to train on, 30 to validate, 40 to test (fold 2/3)" in ran.out


def test_runs_that_diverge_are_named_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = write_spec(tmp_path, TINY.replace("learning_rate = 0.1", "learning_rate = 1e38"))
    ran = here(capsys, "crossval", spec, "--folds", "2", "--out", tmp_path / "out")
    assert ran.code == 6
    assert "error: 2 of 2 folds diverged: fold-01, fold-02\n" in ran.err
    assert "fold 2/2: " in ran.out
    assert "diverged" in ran.out


def test_a_spec_that_cannot_be_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = here(capsys, "crossval", write_spec(tmp_path), "--set", "data.test=0.1")
    assert ran.code == 2
    assert "data.test: expected none beside a fold" in ran.err
    assert {path.name for path in tmp_path.iterdir()} == {"tiny.toml"}


def test_an_interrupted_series_says_how_it_goes_on(tmp_path: Path) -> None:
    spec = write_spec(tmp_path, TINY.replace("epochs = 3", "epochs = 100000"))
    arguments = ("-m", "layerkit", "crossval", spec, "--folds", "2", "--out", "out here")
    process = start(*arguments, cwd=tmp_path)
    history = tmp_path / "out here" / "fold-01" / "history.jsonl"
    until = time.monotonic() + 30
    while not (history.exists() and history.stat().st_size) and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    ran = finished(process)
    assert ran.code == 130
    assert ran.err.splitlines() == [
        "error: interrupted",
        "note: 0 of 2 folds are finished; the same command with --out 'out here' does the rest",
    ]
