"""What ``layerkit plugins new`` writes works at the first run, without an edit."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from layerkit.new_plugin.kinds import PLUGIN_KINDS

from .conftest import Written

TRAIN = """
import sys

import layerkit as lk

for path in sys.argv[1:]:
    result = lk.train(lk.load_spec(path))
    assert result.history, path
"""


def code_of(written: Written) -> list[Path]:
    """Return the directories with code of every plugin."""
    return [part.parent for plugin in written.plugins for part in plugin.glob("*/*") if part.suffix]


def test_every_plugin_passes_its_own_tests(written: Written) -> None:
    options = ("-q", "-p", "no:cacheprovider", "-W", "error", "--import-mode=importlib")
    printed = written.output("-m", "pytest", *options, *written.plugins)
    found = re.findall(r"^(\S+): (\d+) checks of 1 component: \2 passed$", printed, re.MULTILINE)
    assert {name for name, _ in found} == {plugin.name for plugin in written.plugins}
    assert len(found) == 2 * len(PLUGIN_KINDS) + 2


def test_mypy_finds_nothing(written: Written) -> None:
    printed = written.output("-m", "mypy", "--strict", *sorted({*code_of(written)}))
    assert f"no issues found in {4 * len(written.plugins)} source files" in printed


def test_pyright_finds_nothing(written: Written) -> None:
    settings = {
        "include": [str(plugin) for plugin in written.plugins],
        "extraPaths": [str(plugin) for plugin in written.plugins],
        "typeCheckingMode": "strict",
        "failOnWarnings": True,
    }
    (written.site / "pyrightconfig.json").write_text(json.dumps(settings))
    printed = written.output("-m", "basedpyright", "--pythonpath", sys.executable)
    assert "0 errors, 0 warnings, 0 notes" in printed


def test_ruff_finds_nothing(written: Written) -> None:
    assert written.output("-m", "ruff", "check", *written.plugins) == "All checks passed!\n"
    packages = [part for part in code_of(written) if part.name != "tests"]
    written.output("-m", "ruff", "check", "--extend-select=D1", "--ignore=D107", *packages)
    written.output("-m", "ruff", "format", "--check", *written.plugins)


def test_every_example_is_a_good_spec_and_trains(written: Written) -> None:
    examples = [plugin / "example.toml" for plugin in written.plugins]
    printed = written.output("-m", "layerkit", "validate", "--strict", *examples)
    assert len(printed.splitlines()) >= len(examples)
    written.output("-c", TRAIN, *examples)


@pytest.mark.parametrize("program", ["pytest", "mypy", "basedpyright"])
def test_the_settings_of_a_plugin_work_in_its_directory(written: Written, program: str) -> None:
    plugin = next(each for each in written.plugins if each.name == "acme-layer")
    printed = written.output("-m", program, cwd=plugin)
    assert re.search("passed|no issues found in 4 source files|0 errors, 0 warnings", printed)
