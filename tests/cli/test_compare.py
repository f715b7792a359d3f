from __future__ import annotations

import json
from pathlib import Path

import pytest

from layerkit.runs.run import run
from tests.helpers.commands import here
from tests.helpers.specs import TINY, small_spec


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "first", tmp_path / "second"
    run(small_spec("training.epochs=1", text=TINY), paths[0])
    changes = ("training.epochs=2", "data.test_per_class=0", "training.early_stopping={}")
    run(small_spec(*changes, text=TINY), paths[1])
    return paths


def test_differences_are_rows_and_runs_columns(
    pair: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    ran = here(capsys, "compare", *pair)
    assert (ran.code, ran.err) == (0, "")
    lines = [line.split() for line in ran.out.splitlines()]
    assert ["spec", "first", "second"] in lines
    assert ["training.epochs", "1", "2"] in lines
    assert ["data.test_per_class", "20", "0"] in lines
    assert ["training.early_stopping.restore_best", "-", "true"] in lines
    assert ["status", "finished", "finished"] in lines
    (test,) = (line for line in lines if line[:2] == ["test", "accuracy"])
    assert test[-1] == "-"
    assert ["data.test", "60", "0"] in lines


def test_runs_of_one_spec_differ_in_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a/run", "b/run"):
        run(small_spec("training.epochs=1", text=TINY), tmp_path / name)
    ran = here(capsys, "compare", tmp_path / "a" / "run", tmp_path / "b" / "run")
    assert "the specs are the same\n" in ran.out
    assert "versions, machine and data are the same\n" in ran.out
    head = next(line for line in ran.out.splitlines() if line.startswith("result"))
    assert head.split() == ["result", *(str(tmp_path / name / "run") for name in "ab")]


def test_json_has_differences_and_results(
    pair: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    facts = json.loads(here(capsys, "compare", "--json", *pair).out)
    assert facts["spec"]["training.epochs"] == [1, 2]
    assert [each["epochs"] for each in facts["runs"]] == [1, 2]
    assert facts["environment"]["data.test"] == [60, 0]


def test_one_run_or_none_is_nothing_to_compare(
    pair: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = here(capsys, "compare", pair[0])
    assert (ran.code, ran.err) == (2, "error: expected two run directories or more, found one\n")
    assert here(capsys, "compare", pair[0], tmp_path).code == 4
