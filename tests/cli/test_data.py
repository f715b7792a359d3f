from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.commands import here
from tests.helpers.specs import TINY, write_spec


def test_shows_parts_classes_columns_and_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = here(capsys, "data", write_spec(tmp_path))
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert "inputs  2 columns" in lines
    assert any(line.split() == ["class", "train", "validation", "test"] for line in lines)
    assert any(line.startswith("feature 0  number") for line in lines)
    assert any(line.startswith("LD017  few rows: validation part: ") for line in lines)
    assert lines[-3].startswith("       help: figures on so few vary widely")
    assert lines[-1].endswith(" finding") or lines[-1].endswith(" findings")


def test_json_has_all_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = write_spec(tmp_path)
    ran = here(capsys, "data", spec, "--json", "--set", "data.validation=30")
    assert ran.code == 0, ran.err
    report = json.loads(ran.out)
    assert report["spec"] == str(spec)
    assert report["rows"]["validation"] == 30
    assert [each["name"] for each in report["classes"]] == ["0", "1", "2"]
    assert [each["type"] for each in report["columns"]] == ["number", "number"]
    found = next(each for each in report["findings"] if each["code"] == "LD017")
    assert (found["place"], found["message"]) == ("validation part", "30 rows")


def test_data_that_cannot_be_loaded_have_their_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data.npz").write_bytes(b"no archive")
    data = 'type = "npz", classes = 3, path = "data.npz"'
    known = 'type = "spirals", train_per_class = 40, test_per_class = 20'
    ran = here(capsys, "data", write_spec(tmp_path, TINY.replace(known, data)))
    assert (ran.code, ran.out) == (3, "")
