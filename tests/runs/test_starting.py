from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from layerkit.interrupts import Interrupted, Interruption
from layerkit.runs.run import load, resume, run
from layerkit.testing import check_resume
from tests.engine.resuming import bits
from tests.helpers.commands import here, in_process
from tests.helpers.specs import TINY, small_spec, write_spec
from tests.runs.test_resume import At, expect_same_end


@pytest.fixture
def source(tmp_path: Path) -> Path:
    run(small_spec(), tmp_path / "source")
    return tmp_path / "source"


def test_the_manifest_says_where_the_weights_came_from(source: Path, tmp_path: Path) -> None:
    changes = ("data.classes=4", "layers.3.units=4")
    run(small_spec(f"training.start_from='{source}'", *changes), tmp_path / "run")
    model = (source / "model.safetensors").read_bytes()
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())["start_from"] == {
        "run": str(source),
        "model_sha256": hashlib.sha256(model).hexdigest(),
        "taken": ["dense_1.weight", "dense_1.bias"],
        "new": {"dense_2.weight": [8, 4], "dense_2.bias": [4]},
        "left": {"dense_2.weight": [8, 3], "dense_2.bias": [3]},
    }


def test_such_a_run_is_resumed_and_loaded_without_the_other(source: Path, tmp_path: Path) -> None:
    spec = small_spec(f"training.start_from='{source}'")
    run(spec, tmp_path / "whole")
    interruption = Interruption()
    ask = At(11, lambda: interruption.request(Interrupted()))
    with pytest.raises(Interrupted):
        run(spec, tmp_path / "run", [ask], interruption=interruption)
    shutil.rmtree(source)
    resume(tmp_path / "run")
    expect_same_end(tmp_path / "whole", tmp_path / "run")
    facts = [
        json.loads((tmp_path / name / "manifest.json").read_text())["start_from"]
        for name in ("whole", "run")
    ]
    assert facts[0] == facts[1]
    assert bits(load(tmp_path / "run").arrays) == bits(load(tmp_path / "whole").arrays)
    assert check_resume(tmp_path / "run" / "spec.toml", steps=2) == 4 + 2


def test_the_command_line_says_what_is_taken_and_what_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sub").mkdir()
    first = write_spec(tmp_path)
    assert here(capsys, "run", first, "--out", tmp_path / "sub" / "first").code == 0
    text = TINY.replace("epochs = 3", "epochs = 1, start_from = 'first'")
    second = write_spec(tmp_path / "sub", text.replace("units = 8", "units = 9"))
    assert here(capsys, "validate", second).code == 0
    ran = in_process("run", second, "--out", "out", cwd=tmp_path)
    assert ran.code == 0
    assert (
        f"start    1 array of {tmp_path / 'sub' / 'first'}; new: dense_1.weight (2, 9), "
        "dense_1.bias (9,), dense_2.weight (9, 3); not taken: dense_1.bias (8,), "
        "dense_1.weight (2, 8), dense_2.weight (8, 3)\n"
    ) in ran.out


def test_validate_looks_for_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    absent = write_spec(tmp_path, TINY.replace("epochs = 3", "epochs = 3, start_from = 'absent'"))
    ran = here(capsys, "validate", absent)
    assert ran.code == 4
    assert "tiny.toml: training.start_from: expected a run directory: " in ran.err
    for value, reason in (("3", "found 3"), ("''", "found ''")):
        wrong = write_spec(tmp_path, TINY.replace("epochs = 3", f"start_from = {value}"))
        ran = here(capsys, "validate", wrong)
        assert ran.code == 2
        told = rf"{wrong}:\d+:26: error\[LK00[67]\]: training\.start_from: expected a path"
        assert re.match(told, ran.err)
        assert reason in ran.err.splitlines()[0]
    text = TINY.replace("epochs = 3", f"start_from = '{tmp_path / 'first'}'")
    assert here(capsys, "run", write_spec(tmp_path), "--out", tmp_path / "first").code == 0
    text = text.replace("units = 8", "units = 8, name = 'a'").replace("= 3}", "= 3, name = 'b'}")
    other = write_spec(tmp_path, text)
    ran = here(capsys, "validate", other)
    assert ran.code == 2
    assert "training.start_from: expected a run with an array of the network's" in ran.err
