from __future__ import annotations

import ast
import sys
from importlib import import_module
from pathlib import Path

import pytest

from layerkit.spec.loading import load_spec
from tests.helpers.commands import here

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.*"))
WITHOUT_FILES = [path for path in SPECS if "data/" not in path.read_text(encoding="utf-8")]
"""Those that mean the same in another directory."""


@pytest.mark.parametrize("path", WITHOUT_FILES, ids=[path.name for path in WITHOUT_FILES])
def test_a_spec_means_the_same_in_the_other_format_and_back(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = load_spec(path)
    for source, name in ((path, "a.json"), (tmp_path / "a.json", "b.toml")):
        ran = here(capsys, "convert", source, tmp_path / name)
        assert ran.code == 0
        assert load_spec(tmp_path / name) == spec
    assert "checkpoints" not in (tmp_path / "b.toml").read_text()  # no defaults are written


def test_nulls_of_json_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '{"layers": [{"type": "tanh", "name": null}], "loss": "mean_squared_error",'
        ' "optimizer": "adam", "training": {"early_stopping": null}}'
    )
    assert here(capsys, "convert", path, tmp_path / "a.toml").code == 0
    assert load_spec(tmp_path / "a.toml") == load_spec(path)


def test_a_file_is_written_over_only_if_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a.json"
    out.write_text("mine")
    ran = here(capsys, "convert", SPECS[0], out)
    assert (ran.code, ran.out, out.read_text()) == (4, "", "mine")
    assert here(capsys, "convert", "--force", SPECS[0], out).code == 0
    assert load_spec(out) == load_spec(SPECS[0])


def test_paths_that_would_lead_elsewhere_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, inside = tmp_path / "a.toml", tmp_path / "inside"
    inside.mkdir()
    path.write_text(
        '# The data are beside the spec.\ndata = { type = "npz", path = "a.npz" }\n'
        'layers = ["tanh"]\nloss = "mean_squared_error"\noptimizer = "adam"\n'
    )
    ran = here(capsys, "convert", path, inside / "a.json")
    assert (ran.code, [*inside.iterdir()]) == (2, [])
    assert "relative paths" in ran.err
    ran = here(capsys, "convert", path, tmp_path / "a.json")
    assert ran.code == 0
    assert ran.err == f"warning: comments in {path} are not converted\n"


def test_a_name_without_a_format_is_a_wrong_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = here(capsys, "convert", SPECS[0], tmp_path / "a.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "expected a name ending in .toml, .json or .py" in ran.err


@pytest.mark.parametrize("path", WITHOUT_FILES, ids=[path.name for path in WITHOUT_FILES])
def test_a_spec_in_python_is_equal_when_imported(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"written_{tmp_path.name}".partition("[")[0]
    assert here(capsys, "convert", path, tmp_path / f"{name}.py").code == 0
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert vars(import_module(name))["spec"] == load_spec(path)
    assert "checkpoints" not in (tmp_path / f"{name}.py").read_text()  # no defaults are written
    tree = ast.parse((tmp_path / f"{name}.py").read_text())
    kinds = [type(each) for each in tree.body[1:]]
    assert {*kinds[:-1]} <= {ast.Import, ast.ImportFrom}
    assert kinds[-1] is ast.Assign


def test_paths_in_a_spec_in_python_start_at_the_module(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        'data = { type = "npz", path = "../data/a.npz" }\n'
        'layers = ["tanh"]\nloss = "mean_squared_error"\noptimizer = "adam"\n'
    )
    assert here(capsys, "convert", path, tmp_path / "a.py").code == 0
    assert 'path=Path(__file__).parent / "../data/a.npz"' in (tmp_path / "a.py").read_text()
    (tmp_path / "inside").mkdir()
    ran = here(capsys, "convert", path, tmp_path / "inside" / "a.py")
    assert (ran.code, [*(tmp_path / "inside").iterdir()]) == (2, [])
    assert "relative paths" in ran.err


@pytest.mark.parametrize(
    ("name", "better"), [("a-b.py", "a_b.py"), ("1.py", "spec_1.py"), ("class.py", "spec_class.py")]
)
def test_a_module_gets_a_name_that_can_be_imported(
    name: str, better: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = here(capsys, "convert", SPECS[0], tmp_path / name)
    assert (ran.code, ran.out, [*tmp_path.iterdir()]) == (2, "", [])
    expected = f"expected a name that Python can import, such as {better}"
    assert " ".join(ran.err.split()).endswith(expected)


def test_a_spec_in_python_is_never_run_to_convert_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.py"
    path.write_text("raise SystemExit(77)\n")
    ran = here(capsys, "convert", path, tmp_path / "a.toml")
    assert (ran.code, ran.out) == (2, "")
    told = " ".join(ran.err.split())
    assert "a spec in Python is a program, and specs are never run" in told
    assert "write lk.to_toml(spec) to a .toml file" in told


def test_the_line_that_tells_editors_the_schema_stays_first_in_the_same_directory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, inside = tmp_path / "a.toml", tmp_path / "inside"
    inside.mkdir()
    path.write_text(
        '#:schema ./s.json\nlayers = ["tanh"]\nloss = "mean_squared_error"\noptimizer = "adam"\n'
    )
    ran = here(capsys, "convert", path, tmp_path / "b.toml")
    assert (ran.code, ran.err) == (0, "")
    assert (tmp_path / "b.toml").read_text().startswith("#:schema ./s.json\nlayers = [")
    ran = here(capsys, "convert", path, inside / "b.toml")
    assert ran.code == 0
    assert "#" not in (inside / "b.toml").read_text()
    assert "are not converted" in ran.err
