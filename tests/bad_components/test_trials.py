"""What is judged a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_components.case import DATA, PLUGIN
from tests.bad_components.layers import layer
from tests.bad_components.trials import message_mistakes, record_mistakes
from tests.helpers.commands import Ran

CASE = layer("odd", says="no luck")
NAMED = "error: layer 'layer_odd' of bad-layer-odd 1.0 (bad_layer_odd:Bad): no luck\n"


def test_a_message_that_names_the_component_and_its_fault_is_right() -> None:
    assert list(message_mistakes(CASE, Ran(PLUGIN, "", NAMED))) == []
    wrapped = NAMED.replace(" of ", "\nerror: of ")
    assert list(message_mistakes(CASE, Ran(PLUGIN, "", wrapped))) == []


@pytest.mark.parametrize(
    ("ran", "mistake"),
    [
        (Ran(0, "", NAMED), "expected exit code 5, found 0"),
        (Ran(1, "", NAMED), "expected exit code 5, found 1"),
        (Ran(5, "", f"Traceback: \n{NAMED}"), "expected no traceback"),
        (Ran(5, "", f"{NAMED}odd.py:7: RuntimeWarning: overflow"), "expected no warning"),
        (Ran(5, "", NAMED + "x" * 9999), "expected at most 3000 characters"),
        (Ran(5, "", NAMED.replace(" 1.0", "")), "expected a message that names layer"),
        (Ran(5, "", NAMED.replace("layer ", "")), "expected a message that names layer"),
        (Ran(5, "", NAMED.replace("no luck", "no")), "expected 'no luck' in the message"),
        (Ran(5, "", ""), "expected a message that names layer"),
    ],
)
def test_any_other_is_a_mistake(ran: Ran, mistake: str) -> None:
    assert next(message_mistakes(CASE, ran)).startswith(mistake)


def test_silence_is_a_mistake_whatever_the_exit_code() -> None:
    case = layer("silent", codes=DATA)
    assert list(message_mistakes(case, Ran(DATA, "", ""))) == ["expected a message, found none"]


@pytest.mark.parametrize(
    ("code", "manifest", "history", "mistake"),
    [
        (5, '{"status": "finished"}', "", "expected a status that says how the run ended"),
        (0, '{"status": "failed"}', "", "expected a status that says how the run ended"),
        (5, '{"status": "running"}', "", "expected a status that says how the run ended"),
        (0, '{"status": "finished"}', '{"loss": NaN}\n', "expected valid JSON"),
        (0, '{"status": "fini', "", "expected valid JSON"),
    ],
)
def test_files_that_say_something_else_than_the_exit_code_are_a_mistake(
    code: int, manifest: str, history: str, mistake: str, tmp_path: Path
) -> None:
    (found,) = record_mistakes(_recorded(code, manifest, history, tmp_path), tmp_path)
    assert found.startswith(mistake)


@pytest.mark.parametrize(
    ("code", "manifest", "history"),
    [
        (5, '{"status": "PluginError: no luck"}', ""),
        (0, '{"status": "finished"}', '{"epoch": 1}\n'),
    ],
)
def test_files_that_say_how_the_run_ended_are_right(
    code: int, manifest: str, history: str, tmp_path: Path
) -> None:
    assert list(record_mistakes(_recorded(code, manifest, history, tmp_path), tmp_path)) == []


def _recorded(code: int, manifest: str, history: str, directory: Path) -> Ran:
    (directory / "manifest.json").write_text(manifest)
    (directory / "history.jsonl").write_text(history)
    return Ran(code, "", "")


def test_a_run_that_made_no_directory_needs_no_files(tmp_path: Path) -> None:
    assert list(record_mistakes(Ran(5, "", ""), tmp_path)) == []
