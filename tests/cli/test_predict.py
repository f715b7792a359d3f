from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from layerkit.cli.predict import predict_with
from layerkit.inference.predict import Prediction
from layerkit.runs.run import load
from layerkit.runs.run import run as run_spec
from tests.helpers.commands import LONGEST, Ran, environment, finished, here, start
from tests.helpers.specs import TINY, small_spec
from tests.helpers.terminals import terminal
from tests.helpers.trained import csv_text, flowers, flowers_run, points, points_run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    flowers_run(tmp_path)
    (tmp_path / "new.csv").write_text(csv_text(flowers(30, seed=3)))
    return tmp_path / "run"


def piped(content: bytes, run: Path, *options: str) -> bytes:
    """Return what is predicted from standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "layerkit", "predict", str(run), "-i", "-", *options],
        input=content,
        capture_output=True,
        check=True,
        timeout=LONGEST,
        env=environment(),
    )
    assert done.stderr == b""
    return done.stdout


def test_predictions_go_to_standard_output_by_default(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = here(capsys, "predict", run, "--input", run.parent / "new.csv", "--keep", "id")
    assert (ran.code, ran.err) == (0, "")
    head, *rows = ran.out.splitlines()
    assert head.startswith("id,predicted_species,probability_setosa,")
    assert [row.split(",")[0] for row in rows] == [f"f{number}" for number in range(30)]


def test_a_file_of_predictions_is_told_with_their_number(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = run.parent / "out.jsonl"
    ran = here(capsys, "predict", run, "-i", run.parent / "new.csv", "-o", out)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"30 predictions in {out}, ")
    assert len(out.read_text().splitlines()) == 30


def test_standard_input_is_read_as_the_table_that_the_run_was_trained_on(run: Path) -> None:
    text = (run.parent / "new.csv").read_bytes()
    lines = piped(text, run, "--outputs", "classes").decode().splitlines()
    assert lines[0] == "predicted_species"
    assert len(lines) == 31


def test_arrays_come_through_standard_input_and_output(tmp_path: Path) -> None:
    network, (x, _) = points_run(tmp_path), points(5)
    np.savez(tmp_path / "new.npz", inputs=x)
    content = (tmp_path / "new.npz").read_bytes()
    formats = ("--format", "npz", "--output-format", "npz")
    (tmp_path / "out.npz").write_bytes(piped(content, tmp_path / "run", *formats))
    with np.load(tmp_path / "out.npz") as found:
        np.testing.assert_array_equal(found["predictions"], network.predict(x))


def test_the_weights_of_the_best_epoch_predict_if_they_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = run_spec(
        small_spec("optimizer.learning_rate=1.5", "training.epochs=6", "seed=3", text=TINY),
        tmp_path / "run",
    )
    assert result.best is not None
    assert result.best.epoch < 6
    x = np.random.default_rng(0).normal(size=(4, 2))
    np.save(tmp_path / "x.npy", x)
    for which, network in (("last", result.network), ("best", load(tmp_path / "run", "best"))):
        given = ("-i", tmp_path / "x.npy", "--outputs", "probabilities")
        ran = here(capsys, "predict", tmp_path / "run", *given, "--checkpoint", which)
        rows = [row.split(",") for row in ran.out.splitlines()[1:]]
        np.testing.assert_array_equal(np.array(rows, np.float32), network.predict(x))


def first_line(run: Path, given: Path) -> tuple[str, Ran]:
    """Predict for somebody who reads one line."""
    reading, writing = os.pipe()
    process = start("-m", "layerkit", "predict", run, "-i", given, cwd=run.parent, out=writing)
    os.close(writing)
    with os.fdopen(reading) as stream:
        line = stream.readline()
    return line, finished(process)


def test_a_reader_that_has_seen_enough_ends_it_quietly(run: Path) -> None:
    (run.parent / "long.csv").write_text(csv_text(flowers(3000) * 30))
    line, ran = first_line(run, run.parent / "long.csv")
    assert line.startswith("predicted_species,")
    assert (ran.code, ran.err) == (0, "")


def test_a_reader_of_arrays_that_has_seen_enough_ends_it_quietly(tmp_path: Path) -> None:
    points_run(tmp_path)
    np.savez(tmp_path / "long.npz", inputs=points(50_000)[0])
    line, ran = first_line(tmp_path / "run", tmp_path / "long.npz")
    assert line.startswith("prediction_0,")
    assert (ran.code, ran.err) == (0, "")


def test_a_signal_leaves_no_file_behind(run: Path) -> None:
    before = {path.name for path in run.parent.iterdir()}
    process = subprocess.Popen(
        [sys.executable, "-m", "layerkit", "predict", "run", "-i", "-", "-o", "out.csv"],
        cwd=run.parent,
        env=environment(),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(csv_text(flowers(2000) * 30))
    process.stdin.flush()
    deadline = time.monotonic() + LONGEST
    while {path.name for path in run.parent.iterdir()} == before:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    ran = finished(process)
    assert (ran.code, ran.err) == (143, "error: terminated\n")
    assert {path.name for path in run.parent.iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["-i", "bad.csv"], 3, 'bad.csv:2:1 column "length": expected a number, found "x"'),
        (["-i", "absent.csv"], 4, "absent.csv: expected a data file to read"),
        (["-i", "new.csv", "-o", "absent/out.csv"], 4, "cannot write: No such file"),
        (["-i", "new.csv", "--outputs", "some"], 2, "'some' is not one of 'all', 'classes'"),
        (["-i", "new.csv", "--format", "xml"], 2, "'xml' is not one of 'csv', 'jsonl'"),
        (["-i", "new.csv", "--separator", "ab"], 2, "--separator: expected one character"),
        ([], 2, "Missing option '--input'"),
    ],
)
def test_what_is_wrong_is_told_with_its_exit_code(
    run: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(run.parent)
    Path("bad.csv").write_text("length,width,site\nx,1,north\n")
    ran = here(capsys, "predict", run, *arguments)
    assert ran.code == code
    assert ran.out == ""
    assert said in ran.err


def test_a_terminal_shows_how_far_it_is_while_the_output_is_no_terminal(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layerkit.cli.predict.REFRESH_SECONDS", 0.0)
    out = run.parent / "out.csv"
    with terminal() as screen:
        predict_with(run, "last", Prediction(run.parent / "new.csv", out))
    progress, last = screen.getvalue().split("\r\x1b[K")[1:]
    assert progress.startswith("30 predictions, ")
    assert last.startswith("30 predictions in ")
