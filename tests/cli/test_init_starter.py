from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from layerkit.new_spec.starter import SIZES, TASKS
from tests.helpers.commands import LONGEST, Ran, environment, here

EVERY = [
    *((task, "synthetic", size) for task in TASKS for size in SIZES),
    *(("classification", "mnist", size) for size in SIZES),
]


def started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], task: str, data: str, size: str
) -> Ran:
    options = ["--task", task, "--data", data, "--size", size]
    return here(capsys, "init", *options, "--out", tmp_path / "new.toml")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Return a directory that has a schema already: writing it takes longer than all else."""
    (tmp_path / "spec.schema.json").write_text("{}")
    return tmp_path


@pytest.mark.parametrize(("task", "data", "size"), EVERY)
def test_the_spec_is_valid_without_a_warning_and_trains(
    task: str, data: str, size: str, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = started(directory, capsys, task, data, size)
    assert (ran.code, ran.err) == (0, "")
    spec = directory / "new.toml"
    assert spec.read_text().startswith("#:schema ./spec.schema.json\n")
    validated = here(capsys, "validate", "--strict", spec)
    assert (validated.code, validated.err) == (0, "")
    if size != "small":
        return  # the others have more or wider layers of the same kinds, which takes long
    # MNIST takes long; a few examples show that it works.
    few = ["--set=data.validation=0.99", "--set=data.test=0"] if data == "mnist" else []
    once = here(capsys, "run", spec, "--out", directory / "run", "--set=training.epochs=1", *few)
    assert (once.code, once.err) == (0, "")


@pytest.mark.parametrize("task", TASKS)
def test_the_path_of_an_npz_is_a_placeholder_that_is_explained(
    task: str, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = started(directory, capsys, task, "npz", "small")
    assert ran.code == 0
    assert "Put your data there, then type:\n  layerkit validate " in ran.out
    missing = here(capsys, "validate", directory / "new.toml")
    assert missing.code == 4
    assert f"{directory / 'data.npz'}: expected a data file to read, found" in missing.err

    rng = np.random.default_rng(0)
    targets = {
        "classification": rng.integers(0, 3, 600),
        "binary": rng.integers(0, 2, 600),
        "multi_label": rng.integers(0, 2, (600, 4)).astype(float),
        "regression": rng.normal(size=600),
    }[task]
    inputs = rng.normal(size=(600, 5))
    np.savez(directory / "data.npz", train_inputs=inputs, train_targets=targets)
    assert here(capsys, "validate", "--strict", directory / "new.toml").code == 0
    run = (directory / "new.toml", "--out", directory / "run", "--set=training.epochs=1")
    assert here(capsys, "run", *run).code == 0


def test_there_is_a_schema_beside_the_spec_afterwards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = started(tmp_path, capsys, "binary", "synthetic", "small")
    assert "schema  spec.schema.json beside it, for editors\n" in ran.out
    assert here(capsys, "schema", "--out", tmp_path / "again.json").code == 0
    assert (tmp_path / "spec.schema.json").read_text() == (tmp_path / "again.json").read_text()


def test_the_schema_of_the_repository_is_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    below = tmp_path / "repository" / "specs" / "old"
    below.mkdir(parents=True)
    (tmp_path / "spec.schema.json").write_text("{}")  # another project's
    (tmp_path / "repository" / ".git").mkdir()
    (tmp_path / "repository" / "spec.schema.json").write_text("{}")
    ran = started(below, capsys, "binary", "synthetic", "small")
    assert ran.code == 0
    first = (below / "new.toml").read_text().splitlines()[0]
    assert first == "#:schema ../../spec.schema.json"
    assert [each.name for each in below.iterdir()] == ["new.toml"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "expected --task, --data, --size, as there is no terminal to ask on: such as "),
        (("--task", "binary", "--size", "small"), "expected --data, as there is no terminal"),
        (
            ("--task", "clasification", "--data", "npz", "--size", "small"),
            "expected --task to be classification, binary, multi_label or regression, found "
            "'clasification'",
        ),
        (("--task", "binary", "--data", "csv", "--size", "small"), "layerkit init FILE --target"),
        (("--target", "species"), "--target is about a table: layerkit init FILE --target"),
        (("penguins.csv", "--size", "small"), "--size does not go with FILE, which shows what"),
        (
            ("--task", "binary", "--data", "synthetic", "--size", "small", "--out", "a.json"),
            "expected --out to end in .toml, found a.json",
        ),
    ],
)
def test_a_wrong_call_says_what_to_type(
    arguments: tuple[str, ...],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = here(capsys, "init", *arguments)
    assert (ran.code, ran.out, [*tmp_path.iterdir()]) == (2, "", [])
    assert told in ran.err


def test_a_spec_is_written_over_only_if_asked(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (directory / "new.toml").write_text("mine")
    ran = started(directory, capsys, "binary", "synthetic", "small")
    assert (ran.code, (directory / "new.toml").read_text()) == (4, "mine")
    options = ["--task=binary", "--data=synthetic", "--size=small", "--force"]
    assert here(capsys, "init", *options, "--out", directory / "new.toml").code == 0


def typed(directory: Path, answers: bytes) -> tuple[int, str]:
    """Return exit code and output of ``layerkit init`` in a terminal, for what is typed there."""
    terminal, inside = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "layerkit", "init", "--size", "small"],
        cwd=directory,
        env=environment(),
        stdin=inside,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    os.close(inside)
    try:
        os.write(terminal, answers)
        out, _ = process.communicate(timeout=LONGEST)
    finally:
        process.kill()
        os.close(terminal)
    return process.returncode, out


def test_in_a_terminal_it_asks_until_it_knows(directory: Path) -> None:
    code, out = typed(directory, b"forecast\nbinary\n\n")
    assert code == 0, out
    assert "For a table of your own: layerkit init FILE --target COLUMN" in out
    assert out.count("What is to be predicted? classification, binary, multi_label or") == 2
    assert "expected classification, binary, multi_label or regression\n" in out
    assert "Which data? synthetic, mnist or npz [synthetic]" in out
    assert "How large" not in out  # an option said so
    assert "layerkit run spec.toml --out runs/spec" in out
    assert "binary, synthetic data, a small network" in (directory / "spec.toml").read_text()


def test_the_end_of_what_is_typed_interrupts(directory: Path) -> None:
    code, out = typed(directory, b"\x04")
    assert code == 130
    assert out.splitlines()[-1].endswith("interrupted")
    assert not (directory / "spec.toml").exists()
