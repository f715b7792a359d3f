from __future__ import annotations

import re
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from layerkit.cli import main
from layerkit.cli.app import application
from layerkit.cli.exits import EXIT_CODES
from tests.helpers.commands import finished, here, in_process, start
from tests.helpers.plugins import install
from tests.helpers.terminals import terminal

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_verb(capsys: pytest.CaptureFixture[str], option: str) -> None:
    ran = here(capsys, option)
    assert ran.code == 0
    for verb in ("run", "validate", "summary", "explain", "schema", "plugins"):
        assert f"\n  {verb} " in ran.out


def test_signatures_of_verbs_that_were_not_typed_are_not_read() -> None:
    every = [each.name for each in application(print).registered_commands]
    assert {"run", "validate", "schema"} < {*every}
    for name in every:
        app = application(print, name)
        assert [each.name for each in app.registered_commands] == [name]
        assert app.registered_groups == []
    for other in (None, "--help", "plugins", "walidate"):
        assert [each.name for each in application(print, other).registered_commands] == every


@pytest.mark.parametrize(
    "usage",
    [
        "run [OPTIONS] SPEC",
        "validate [OPTIONS] SPEC...",
        "summary [OPTIONS] SPEC",
        "plugins [OPTIONS] COMMAND [ARGS]...",
        "plugins list [OPTIONS] [WORD...]",
        "plugins show [OPTIONS] NAME",
        "explain [OPTIONS] SPEC [PATH]",
        "schema [OPTIONS]",
        "diff [OPTIONS] SPEC SPEC",
        "convert [OPTIONS] SPEC FILE",
    ],
)
def test_every_verb_has_help_and_a_usage_line(
    capsys: pytest.CaptureFixture[str], usage: str
) -> None:
    verb = usage.partition(" [")[0].split()
    ran = here(capsys, *verb, "-h")
    assert ran.code == 0
    assert ran.out.splitlines()[0].endswith(f" {usage}")


def test_help_and_wrong_calls_wrap_at_words_in_a_narrow_terminal() -> None:
    for arguments in (["--help"], ["run", "--help"], ["validate", "--help"], ["rum"], ["run"]):
        with terminal(40) as screen:
            main(arguments)
        assert screen.lines
        assert max(map(len, screen.lines)) <= 40


def test_a_wrong_call_is_an_error_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    ran = here(capsys, "run")
    assert ran.code == 2
    assert ran.err.startswith("Usage: ")
    assert ran.err.endswith("\n\nerror: Missing argument 'SPEC'.\n")


def test_help_and_documentation_say_the_same_of_exit_codes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = " ".join(here(capsys, "--help").out.split())
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", page, re.MULTILINE)
    assert {int(code): meaning for code, meaning in rows} == EXIT_CODES
    assert "; ".join(f"{code} {meaning}" for code, meaning in rows) in told


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
main(["--help"])
print(*sorted(sys.modules), sep="\\n")
"""
    ran = finished(start("-c", program, cwd=tmp_path))
    modules = ran.out.splitlines()
    assert "typer" in modules
    heavy = ("numpy", "pydantic", "safetensors", "rich")
    assert not [name for name in modules if name.split(".")[0] in heavy]
    packages = {name.split(".")[1] for name in modules if name.startswith("layerkit.")}
    assert packages == {"cli", "errors", "interrupts"}


def test_no_component_is_imported_for_help_nor_one_that_the_spec_does_not_name(
    tmp_path: Path,
) -> None:
    names = [f"many_{number} = many:Many" for number in range(300)]
    install(tmp_path, "many", "\n".join(["[layerkit.layers]", *names]), module="raise OSError")
    shutil.copy(ROOT / "specs" / "blobs.json", tmp_path)
    program = """
import sys
from layerkit.cli import main
plugins = ("layerkit_", "many")
def components():
    return [n for n in sys.modules if n.startswith(plugins) or ".builtin." in n]
main(["--help"])
print("after help:", *components())
main(["validate", "blobs.json"])
print("after validate:", *components())
"""
    ran = finished(start("-c", program, cwd=tmp_path, extra={"PYTHONPATH": str(tmp_path)}))
    lines = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert "after help:" in lines
    assert "blobs.json: ok" in ran.out
    imported = lines[-1].removeprefix("after validate: ").split()
    assert "layerkit.builtin.dense" in imported
    assert "layerkit.builtin.adam" not in imported
    assert not [name for name in imported if not name.startswith("layerkit.builtin.")]
