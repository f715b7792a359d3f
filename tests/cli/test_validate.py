from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.helpers.commands import here
from tests.helpers.specs import TINY, write_spec


def test_every_spec_gets_its_line_and_the_first_bad_one_decides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write_spec(tmp_path)
    bad = tmp_path / "bad.toml"
    bad.write_text(TINY.replace("units = 3", "units = 4"))
    absent = tmp_path / "absent.toml"
    ran = here(capsys, "validate", good, absent, bad, good)
    assert ran.code == 4
    assert ran.out == f"{good}: ok (3 layers, 51 parameters)\n" * 2
    first, *others = ran.err.splitlines()
    assert first.startswith(f"error: {absent}: ")
    loss, metric = (line for line in others if f"{bad}:" in line and "error[" in line)
    assert re.match(r".*:5:8: error\[LK008\]: loss: softmax_cross_entropy expects", loss)
    assert re.match(r".*:3:12: error\[LK008\]: metrics.0: accuracy expects", metric)
    assert here(capsys, "validate", bad, absent).code == 2


def test_no_data_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = 'type = "npz", classes = 3, path = "absent.npz", shape = [2]'
    known = 'type = "spirals", train_per_class = 40, test_per_class = 20'
    spec = write_spec(tmp_path, TINY.replace(known, data))
    assert here(capsys, "validate", spec).code == 0
