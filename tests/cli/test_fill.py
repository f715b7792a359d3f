from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from layerkit.spec.loading import load_spec
from tests.helpers.commands import LONGEST, environment, here

TEXT = (
    '#:schema ./x.json\nlayers = ["tanh"] # one\nloss = "mean_squared_error"\noptimizer = "adam"\n'
)


def test_a_spec_is_filled_in_in_its_place_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.toml"
    path.write_text(TEXT)
    spec = load_spec(path)
    ran = here(capsys, "fill", path)
    assert (ran.code, ran.out, ran.err) == (0, f"{path}: written\n", "")
    text = path.read_text()
    assert text.startswith('#:schema ./x.json\nlayers = ["tanh"] # one\nloss = { type = "mean_sq')
    assert "\n[checkpoints]\nevery_minutes = 1.0\n" in text
    assert load_spec(path) == spec
    assert here(capsys, "fill", path).out == f"{path}: has every default\n"
    assert path.read_text() == text
    assert here(capsys, "fmt", "--check", path).code == 0


def test_another_file_is_written_and_written_over_only_if_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "a.toml", tmp_path / "b.toml"
    path.write_text(TEXT)
    assert here(capsys, "fill", path, "--out", out).out == f"{out}: written\n"
    assert (path.read_text(), load_spec(out)) == (TEXT, load_spec(path))
    out.write_text("mine")
    ran = here(capsys, "fill", path, "--out", out)
    assert (ran.code, ran.out, out.read_text()) == (4, "", "mine")
    assert here(capsys, "fill", path, "--out", out, "--force").code == 0
    assert load_spec(out) == load_spec(path)
    ran = here(capsys, "fill", path, "--out", "-")
    assert (ran.code, ran.out) == (0, out.read_text())
    ran = here(capsys, "fill", path, "--out", tmp_path / "b.json")
    assert (ran.code, ran.out) == (2, "")
    assert "b.json: expected a name ending in .toml; 'layerkit convert'" in ran.err


def test_a_spec_that_is_not_valid_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.toml"
    path.write_text(TEXT.replace("tanh", "tahn"))
    ran = here(capsys, "fill", path)
    assert (ran.code, ran.out, path.read_text()) == (2, "", TEXT.replace("tanh", "tahn"))
    assert f"{path}:2:11: error[LK002]" in ran.err


def test_paths_that_would_lead_elsewhere_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, inside = tmp_path / "a.toml", tmp_path / "inside"
    inside.mkdir()
    path.write_text(f'{TEXT}data = {{ type = "npz", path = "a.npz" }}\n')
    ran = here(capsys, "fill", path, "--out", inside / "a.toml")
    assert (ran.code, [*inside.iterdir()]) == (2, [])
    assert "relative paths" in ran.err
    assert here(capsys, "fill", path).code == 0
    assert 'path = "a.npz"' in path.read_text()


def test_standard_input_goes_to_standard_output() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "layerkit", "fill", "-"],
        input=TEXT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("#:schema ./x.json\n")
    assert "\n[training]\nepochs = 10\n" in ran.stdout
