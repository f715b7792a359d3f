from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from tests.helpers.commands import finished, here, in_process, start


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_verb_and_exit_code(
    capsys: pytest.CaptureFixture[str], option: str
) -> None:
    ran = here(capsys, option)
    assert ran.code == 0
    for verb in ("run", "validate", "summary", "plugins"):
        assert f"\n  {verb} " in ran.out
    assert "6 training" in ran.out


@pytest.mark.parametrize(
    "verb", [["run"], ["validate"], ["summary"], ["plugins"], ["plugins", "list"]]
)
def test_every_verb_has_help(capsys: pytest.CaptureFixture[str], verb: list[str]) -> None:
    ran = here(capsys, *verb, "-h")
    assert ran.code == 0
    assert f" {' '.join(verb)} [OPTIONS]" in ran.out.splitlines()[0]


def test_without_a_verb_help_is_shown_and_the_call_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ran = here(capsys)
    assert ran.code == 2
    assert "Usage: " in ran.err


def test_an_unknown_verb_is_answered_with_the_nearest_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ran = here(capsys, "rum")
    assert ran.code == 2
    assert "'run'" in ran.err


def test_the_version_is_that_of_the_distribution(tmp_path: Path) -> None:
    ran = in_process("--version", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, f"layerkit {version('layerkit')}\n")


def test_help_waits_for_no_heavy_import(tmp_path: Path) -> None:
    program = """
import sys
from layerkit.cli import main
try:
    main(["--help"])
except SystemExit:
    print(*sorted(sys.modules), sep="\\n")
"""
    ran = finished(start("-c", program, cwd=tmp_path))
    modules = ran.out.splitlines()
    assert "typer" in modules
    heavy = ("numpy", "pydantic", "safetensors", "rich")
    assert not [name for name in modules if name.split(".")[0] in heavy]
    packages = {name.split(".")[1] for name in modules if name.startswith("layerkit.")}
    assert packages == {"cli", "errors"}
