from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from layerkit.cli.runs import list_runs
from layerkit.runs.run import run
from tests.helpers.commands import here
from tests.helpers.specs import TINY, small_spec
from tests.helpers.terminals import terminal


@pytest.fixture
def below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a directory with a run and a directory that is none, both below ``runs``."""
    monkeypatch.chdir(tmp_path)
    run(small_spec(text=TINY), tmp_path / "runs" / "tiny-20261130-081405")
    (tmp_path / "runs" / "foreign").mkdir()
    return tmp_path


@pytest.mark.usefixtures("below")
def test_runs_are_a_table_and_what_is_no_run_a_note(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ran = here(capsys, "runs")
    assert ran.code == 0
    head, _, row = ran.out.splitlines()
    heads = ["run", "network", "status", "epochs", "best", "test", "time", "started"]
    assert head.split() == heads
    start = (
        r"tiny-20261130-081405  spirals: dense, tanh, dense  finished       3  \d: loss \d.\d{4}  "
    )
    assert re.match(
        start + r"accuracy \d\d.\d\d %, loss \d.\d{4}  \d.* s  20\d\d-\d\d-\d\d \d\d:", row
    )
    assert ran.err == "note: runs/foreign: expected the manifest.json of a run, found none\n"


def test_json_has_every_fact(below: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(here(capsys, "runs", "--json", below).out)
    (only,) = found["runs"]
    assert only["directory"] == str(below / "runs" / "tiny-20261130-081405")
    assert only["spec"]["loss"]["type"] == "softmax_cross_entropy"
    assert only["manifest"]["test"] == only["test"]
    assert found["others"] == []


@pytest.mark.usefixtures("below")
def test_a_terminal_gets_as_many_columns_as_fit() -> None:
    for width, left_out in ((80, "without network, started: "), (130, "")):
        with terminal(width) as screen:
            assert list_runs([], as_json=False) == 0
        assert max(map(len, screen.lines)) <= width
        lines = [line for line in screen.lines if line.startswith("without")]
        assert [line[: len(left_out)] for line in lines] == ([left_out] if left_out else [])
        assert "tiny-20261130-081405" in screen.getvalue()


@pytest.mark.usefixtures("below")
def test_a_narrow_terminal_gets_a_list_of_everything() -> None:
    with terminal(40) as screen:
        assert list_runs([], as_json=False) == 0
    assert "network  spirals: dense, tanh, dense" in screen.lines
    assert not any(line.startswith("without") for line in screen.lines)


def test_where_there_are_none_it_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = here(capsys, "runs")
    said = "no runs in the directory 'runs'; 'layerkit run SPEC' makes one\n"
    assert (ran.code, ran.out, ran.err) == (0, said, "")
    assert json.loads(here(capsys, "runs", "--json").out) == {"runs": [], "others": []}
    assert here(capsys, "runs", "missing").code == 4
