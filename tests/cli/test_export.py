from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.runs.run import run
from tests.helpers.commands import finished, here, start
from tests.helpers.specs import TINY, small_spec

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "numpy_alone.py"


def test_an_export_says_what_it_wrote_and_the_example_reads_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(small_spec("training.epochs=1", text=TINY), tmp_path / "run")
    out = tmp_path / "network.npz"
    ran = here(capsys, "export", tmp_path / "run", "--out", out)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{out}: 4 arrays, 51 values, ")
    assert ran.out.endswith(" KiB as npz\n")
    predicted = finished(start(EXAMPLE, out, "0.1", "0.2", cwd=tmp_path))
    assert (predicted.code, predicted.err) == (0, "")
    assert predicted.out.startswith("[[0.")


def test_a_file_is_replaced_by_force_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(small_spec("training.epochs=1", text=TINY), tmp_path / "run")
    out = tmp_path / "network"
    out.write_text("")
    options = ("export", tmp_path / "run", "--out", out, "--format", "safetensors")
    ran = here(capsys, *options)
    assert (ran.code, ran.out) == (2, "")
    assert "expected a new file, found one; choose another, or --force" in ran.err
    assert here(capsys, *options, "--force").code == 0
    assert out.stat().st_size > 0
