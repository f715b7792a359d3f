from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest

from layerkit.values import is_table
from tests.helpers.commands import finished, here, start
from tests.helpers.specs import PLAIN, TINY, write_spec

# A shell starts background jobs deaf to SIGINT, and with them all that they start.
LISTENING = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from layerkit.cli import main
sys.exit(main())
"""


def test_every_spec_gets_its_line_and_the_first_bad_one_decides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write_spec(tmp_path, PLAIN)
    bad = tmp_path / "bad.toml"
    bad.write_text(PLAIN.replace("units = 3", "units = 4"))
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


def test_overrides_change_every_spec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = write_spec(tmp_path, PLAIN)
    ran = here(capsys, "validate", spec, spec, "--set", "layers.0.units=9")
    assert ran.out == f"{spec}: ok (3 layers, 57 parameters)\n" * 2
    bad = here(capsys, "validate", spec, "--set", "seed=1", "--set", "optimizer.rate=1")
    assert bad.code == 2
    assert bad.err.startswith("--set 2: error[LK003]: optimizer.rate: unknown key 'rate'\n")


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_formats_for_programs_go_to_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    good, bad = write_spec(tmp_path, PLAIN), tmp_path / "bad.toml"
    bad.write_text(PLAIN.replace("seed", "sede"))
    ran = here(capsys, "validate", good, bad, tmp_path / "absent.toml", "--format", form)
    assert (ran.code, ran.err) == (2, "")
    document: object = json.loads(ran.out)
    assert is_table(document)
    assert ("runs" in document) == (form == "sarif")
    assert here(capsys, "validate", good, "--format", form).code == 0


def test_github_gets_a_command_for_every_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    good, bad = write_spec(tmp_path, PLAIN), tmp_path / "bad.toml"
    bad.write_text(PLAIN.replace("seed", "sede"))
    ran = here(capsys, "validate", good, bad, tmp_path / "absent.toml", "--format", "github")
    assert (ran.code, ran.err) == (2, "")
    first, second, third = ran.out.splitlines()
    assert first == f"validated {good}: ok (3 layers, 51 parameters)"
    assert second.startswith("::error file=bad.toml,line=2,endLine=2,col=1,endColumn=5,title=LK003")
    assert third.startswith("::error file=absent.toml,title=file-error::")


def test_warnings_are_in_every_format_and_errors_if_it_is_strict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    few = write_spec(tmp_path, PLAIN.replace("validation = 100", "validation = 30"))
    text = here(capsys, "validate", few)
    assert (text.code, text.out) == (0, f"{few}: ok (3 layers, 51 parameters)\n")
    assert f"{few}:6:83: warning[LK110]: " in text.err
    ran = here(capsys, "validate", few, "--format", "github")
    assert ran.code == 0
    assert ran.out.startswith("::warning file=tiny.toml,line=6,endLine=6,col=83,")
    strict = here(capsys, "validate", few, "--format", "github", "--strict")
    assert strict.code == 2
    assert strict.out.startswith("::error file=tiny.toml,line=6,endLine=6,col=83,")


def test_patterns_and_directories_are_validated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = write_spec(tmp_path, PLAIN)
    ran = here(capsys, "validate", tmp_path / "*.toml", tmp_path)
    assert (ran.code, ran.out) == (0, f"{spec}: ok (3 layers, 51 parameters)\n" * 2)
    none = here(capsys, "validate", tmp_path / "x*.toml")
    assert none.code == 4
    assert none.err == f"error: {tmp_path}/x*.toml: expected specs that match, found none\n"


def test_a_format_that_is_none_is_an_error_of_the_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = here(capsys, "validate", write_spec(tmp_path, PLAIN), "--format", "sarf")
    assert ran.code == 2
    assert ran.err == (
        "error: --format: expected text, json, github or sarif, found 'sarf'; did you mean "
        "'sarif'?\n"
    )
    both = here(capsys, "validate", write_spec(tmp_path, PLAIN), "--format", "json", "--watch")
    assert both.code == 2
    assert "--watch: expected --format text, found 'json'" in both.err


def test_watching_validates_again_on_save_until_ctrl_c(tmp_path: Path) -> None:
    spec = write_spec(tmp_path, PLAIN)
    process = start("-c", LISTENING, "validate", "--watch", "tiny.toml", cwd=tmp_path)
    assert process.stdout is not None
    assert process.stderr is not None
    lines = [process.stdout.readline() for _ in range(2)]
    assert lines == [
        "tiny.toml: ok (3 layers, 51 parameters)\n",
        "watching 1 file; Ctrl-C ends it\n",
    ]
    spec.write_text(PLAIN.replace("seed", "sede  "))
    assert process.stderr.readline().startswith("tiny.toml:2:1: error[LK003]: ")
    assert process.stdout.readline() == "watching 1 file; Ctrl-C ends it\n"
    process.send_signal(signal.SIGINT)
    ran = finished(process)
    assert (ran.code, ran.out) == (130, "")
    assert ran.err.endswith("error: interrupted\n")
    assert "Traceback" not in ran.err
