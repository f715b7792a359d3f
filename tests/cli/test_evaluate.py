from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from layerkit.cli.evaluate import evaluate_run
from layerkit.inference.file_options import FileOptions
from layerkit.runs.run import run
from tests.helpers.commands import here
from tests.helpers.specs import TINY, small_spec
from tests.helpers.terminals import terminal
from tests.helpers.trained import csv_text, flowers, flowers_run, points, points_run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    flowers_run(tmp_path)
    (tmp_path / "new.csv").write_text(csv_text(flowers(60, seed=3)))
    return tmp_path / "run"


def test_figures_classes_and_confusions_are_shown(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = table.parent / "new.csv"
    ran = here(capsys, "evaluate", table, "--data", data)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[:3] == [f"run   {table}", f"data  {data}: 60 examples", ""]
    assert re.fullmatch(r"loss      \d\.\d{4}", lines[3])
    assert re.fullmatch(r"f1        \d\.\d{4}", lines[4])
    assert re.fullmatch(r"accuracy  \d+\.\d\d %", lines[5])
    assert lines[7].split() == ["class", "precision", "recall", "f1", "support"]
    assert [line.split()[0] for line in lines[9:12]] == ["setosa", "versicolor", "virginica"]
    assert sum(int(line.split()[-1]) for line in lines[9:12]) == 60
    assert lines[13].startswith("confusion matrix: a row for each true class")
    assert lines[15].split() == ["setosa", "versicolor", "virginica"]
    counts = [[int(cell) for cell in line.split()[1:]] for line in lines[17:20]]
    assert [sum(row) for row in counts] == [int(line.split()[-1]) for line in lines[9:12]]


def test_json_has_it_all(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = table.parent / "new.csv"
    ran = here(capsys, "evaluate", table, "--data", data, "--json")
    found: dict[str, object] = json.loads(ran.out)
    assert found.keys() == {
        *("run", "data", "part", "examples", "figures", "tables", "classes", "confusion")
    }
    assert (found["data"], found["part"], found["examples"]) == (str(data), None, 60)
    own: dict[str, object] = json.loads(here(capsys, "evaluate", table, "--json").out)
    assert (own["data"], own["part"], own["examples"]) == (None, "validation", 18)


def test_the_runs_own_part_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run(small_spec(text=TINY), tmp_path / "run")
    ran = here(capsys, "evaluate", tmp_path / "run")
    assert "data  the run's own, to test on: 60 examples\n" in ran.out
    assert f"accuracy  {100 * result.test['accuracy']:.2f} %" in ran.out
    assert f"loss      {result.test['loss']:.4f}" in ran.out
    ran = here(capsys, "evaluate", tmp_path / "run", "--part", "validation")
    assert "data  the run's own, to validate on: 30 examples\n" in ran.out


def test_numbers_have_their_errors_by_target(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    points_run(tmp_path)
    ran = here(capsys, "evaluate", tmp_path / "run")
    assert ran.code == 2
    assert "a run on arrays in memory; --data FILE evaluates on a file" in ran.err
    x, y = points(5, seed=3)
    np.savez(tmp_path / "a.npz", inputs=x, targets=y)
    ran = here(capsys, "evaluate", tmp_path / "run", "--data", tmp_path / "a.npz")
    head, _, first, second = ran.out.splitlines()[-4:]
    assert head.split("  ")[0] == "target"
    assert head.endswith("r2")
    assert (first.split()[0], second.split()[0]) == ("0", "1")


def shown(table: Path, columns: int) -> list[str]:
    with terminal(columns) as screen:
        options = FileOptions()
        data = table.parent / "new.csv"
        assert evaluate_run(table, "last", data, None, options, as_json=False) == 0
    return screen.lines


def test_a_confusion_matrix_that_is_too_wide_is_a_list(tmp_path: Path) -> None:
    flowers_run(tmp_path, "training.epochs=1")
    (tmp_path / "new.csv").write_text(csv_text(flowers(60, seed=3)))
    wide, narrow = (shown(tmp_path / "run", columns) for columns in (80, 36))
    assert any(line.startswith("confusion matrix") for line in wide)
    assert not any(line.startswith("confusion matrix") for line in narrow)
    at = narrow.index("most frequent confusions")
    assert narrow[at + 2].split() == ["true", "predicted", "examples"]
    assert max(map(len, narrow[4:])) <= 36


def test_where_nothing_was_confused_a_narrow_terminal_says_so(table: Path) -> None:
    assert shown(table, 36)[-1] == "no class was predicted for another"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--part", "tst"], 2, "'tst' is not one of 'test'"),
        (["--part", "test", "--data", "new.csv"], 2, "or --data; found both"),
        (["--part", "test"], 2, "expected test examples among the data of the run"),
        (["--data", "absent.csv"], 4, "absent.csv: expected a data file to read"),
        (["--data", "bad.csv"], 3, 'bad.csv:2:4 column "species": expected one of setosa'),
    ],
)
def test_what_is_wrong_is_told_with_its_exit_code(
    table: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(table.parent)
    Path("bad.csv").write_text("length,width,site,species\n1,1,north,rose\n")
    ran = here(capsys, "evaluate", table, *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_the_weights_of_the_best_epoch_are_evaluated_if_they_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    worse = ("optimizer.learning_rate=1.5", "training.epochs=6", "seed=3")
    best = run(small_spec(*worse, text=TINY), tmp_path / "run").best
    assert best is not None
    assert best.epoch < 6
    own = ("evaluate", tmp_path / "run", "--part", "validation", "--json")
    figures: list[dict[str, float]] = [
        json.loads(here(capsys, *own, "--checkpoint", which).out)["figures"]
        for which in ("best", "last")
    ]
    assert figures[0]["loss"] == pytest.approx(best.validation["loss"])
    assert figures[1]["loss"] > figures[0]["loss"]
