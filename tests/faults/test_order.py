"""What no kill can reveal: whether what was written is on the disk when the power fails."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.counts import Counts
from tests.faults.order import order_mistakes
from tests.faults.scenarios import COMMANDS, Scenarios
from tests.faults.tracing import RECORDING, Call, recorded, strace, under
from tests.faults.workshop import ROOT, Workshop
from tests.helpers.commands import environment


@pytest.mark.parametrize("command", COMMANDS)
def test_every_file_is_written_synchronized_renamed_and_its_directory_synchronized(
    command: str, scenarios: dict[str, Scenarios], counts: Counts
) -> None:
    played = scenarios["every 3 steps"].of(command)
    renames = [call for call in played.calls if call.is_rename]
    names = {Path(call.paths[-1]).name for call in renames}
    assert names >= {"manifest.json", "spec.toml", "history.jsonl", "model.safetensors"}
    mistakes = list(order_mistakes(played.calls))
    counts.add("order of calls", command, mistakes, tried=len(renames))
    counts.check()


def test_a_fork_of_the_server_does_what_a_process_of_its_own_does(
    workshop: Workshop, scenarios: dict[str, Scenarios]
) -> None:
    played = scenarios["every 3 steps"].of("run")
    played.prepare()
    recording = workshop.path("strace")
    command = [sys.executable, "-m", "layerkit", *played.arguments]
    subprocess.run(
        [strace(), "-f", "-o", recording, *RECORDING, *command],
        cwd=workshop.directory,
        env=environment(PYTHONPATH=str(ROOT)),
        check=True,
        capture_output=True,
    )
    calls = under(recorded(recording.read_text("utf-8").splitlines()), played.directory)
    found = [(each.name, each.paths) for each in calls]
    assert found == [(each.name, each.paths) for each in played.calls]


def call(name: str, *paths: str) -> Call:
    return Call(name, paths, 0)


RIGHT = (
    call("openat", "/run/a.partial"),
    call("write", "/run/a.partial"),
    call("fsync", "/run/a.partial"),
    call("close", "/run/a.partial"),
    call("rename", "/run/a.partial", "/run/a"),
    call("openat", "/run"),
    call("fsync", "/run"),
)
APPENDED = (
    call("write", "/run/history.jsonl"),
    call("fsync", "/run/history.jsonl"),
    call("rename", "/run/manifest.json.partial", "/run/manifest.json"),
    call("fsync", "/run"),
)


def test_the_right_order_is_no_mistake() -> None:
    assert not list(order_mistakes(RIGHT))
    assert not list(order_mistakes(APPENDED))


@pytest.mark.parametrize(
    ("calls", "mistake"),
    [
        (RIGHT[:2] + RIGHT[3:], "fsync before it is renamed"),
        ((*RIGHT[:2], RIGHT[4], RIGHT[2], *RIGHT[5:]), "fsync before it is renamed"),
        ((*RIGHT[:3], RIGHT[1], *RIGHT[3:]), "fsync before it is renamed"),
        (RIGHT[:5], "fsync of /run"),
        ((*RIGHT[:5], *RIGHT), "fsync of /run"),
        ((RIGHT[0], call("write", "/run/a")), "written under another name"),
        (APPENDED[:1] + APPENDED[2:], "fsync of /run/history.jsonl"),
        (APPENDED[:1], "fsync of /run/history.jsonl"),
    ],
)
def test_any_other_order_is_a_mistake(calls: Sequence[Call], mistake: str) -> None:
    assert any(mistake in each.text for each in order_mistakes(calls))
