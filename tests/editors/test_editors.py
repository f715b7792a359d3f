"""Real tools for TOML with the schema: 'make test-editors' installs and runs them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from layerkit.schema.spec_schema import spec_schema
from tests.editors.language_server import LanguageServer

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.toml"))
LINTERS = {"tombi": ["lint", "--offline"], "taplo": ["lint"]}
SCHEMA_LINE = "#:schema ./spec.schema.json\n"
SPEC = """
loss = "mean_squared_error"
optimizer = "adam"
layers = [
    "tanh",
    { type = "dense", units = 3 },
]

[training]
epochs = 3
"""


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: 'make test-editors' does that")
    return found


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "spec.schema.json").write_text(json.dumps(spec_schema()[0]))
    return tmp_path


@pytest.fixture
def tombi(directory: Path) -> Generator[LanguageServer]:
    with LanguageServer([program("tombi"), "lsp", "--offline"], directory) as server:
        yield server


def lint(tool: str, directory: Path) -> tuple[int, str]:
    files = [path.name for path in directory.glob("*.toml")]
    ran = subprocess.run(
        [program(tool), *LINTERS[tool], *files],
        cwd=directory,
        env={"NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout


@pytest.mark.parametrize("tool", LINTERS)
def test_linting_accepts_every_shipped_spec(tool: str, directory: Path) -> None:
    for path in SPECS:
        (directory / path.name).write_text(SCHEMA_LINE + path.read_text())
    code, out = lint(tool, directory)
    assert code == 0, out


@pytest.mark.parametrize("tool", LINTERS)
@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("epochs = 3", "epoch = 3", 11),
        ("epochs = 3", 'epochs = "3"', 11),
        ("units = 3", "units = 3, unit = 3", 7),
        ("units = 3", 'units = "3"', 7),
        ("units = 3", "units = 0", 7),
        ('"tanh"', '"tanhh"', 6),
        ('"tanh"', '{ type = "residual", layers = [{ type = "dense", unit = 3 }] }', 6),
    ],
)
def test_linting_finds_mistakes_at_their_line(
    tool: str, directory: Path, right: str, wrong: str, line: int
) -> None:
    spec = directory / "spec.toml"
    spec.write_text(SCHEMA_LINE + SPEC)
    assert lint(tool, directory)[0] == 0
    assert right in SPEC
    spec.write_text((SCHEMA_LINE + SPEC).replace(right, wrong))
    code, out = lint(tool, directory)
    assert code != 0
    assert f"spec.toml:{line}:" in out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("|\n", {"seed", "layers", "optimizer", "training"}),
        ("[training]\n|\n", {"epochs", "batch_size", "early_stopping"}),
        ("[training]\nbatch_size = |\n", {'"full"'}),
        ("[optimizer]\ntype = |\n", {'"adam"', '"lbfgs"'}),
        ('[optimizer]\ntype = "adam"\n|\n', {"learning_rate", "beta1", "epsilon"}),
        ("layers = [|]\n", {'"tanh"', '"relu"'}),
        ('[[layers]]\ntype = "dense"\nunits = 5\n|\n', {"bias", "weight_initializer"}),
    ],
)
def test_an_editor_completes_keys_and_names(
    tombi: LanguageServer, text: str, expected: set[str]
) -> None:
    assert expected <= {*tombi.completions(f"{SCHEMA_LINE}{text}")}


def test_an_editor_completes_the_keys_of_that_component_alone(tombi: LanguageServer) -> None:
    text = f'{SCHEMA_LINE}[optimizer]\ntype = "adam"\n|\n'
    assert "momentum" not in tombi.completions(text)


def test_an_editor_shows_the_docstring_range_and_default(tombi: LanguageServer) -> None:
    text = f'{SCHEMA_LINE}[optimizer]\ntype = "sgd"\nlearning_rate = 0.1\nmomen|tum = 0.5\n'
    said = tombi.hover(text)
    assert "From 0 to below 1." in said
    assert "Default: `0`" in said
    assert "Exclusive Maximum: `1`" in said
