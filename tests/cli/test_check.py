from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from layerkit.cli.check import check_plugins
from layerkit.errors import UsageError
from tests.helpers.plugins import install_plugin

WRONG = """
from typing import Literal

import numpy as np

from layerkit.plugin import Activation, ActivationConfig


class CubeConfig(ActivationConfig):
    type: Literal["cube"] = "cube"


class cube(Activation[CubeConfig]):
    def value(self, x, out):
        print("noise")
        np.power(x, 3, out=out)

    def derivative(self, x, y, out):
        np.multiply(x, 3, out=out)
"""


def test_a_distribution_is_checked_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_plugins("layerkit_relu", as_json=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["component", "checks", "passed", "failed"]
    assert lines[2].split() == ["layer", "'relu'", "on", "(6,)", "35", "35", "0"]
    assert lines[-1] == "84 checks, 0 failed"


def test_a_component_is_checked_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_plugins("initializer:zeros", as_json=True) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["component"], found["failures"]) == ("initializer", "zeros", [])
    assert found["checks"] > 5


def test_what_needs_files_is_said_to_be_unchecked(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_plugins("csv", as_json=False) == 0
    text = capsys.readouterr().out
    assert "the example of its options has no data" in text
    assert text.endswith("0 checks, 0 failed; 1 not checked\n")


def test_a_wrong_component_fails_with_the_code_of_plugins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    registry = install_plugin(tmp_path, WRONG, layers="cube")
    assert check_plugins("cube", as_json=False, registry=registry) == 5
    text = capsys.readouterr().out
    assert "input_gradient: layer 'cube' on (6,): " in text
    assert "noise" not in text


def test_an_unknown_name_is_a_mistake_of_the_call() -> None:
    with pytest.raises(UsageError, match="no component 'reluu' is installed"):
        check_plugins("reluu", as_json=False)
