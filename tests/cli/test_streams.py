"""Standard output and standard error that are closed, or that nobody reads any more."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TextIO

import pytest

from layerkit.cli import main
from tests.helpers.commands import LONGEST, environment
from tests.helpers.specs import write_spec

COMMANDS = {
    "run SPEC --out OUT": 0,
    "run SPEC --out OUT --quiet": 0,
    "validate SPEC": 0,
    "validate SPEC absent.toml SPEC": 4,
    "summary SPEC": 0,
    "plugins list": 0,
    "plugins list --json": 0,
    "--help": 0,
    "--version": 0,
    "rum": 2,
}


@contextmanager
def unread() -> Generator[TextIO]:
    """Yield a stream to a pipe whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        yield stream


def result(command: str, directory: Path) -> int:
    spec = write_spec(directory)
    names = {"SPEC": str(spec), "OUT": str(directory / "out")}
    code = main([names.get(word, word) for word in command.split()])
    if command.startswith("run"):
        assert (directory / "out" / "model.safetensors").exists()
        assert '"status": "finished"' in (directory / "out" / "manifest.json").read_text()
    return code


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("closed", ["stdout", "stderr", "stdout stderr"])
def test_closed_streams_change_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str, command: str
) -> None:
    for name in closed.split():
        monkeypatch.setattr(sys, name, None)  # as Python does where they are closed
    assert result(command, tmp_path) == COMMANDS[command]
    for name in closed.split():
        assert vars(sys)[name] is None


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_has_gone_changes_nothing_else(tmp_path: Path, command: str) -> None:
    with unread() as out, unread() as err, redirect_stdout(out), redirect_stderr(err):
        assert result(command, tmp_path) == COMMANDS[command]


def test_what_a_plugin_printed_for_a_reader_that_has_gone_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def talks(*_arguments: object, strict: bool) -> int:
        assert not strict
        sys.stdout.write("a plugin that talks")
        return 0

    monkeypatch.setattr("layerkit.cli.validate.validate_specs", talks)
    with unread() as stream, redirect_stdout(stream):
        assert main(["validate", str(write_spec(tmp_path))]) == 0


def test_a_run_whose_reader_wants_one_line_finishes(tmp_path: Path) -> None:
    spec = write_spec(tmp_path)
    command = (
        f"{sys.executable} -m layerkit run {spec} --out out | head -1; echo ${{PIPESTATUS[0]}}"
    )
    ran = subprocess.run(  # noqa: S602
        command,
        shell=True,
        executable="/bin/bash",
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == (f"spec     {spec}\n0\n", "")
    assert '"status": "finished"' in (tmp_path / "out" / "manifest.json").read_text()
