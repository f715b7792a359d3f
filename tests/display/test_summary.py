from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from layerkit.display.summary import print_summary, summary_text
from layerkit.engine.chains import CAPACITY
from layerkit.engine.network import Network
from layerkit.plan.network import NetworkPlan, plan_network
from layerkit.spec.loading import load_spec
from tests.helpers.commands import here
from tests.helpers.specs import small_plan, write_spec

NARROW = 60


def test_repr_is_what_the_command_line_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = here(capsys, "summary", write_spec(tmp_path)).out
    network = Network(plan_of(tmp_path))
    assert repr(network).splitlines()[2:] == printed.splitlines()[3:]
    assert repr(network).startswith(
        "network  3 layers, 51 parameters\ndata     spirals: 90 to train"
    )
    assert re.search(r"dense_2 +dense +units=3 +3 +27\n", repr(network))


def plan_of(directory: Path) -> NetworkPlan:
    return plan_network(load_spec(directory / "tiny.toml"))


def test_the_summary_is_printed_as_text_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    network = Network(small_plan())
    network.summary()
    assert capsys.readouterr().out == f"{network!r}\n"


def test_data_that_stay_in_files_are_told_apart_from_memory() -> None:
    plan = small_plan()
    text = summary_text(replace(plan, info=replace(plan.info, mapped=True)), CAPACITY)
    assert re.search(r"\ndata +1\.\d KiB +blobs: class indices\n", text)
    assert re.search(r"\nfiles +1\.\d KiB +mapped: on disk, not in the total\n", text)
    assert "files" not in summary_text(plan, CAPACITY)


def test_a_terminal_gets_tables_of_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", str(NARROW))
    monkeypatch.setenv("TERM", "dumb")
    print_summary(small_plan(), CAPACITY)
    lines = terminal.getvalue().splitlines()
    assert max(map(len, lines)) <= NARROW
    assert any("dense_2" in line for line in lines)
