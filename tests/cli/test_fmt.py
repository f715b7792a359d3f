from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.commands import LONGEST, environment, here
from tests.helpers.specs import TINY

SPECS = Path(__file__).parents[2] / "specs"
SLOPPY = b'# a comment\r\nlayers=["tanh"]\r\nloss =  "mean_squared_error"\r\noptimizer="adam"\r\n'
TIDY = b'# a comment\r\nlayers = ["tanh"]\r\nloss = "mean_squared_error"\r\noptimizer = "adam"\r\n'


def piped(text: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "layerkit", "fmt", *arguments],
        input=text,
        env=environment(),
        capture_output=True,
        timeout=LONGEST,
        check=False,
    )


def test_the_shipped_specs_are_formatted(capsys: pytest.CaptureFixture[str]) -> None:
    ran = here(capsys, "fmt", "--check", SPECS)
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.out.splitlines()) == sum(path.is_file() for path in SPECS.iterdir())


def test_a_spec_is_formatted_in_its_place_with_its_line_ends_mark_and_permissions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, link = tmp_path / "a.toml", tmp_path / "link.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SLOPPY)
    path.chmod(0o640)
    link.symlink_to(path)
    checked = here(capsys, "fmt", "--check", link)
    assert (checked.code, checked.out) == (2, "")
    assert checked.err == f"error: {link}: is not formatted; 'layerkit fmt {link}' formats it\n"
    assert path.read_bytes() == b"\xef\xbb\xbf" + SLOPPY
    ran = here(capsys, "fmt", link)
    assert (ran.code, ran.out, ran.err) == (0, f"{link}: formatted\n", "")
    assert path.read_bytes() == b"\xef\xbb\xbf" + TIDY
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert {each.name for each in tmp_path.iterdir()} == {"a.toml", "link.toml"}
    before = path.stat().st_ino
    assert here(capsys, "fmt", path).out == f"{path}: is formatted\n"
    assert path.stat().st_ino == before  # it is not written again


def test_what_is_no_spec_is_left_and_the_others_are_formatted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, good = tmp_path / "a.toml", tmp_path / "b.toml"
    broken.write_text("a = [\n")
    good.write_text(TINY)
    ran = here(capsys, "fmt", broken, tmp_path / "none.toml", good)
    assert (ran.code, ran.out) == (2, f"{good}: formatted\n")
    assert f"{broken}:1:5: error[LK001]: no valid TOML" in ran.err
    assert "none.toml: cannot read" in ran.err
    assert broken.read_text() == "a = [\n"
    assert here(capsys, "fmt", tmp_path / "none.toml").code == 4


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to every file")
def test_a_file_that_may_not_be_written_to_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(SLOPPY)
    path.chmod(0o444)
    ran = here(capsys, "fmt", path)
    assert (ran.code, path.read_bytes()) == (4, SLOPPY)
    assert ran.err == (f"error: {path}: cannot write: expected a file that may be written to\n")


def test_standard_input_goes_to_standard_output_in_its_own_format() -> None:
    ran = piped(SLOPPY, "-")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, TIDY, b"")
    ran = piped(b' {"a":[1,2]}', "-")
    assert (ran.returncode, ran.stdout) == (0, b'{\n  "a": [1, 2]\n}\n')
    ran = piped(b"a=1", "--check", "-")
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr == b"error: <stdin>: is not formatted\n"
    ran = piped(b"a=\xff", "-")
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert b"<stdin>: error[LK001]: expected UTF-8 text" in ran.stderr


def test_standard_input_and_files_together_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ran = here(capsys, "fmt", "-", "a.toml")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: expected '-' alone, or files\n"
